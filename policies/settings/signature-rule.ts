import * as v from "valibot";
import type { TrustRule } from "../../signatures";
// Not the folder's index, which loads the verifier.
import { parsePublicKey } from "../../signatures/key";
import {
  parseRepositoryPattern,
  parseSubjectPattern,
  parseTextPattern,
  PatternError,
  type ImagePattern,
} from "../patterns";
import { parsed } from "./parsed";

/** Whose signatures an image needs; `unsigned`: nobody's. */
export interface SignatureRule {
  readonly images: readonly ImagePattern[];
  readonly trust: TrustRule | "unsigned";
}

/** More than anybody has, and few enough to be tried one after the other. */
const mostSigners = 100;

const identitySchema = v.strictObject({
  issuer: v.pipe(
    parsed(readIssuer),
    v.description("Who vouches for the identity: https://token.actions.githubusercontent.com"),
  ),
  subject: v.pipe(
    parsed(parseSubjectPattern),
    v.description(`Whom the certificate is for, "*" for any characters: *@example.com`),
  ),
});

const trustEntries = {
  keys: v.pipe(
    v.optional(few(parsed(parsePublicKey, "the text"), "keys"), []),
    v.description("Public keys that may sign, each as the text of its PEM file."),
  ),
  identities: v.pipe(
    v.optional(few(identitySchema, "identities"), []),
    v.description("Whose certificates may sign."),
  ),
  atLeast: v.pipe(
    v.optional(
      v.pipe(
        v.number(),
        v.integer("is no whole number"),
        v.minValue(1, "is less than one signer"),
        v.maxValue(mostSigners, `is more than ${mostSigners} signers`),
      ),
      1,
    ),
    v.description("How many of the keys and identities have to have signed: 1 if left out."),
  ),
  sameRepository: v.pipe(
    v.optional(v.boolean(), false),
    v.description(
      "Whether a signature has to say that it is for the image's own repository; the newer layout of cosign never says.",
    ),
  ),
  logged: v.pipe(
    v.optional(v.boolean(), false),
    v.description(
      "Whether what a key signed needs an entry in the log of the trusted root; what a certificate signed always does.",
    ),
  ),
  provenance: v.optional(
    v.pipe(
      v.strictObject({
        builders: texts("Builders, one of which has to have built it."),
        sources: texts("Repositories, from one of which it has to be built: https://github.com/acme/*"),
        refs: texts("Branches and tags, from one of which it has to be built: refs/heads/main, refs/tags/*"),
      }),
      v.description(
        "What somebody trusted has to have said of where it was built; anything if all is left out.",
      ),
    ),
  ),
};

/** A rule as it is written: who may sign, or that nobody has to. */
export const signatureRuleSchema = v.pipe(
  v.strictObject({
    images: v.pipe(
      v.array(parsed(parseRepositoryPattern)),
      v.minLength(1, "patterns are too few; name one image at least"),
      v.description("The images' names without a tag, as in exceptions: ghcr.io/acme/**"),
    ),
    ...trustEntries,
    unsigned: v.pipe(v.optional(v.boolean(), false), v.description("Says that nobody has to sign these.")),
  }),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }): SignatureRule => {
    const { images, unsigned, ...trust } = value;
    const problem = unsigned ? problemOfUnsigned(trust) : problemOfTrust(trust);
    if (problem === undefined) return { images, trust: unsigned ? "unsigned" : trust };
    addIssue({ received: "the rule", message: problem });
    return NEVER;
  }),
);

function problemOfUnsigned(trust: TrustRule): string | undefined {
  const { keys, identities, atLeast, provenance, sameRepository, logged } = trust;
  const asks = keys.length > 0 || identities.length > 0 || atLeast > 1 || sameRepository || logged;
  return asks || provenance !== undefined
    ? `says "unsigned" and who has to sign; keep the one that counts`
    : undefined;
}

function problemOfTrust({ keys, identities, atLeast }: TrustRule): string | undefined {
  // One pattern of identities can stand for many.
  if (identities.length > 0) return undefined;
  if (keys.length === 0)
    return `names nobody who may sign; give it "keys" or "identities", or write "unsigned": true`;
  const distinct = new Set(keys.map(({ fingerprint }) => fingerprint)).size;
  const has = `${distinct} key${distinct === 1 ? "" : "s"}`;
  return atLeast > distinct ? `demands ${atLeast} signers and has ${has}` : undefined;
}

function few<const TSchema extends v.GenericSchema>(item: TSchema, what: string) {
  return v.pipe(v.array(item), v.maxLength(mostSigners, `${what} are too many; ${mostSigners} are the most`));
}

function texts(description: string) {
  return v.pipe(v.optional(v.array(parsed(parseTextPattern)), []), v.description(description));
}

function readIssuer(text: string): string {
  if (text.includes("*")) throw new PatternError(`has a "*"; an issuer is written in full`);
  if (!/^https?:\/\/[^\s/]\S*$/.test(text))
    throw new PatternError("is no issuer; write its address: https://…");
  return text;
}
