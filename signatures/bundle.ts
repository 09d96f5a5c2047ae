import { createHash } from "node:crypto";
import { bundleFromJSON, type Bundle } from "@sigstore/bundle";
import { SignatureError } from "./error";
import type { Signed } from "./signed";
import { readSimpleSigning, readStatement } from "./statement";

/** In-toto statements, the only ones that are signed in DSSE envelopes for images. */
const statementType = "application/vnd.in-toto+json";

/**
 * Reads a Sigstore bundle, of any version.
 *
 * @param json What JSON.parse made of it.
 * @param payload What a bundle without envelope signs: cosign's simple-signing payload.
 * @throws SignatureError with the code `unreadable`.
 */
export function readBundle(json: unknown, payload?: Buffer): Signed {
  const bundle = parseBundle(json);
  refusePatterns(bundle);
  if (bundle.content.$case === "messageSignature") {
    if (payload === undefined)
      throw new SignatureError({
        code: "unreadable",
        problem: "has a bundle that signs bytes and no statement of the image",
      });
    const { digest } = bundle.content.messageSignature.messageDigest;
    if (!createHash("sha256").update(payload).digest().equals(digest))
      throw new SignatureError({ code: "unreadable", problem: "has a bundle that is of another payload" });
    return { bundle, payload, claim: readSimpleSigning(payload) };
  }
  const { payloadType, payload: statement } = bundle.content.dsseEnvelope;
  if (payloadType !== statementType)
    throw new SignatureError({
      code: "unreadable",
      problem: "has an envelope with no in-toto statement in it",
    });
  return { bundle, payload: statement, claim: readStatement(statement) };
}

function parseBundle(json: unknown): Bundle {
  try {
    return bundleFromJSON(json);
  } catch (cause) {
    const said = cause instanceof Error ? `: ${cause.message.slice(0, 120)}` : "";
    throw new SignatureError({
      code: "unreadable",
      problem: `has a signature that is no Sigstore bundle${said}`,
      cause,
    });
  }
}

/**
 * @sigstore/verify compiles the name of each signature under a checkpoint as a regular expression: a name like `(.+)+(.+)+$` would
 * keep it busy for ever.
 */
function refusePatterns(bundle: Bundle): void {
  for (const { inclusionProof } of bundle.verificationMaterial.tlogEntries) {
    const note = inclusionProof?.checkpoint?.envelope ?? "";
    for (const [, name = ""] of note.matchAll(/\u2014 (\S+)/g)) {
      if (!/^[\w.:/-]{1,256}$/.test(name))
        throw new SignatureError({
          code: "unreadable",
          problem: "has a log entry whose checkpoint is signed by an impossible name",
        });
    }
  }
}
