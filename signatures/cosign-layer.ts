import { createHash } from "node:crypto";
import { X509Certificate } from "node:crypto";
import { BUNDLE_V01_MEDIA_TYPE } from "@sigstore/bundle";
import * as v from "valibot";
import { readBundle } from "./bundle";
import { SignatureError } from "./error";
import { readJson } from "./json";
import type { Signed } from "./signed";

// The signatures that cosign has written since 2021, one layer each: https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md
// and ATTESTATION_SPEC.md. They are turned into bundles, so that one verifier is enough.

/** The payload that a signature in the annotations is of. */
export const simpleSigningType = "application/vnd.dev.cosign.simplesigning.v1+json";
/** An attestation. */
export const envelopeType = "application/vnd.dsse.envelope.v1+json";

const annotations = {
  signature: "dev.cosignproject.cosign/signature",
  certificate: "dev.sigstore.cosign/certificate",
  logEntry: "dev.sigstore.cosign/bundle",
  timestamp: "dev.sigstore.cosign/rfc3161timestamp",
} as const;

/** What Rekor answered: its promise that the entry is in the log. */
const logEntrySchema = v.object({
  SignedEntryTimestamp: v.string(),
  Payload: v.object({
    body: v.string(),
    integratedTime: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    logIndex: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    logID: v.pipe(v.string(), v.regex(/^(?:[0-9a-f]{2})+$/)),
  }),
});
const bodySchema = v.object({ kind: v.string(), apiVersion: v.string() });
const timestampSchema = v.object({ SignedRFC3161Timestamp: v.string() });

/** A layer of a `.sig` or `.att` manifest. */
export interface CosignLayer {
  readonly mediaType: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly content: Buffer;
}

/** @throws SignatureError with the code `unreadable`. */
export function readCosignLayer(layer: CosignLayer): Signed {
  const verificationMaterial = {
    ...certificateOf(layer),
    tlogEntries: logEntriesOf(layer),
    timestampVerificationData: { rfc3161Timestamps: timestampsOf(layer) },
  };
  if (layer.mediaType === envelopeType) {
    const dsseEnvelope = readJson(layer.content, v.record(v.string(), v.unknown()), "a DSSE envelope");
    return readBundle({ mediaType: BUNDLE_V01_MEDIA_TYPE, verificationMaterial, dsseEnvelope });
  }
  const signature = layer.annotations[annotations.signature];
  if (signature === undefined || signature === "")
    throw new SignatureError({ code: "unreadable", problem: "has a payload of cosign without a signature" });
  const digest = createHash("sha256").update(layer.content).digest("base64");
  const messageSignature = { messageDigest: { algorithm: "SHA2_256", digest }, signature };
  return readBundle(
    { mediaType: BUNDLE_V01_MEDIA_TYPE, verificationMaterial, messageSignature },
    layer.content,
  );
}

function certificateOf({ annotations: said }: CosignLayer): object {
  const pem = said[annotations.certificate];
  if (pem === undefined || pem === "") return { publicKey: { hint: "" } };
  try {
    const rawBytes = new X509Certificate(pem).raw.toString("base64");
    return { x509CertificateChain: { certificates: [{ rawBytes }] } };
  } catch (cause) {
    throw new SignatureError({
      code: "unreadable",
      problem: "has a signature with a certificate that cannot be read",
      cause,
    });
  }
}

function logEntriesOf({ annotations: said }: CosignLayer): readonly object[] {
  const text = said[annotations.logEntry];
  if (text === undefined || text === "") return [];
  const entry = readJson(Buffer.from(text), logEntrySchema, "an entry of a log");
  const { body, integratedTime, logIndex, logID } = entry.Payload;
  const { kind, apiVersion } = readJson(Buffer.from(body, "base64"), bodySchema, "an entry of a log");
  return [
    {
      logIndex: String(logIndex),
      logId: { keyId: Buffer.from(logID, "hex").toString("base64") },
      kindVersion: { kind, version: apiVersion },
      integratedTime: String(integratedTime),
      inclusionPromise: { signedEntryTimestamp: entry.SignedEntryTimestamp },
      canonicalizedBody: body,
    },
  ];
}

function timestampsOf({ annotations: said }: CosignLayer): readonly object[] {
  const text = said[annotations.timestamp];
  if (text === undefined || text === "") return [];
  return [
    { signedTimestamp: readJson(Buffer.from(text), timestampSchema, "a timestamp").SignedRFC3161Timestamp },
  ];
}
