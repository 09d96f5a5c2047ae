import { isAbsolute } from "node:path";
import * as v from "valibot";
import type { ImageReference } from "../../images";
import { PatternError } from "../patterns";
import { parsed } from "./parsed";
import { signatureRuleSchema, type SignatureRule } from "./signature-rule";

/** Where the authorities and logs are named that certificates are verified by. */
export type TrustedRootSetting =
  | { readonly file: string }
  | { readonly tuf: { readonly url?: string | undefined; readonly root?: string | undefined } };

/** Whom image-signed trusts. */
export interface SignatureSettings {
  readonly root: TrustedRootSetting;
  readonly rules: readonly SignatureRule[];
}

/** The rule that counts for an image: the first that fits. */
export function signatureRuleFor(
  { rules }: SignatureSettings,
  reference: ImageReference,
): SignatureRule | undefined {
  return rules.find(({ images }) => images.some(({ matches }) => matches(reference)));
}

const rootSchema = v.pipe(
  v.strictObject({
    file: v.optional(wholePath("A trusted_root.json, by its whole path.")),
    tuf: v.optional(
      v.strictObject({
        url: v.optional(
          v.pipe(
            parsed(readUrl),
            v.description("A repository of The Update Framework; Sigstore's public one if left out."),
          ),
        ),
        root: v.optional(wholePath("The root.json that the repository is trusted by, by its whole path.")),
      }),
    ),
  }),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }): TrustedRootSetting => {
    const { file, tuf } = value;
    if (file === undefined) return { tuf: tuf ?? {} };
    if (tuf === undefined) return { file };
    addIssue({ received: "the root", message: `has "file" and "tuf"; keep the one that counts` });
    return NEVER;
  }),
);

export const signaturesSchema = v.strictObject({
  root: v.pipe(
    v.optional(rootSchema, {}),
    v.description("The authorities and logs behind certificates; Sigstore's public ones if left out."),
  ),
  rules: v.pipe(
    v.optional(v.array(signatureRuleSchema), []),
    v.description("Who has to have signed which images: the first rule that fits an image counts."),
  ),
});

/** Not relative to anything: the folder of a run is that of a program, and its developers must not choose what is trusted. */
function wholePath(description: string) {
  return v.pipe(
    v.string(),
    v.check(isAbsolute, "is no whole path; write it from the root on"),
    v.description(description),
  );
}

function readUrl(text: string): string {
  if (!URL.canParse(text)) throw new PatternError("is no address; write it like https://tuf.example.com");
  const { protocol, hostname } = new URL(text);
  const isLoopback = ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
  if (protocol === "https:" || (protocol === "http:" && isLoopback)) return text;
  throw new PatternError("is no https address");
}
