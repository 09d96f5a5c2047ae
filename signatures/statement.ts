import * as v from "valibot";
import { readJson } from "./json";
import { provenanceOf } from "./provenance";
import type { Provenance } from "./trust";

/** What somebody signed, in our words. True only once the signature has been verified. */
export interface Claim {
  /** `attestation` for what is said of the image and is neither a signature nor a provenance. */
  readonly kind: "signature" | "provenance" | "attestation";
  readonly subjects: readonly Subject[];
  readonly provenance?: Provenance;
}

/** What a claim is about. */
export interface Subject {
  /** `sha256:…` */
  readonly digest: string;
  /** The repository that it was made for, where it says so: `ghcr.io/acme/api`. */
  readonly repository?: string;
}

/** What `cosign sign` writes into a bundle. */
export const signPredicate = "https://sigstore.dev/cosign/sign/v1";
/** Enough for every artifact of one build. */
const maxSubjects = 10_000;

/** https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md; version 0.1 has the same fields. */
const statementSchema = v.object({
  _type: v.picklist(["https://in-toto.io/Statement/v1", "https://in-toto.io/Statement/v0.1"]),
  subject: v.pipe(
    v.array(v.object({ name: v.optional(v.string()), digest: v.record(v.string(), v.string()) })),
    v.maxLength(maxSubjects),
  ),
  predicateType: v.string(),
  predicate: v.optional(v.unknown()),
});

/** https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md#simple-signing */
const simpleSigningSchema = v.object({
  critical: v.object({
    identity: v.object({ "docker-reference": v.string() }),
    image: v.object({ "docker-manifest-digest": v.string() }),
    type: v.literal("cosign container image signature"),
  }),
});

/** @throws SignatureError with the code `unreadable`. */
export function readStatement(payload: Buffer): Claim {
  const { subject, predicateType, predicate } = readJson(payload, statementSchema, "an in-toto statement");
  const subjects = subject.flatMap(({ name, digest }) =>
    Object.entries(digest).map(([algorithm, hex]) => ({
      digest: `${algorithm}:${hex}`,
      ...(name === undefined || name === "" ? {} : { repository: name }),
    })),
  );
  const provenance = provenanceOf(predicateType, predicate);
  return {
    kind:
      predicateType === signPredicate ? "signature" : provenance === undefined ? "attestation" : "provenance",
    subjects,
    ...(provenance === undefined ? {} : { provenance }),
  };
}

/** @throws SignatureError with the code `unreadable`. */
export function readSimpleSigning(payload: Buffer): Claim {
  const { identity, image } = readJson(payload, simpleSigningSchema, "a payload of cosign").critical;
  return {
    kind: "signature",
    subjects: [{ digest: image["docker-manifest-digest"], repository: identity["docker-reference"] }],
  };
}
