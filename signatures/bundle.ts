import { createHash } from "node:crypto";
import { bundleFromJSON, ValidationError, type Bundle } from "@sigstore/bundle";
import { quote } from "../report";
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
  refuseCostly(bundle);
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
    const problem = `has a signature that is no Sigstore bundle${reasonOf(cause)}`;
    throw new SignatureError({ code: "unreadable", problem, cause });
  }
}

function reasonOf(cause: unknown): string {
  if (cause instanceof ValidationError) return `: ${cause.fields.join(", ")} is not what it should be`;
  return cause instanceof Error ? `: ${quote(cause.message)}` : "";
}

/** A signature has one of each, or two where it is put into a second log. */
const mostEntries = 8;
/** In bytes or characters: certificates have a thousand, timestamps with those of their authority seven thousand, checkpoints a few hundred. */
const longestProof = 16 * 1024;

/**
 * Refuses what would keep @sigstore/verify busy: it copies a certificate once for each level that is nested in it, compares every
 * timestamp with every other one, turns the numbers in a checkpoint into integers of any length, and compiles the name of each
 * signature under it as a regular expression, which takes for ever with a name like `(.+)+(.+)+$`.
 */
function refuseCostly({ verificationMaterial }: Bundle): void {
  const { content, tlogEntries, timestampVerificationData } = verificationMaterial;
  const timestamps = timestampVerificationData?.rfc3161Timestamps ?? [];
  if (tlogEntries.length > mostEntries || timestamps.length > mostEntries)
    throw refused(`more than ${mostEntries} log entries or timestamps`);
  if (certificatesIn(content).some(({ rawBytes }) => rawBytes.length > longestProof))
    throw refused("a certificate that is longer than any honest one");
  if (timestamps.some(({ signedTimestamp }) => signedTimestamp.length > longestProof))
    throw refused("a timestamp that is longer than any honest one");
  for (const { inclusionProof } of tlogEntries) {
    const note = inclusionProof?.checkpoint?.envelope ?? "";
    if (note.length > longestProof || (inclusionProof?.logIndex.length ?? 0) > 20)
      throw refused("a log entry whose proof is longer than any honest one");
    for (const [, name = ""] of note.matchAll(/\u2014 (\S+)/g)) {
      if (!/^[\w.:/-]{1,256}$/.test(name))
        throw refused("a log entry whose checkpoint is signed by an impossible name");
    }
  }
}

function refused(what: string): SignatureError {
  return new SignatureError({ code: "unreadable", problem: `has a signature with ${what}` });
}

/** The signer's own certificate first, and the others as they stand; none where a key signed. */
export function certificatesIn(
  content: Bundle["verificationMaterial"]["content"],
): readonly { readonly rawBytes: Buffer }[] {
  if (content.$case === "x509CertificateChain") return content.x509CertificateChain.certificates;
  return content.$case === "certificate" ? [content.certificate] : [];
}
