import { createPublicKey, X509Certificate, type KeyObject } from "node:crypto";
import type { Bundle } from "@sigstore/bundle";
import * as v from "valibot";
import { certificatesIn } from "./bundle";
import { SignatureError } from "./error";
import { readJson } from "./json";

const der = v.object({ rawBytes: v.string() });
const derOf = v.union([v.object({ x509Certificate: der }), v.object({ publicKey: der })]);

/** What names the signer in each kind of entry: https://github.com/sigstore/rekor/tree/main/pkg/types */
const bodySchema = v.object({
  spec: v.union([
    // hashedrekord 0.0.1, dsse 0.0.1 and intoto 0.0.2: PEM in base64.
    v.pipe(
      v.object({ signature: v.object({ publicKey: v.object({ content: v.string() }) }) }),
      v.transform(({ signature }) => ofPem(signature.publicKey.content)),
    ),
    v.pipe(
      v.object({ signatures: v.tuple([v.object({ verifier: v.string() })]) }),
      v.transform(({ signatures: [{ verifier }] }) => ofPem(verifier)),
    ),
    v.pipe(
      v.object({
        content: v.object({
          envelope: v.object({ signatures: v.tuple([v.object({ publicKey: v.string() })]) }),
        }),
      }),
      v.transform(({ content }) => ofPem(content.envelope.signatures[0].publicKey)),
    ),
    // The same of version 0.0.2 of Rekor 2: DER in base64.
    v.pipe(
      v.object({ hashedRekordV002: v.object({ signature: v.object({ verifier: derOf }) }) }),
      v.transform(({ hashedRekordV002 }) => ofDer(hashedRekordV002.signature.verifier)),
    ),
    v.pipe(
      v.object({ dsseV002: v.object({ signatures: v.tuple([v.object({ verifier: derOf })]) }) }),
      v.transform(({ dsseV002 }) => ofDer(dsseV002.signatures[0].verifier)),
    ),
  ]),
});

/**
 * Checks that the entries of a log name who signed, as the library does not: an entry that names another key, which anybody can make
 * to fit a signature, hides it from whoever watches the log for theirs.
 *
 * @throws SignatureError with the code `log-mismatch`.
 */
export function checkEntries({ verificationMaterial }: Bundle, key: KeyObject): void {
  const { content, tlogEntries } = verificationMaterial;
  const [certificate] = certificatesIn(content);
  const signer = certificate === undefined ? spkiOf(key) : new X509Certificate(certificate.rawBytes).raw;
  for (const { canonicalizedBody } of tlogEntries) {
    if (namedIn(canonicalizedBody)?.equals(signer) === true) continue;
    const problem = "has a log entry that names another signer";
    throw new SignatureError({ code: "log-mismatch", problem });
  }
}

function namedIn(body: Buffer): Buffer | undefined {
  const { spec } = readJson(body, bodySchema, "an entry of a log");
  try {
    return spec();
  } catch {
    return undefined;
  }
}

/** A certificate, or a public key. */
function ofPem(base64: string): () => Buffer {
  return () => {
    const pem = Buffer.from(base64, "base64").toString();
    return pem.includes("-----BEGIN CERTIFICATE-----")
      ? new X509Certificate(pem).raw
      : spkiOf(createPublicKey(pem));
  };
}

function ofDer(verifier: v.InferOutput<typeof derOf>): () => Buffer {
  const { rawBytes } = "publicKey" in verifier ? verifier.publicKey : verifier.x509Certificate;
  return () => Buffer.from(rawBytes, "base64");
}

function spkiOf(key: KeyObject): Buffer {
  return key.export({ type: "spki", format: "der" });
}
