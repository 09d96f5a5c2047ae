import type { ImageReference } from "../images";
// Not the folder's index, which loads the verifier.
import { SignatureError } from "../signatures/error";
import type { ImagePolicy, KnownImage, PolicyFinding } from "./policy";
import { signatureRuleFor } from "./settings";
import { hasDigest } from "./signed";
import { unanswered } from "./unanswered";

const why = {
  refused: "whoever may push to the registry may have put it there, and nobody who is trusted vouches for it",
  unpinned: "what is signed is a digest; a tag may name another image by the time it is pulled",
  unanswered: "an image whose signatures cannot be read may have none",
  nobody: "as long as nobody is trusted, no image is verified",
};

/** Somebody trusted signed the digest, and its provenance says what it must. */
export const imageSigned: ImagePolicy = {
  name: "image-signed",
  description: "Container images must be signed by somebody who is trusted.",
  level: "disabled",
  severity: "critical",
  over: "images",

  check({ path, state }, context) {
    const { signatures } = context.settings;
    if (signatures.rules.length === 0)
      return context.once("image-signed: no rules") ? nobodyIsTrusted : undefined;
    if (!("reference" in state)) return { path, ...found(state), ...notFromARegistry };
    const { text, reference } = state;
    const rule = signatureRuleFor(signatures, reference);
    if (rule === undefined) return { path, found: text, ...withoutRule(reference) };
    if (rule.trust === "unsigned") return undefined;
    if (!hasDigest(reference)) return { path, found: text, ...unpinned(text) };
    return context.signed(reference, rule.trust).then((answer): PolicyFinding | undefined => {
      if (!answer.ok) return { path, found: text, ...unanswered(answer.error, why.unanswered) };
      const { value } = answer;
      return value instanceof SignatureError
        ? { path, found: text, ...refused(value, reference) }
        : undefined;
    });
  },
};

type Complaint = Pick<PolicyFinding, "problem" | "why" | "fix">;

const nobodyIsTrusted: PolicyFinding = {
  path: "settings.signatures",
  problem: "says of no image who has to have signed it, and image-signed is turned on",
  why: why.nobody,
  fix: `add a rule: "signatures": { "rules": [{ "images": ["ghcr.io/acme/**"], "keys": ["-----BEGIN PUBLIC KEY-----…"] }] }`,
};

const notFromARegistry: Complaint = {
  problem: "is no image of a registry, so that nobody can have signed it",
  why: why.refused,
  fix: "deploy an image by its repository and a digest that somebody trusted signed",
};

function unpinned(text: string): Complaint {
  return {
    problem: "has no digest, so that nobody can have signed it",
    why: why.unpinned,
    fix: `pin it to the digest that was signed; "pinned-images digest ${text}" prints the one that the tag has now`,
  };
}

function withoutRule({ registry, repository }: ImageReference): Complaint {
  const name = `${registry}/${repository}`;
  return {
    problem: `comes from ${name}, for which no rule says who has to have signed`,
    why: why.refused,
    fix: `use an image whose signers are known, or let the platform team add a rule: "signatures": { "rules": [{ "images": ["${name}"], … }] }`,
  };
}

function refused(
  { code, message, fix }: SignatureError,
  { registry, repository, digest }: ImageReference,
): Complaint {
  const image = `${registry}/${repository}@${digest ?? ""}`;
  const because = code.startsWith("root-") ? why.unanswered : why.refused;
  return { problem: message, why: because, fix: fix.replaceAll("<image>@<digest>", image) };
}

function found(state: KnownImage["state"]): Pick<PolicyFinding, "found"> {
  return "text" in state ? { found: state.text } : {};
}
