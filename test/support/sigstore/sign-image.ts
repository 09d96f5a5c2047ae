import { sign, type KeyObject, type KeyPairKeyObjectResult } from "node:crypto";
import type { ArtifactLayer } from "../registry";
import { sha256 } from "./sha256";
import { newKeys, type CertifyOptions, type Identity, type LogEntry, type TrustDomain } from "./trust-domain";

export const bundleType = "application/vnd.dev.sigstore.bundle.v0.3+json";
export const simpleSigningType = "application/vnd.dev.cosign.simplesigning.v1+json";
export const envelopeType = "application/vnd.dsse.envelope.v1+json";
export const statementType = "application/vnd.in-toto+json";
export const signPredicate = "https://sigstore.dev/cosign/sign/v1";

/**
 * How it is written down: a Sigstore bundle; a layer of cosign's `.sig` manifest; a layer of its `.att` manifest.
 */
export type Layout = "bundle" | "layer" | "attestation";

/** Where a certificate, a log entry and a timestamp come from. */
export interface Keyless {
  readonly identity: Identity;
  readonly authority: TrustDomain;
  readonly certified?: CertifyOptions;
}

export interface Logged {
  readonly domain: TrustDomain;
  readonly at?: Date;
  /** Of Rekor: the second one has no time of its own, and promises nothing. For bundles. Default: 1. */
  readonly version?: 1 | 2;
  /** Whether the log is told by an entry of the kind intoto 0.0.1, which has no signature in it. For attestations. */
  readonly intoto?: boolean;
  /** What the log is told instead of the signature. */
  readonly signature?: Buffer;
  /** What the log is told instead of what was signed. */
  readonly payload?: Buffer;
  /** Whom the log is told instead of the signer, in PEM. */
  readonly verifier?: string;
}

export interface SignOptions {
  readonly layout: Layout;
  /** `sha256:…` */
  readonly digest: string;
  /** What it says that it is for. */
  readonly repository?: string | undefined;
  /** Instead of what `digest` and `repository` make. */
  readonly payload?: Buffer;
  readonly predicateType?: string;
  readonly predicate?: unknown;
  /** What signs; a new key of one use where a certificate is wanted. */
  readonly key?: KeyPairKeyObjectResult;
  /** What names the key in a bundle. Default: what cosign writes. */
  readonly hint?: string;
  readonly keyless?: Keyless;
  readonly log?: Logged | undefined;
  readonly timestamp?: TrustDomain | undefined;
}

/** What a layer of signatures is made of. */
export type SignatureLayer = ArtifactLayer & {
  readonly bytes: Buffer;
  readonly annotations: Readonly<Record<string, string>>;
};

/** Signs an image as cosign does, with whatever proof is asked for. */
export async function signImage(options: SignOptions): Promise<SignatureLayer> {
  const { layout, keyless, log, key = newKeys() } = options;
  const payload = options.payload ?? payloadOf(options);
  const signature = signBytes(layout === "layer" ? payload : preAuthEncoding(payload), key.privateKey);
  const certificate = await keyless?.authority.certify(key.publicKey, keyless.identity, keyless.certified);
  const usual = layout === "layer" ? hashedRekord : dsse;
  const entry = log?.version === 2 ? hashedRekordV2 : log?.intoto === true ? intoto : usual;
  const verifier = certificate === undefined ? pemOf(key.publicKey) : certificatePem(certificate);
  const logEntry = await log?.domain.log(
    entry(log.payload ?? payload, log.signature ?? signature, log.verifier ?? verifier),
    log.at,
  );
  const timestamp = await options.timestamp?.stamp(signature);
  const proof = { certificate, logEntry, timestamp };
  return layout === "bundle"
    ? bundleLayer(payload, signature, { ...proof, hint: options.hint ?? hintOf(key.publicKey) })
    : cosignLayer(layout, payload, signature, proof);
}

/** What a bundle names a key by. */
export function hintOf(key: KeyObject): string {
  return sha256(key.export({ type: "spki", format: "der" })).toString("base64");
}

export function pemOf(key: KeyObject): string {
  return key.export({ type: "spki", format: "pem" }).toString();
}

export function simpleSigning(digest: string, repository: string): Buffer {
  const critical = {
    identity: { "docker-reference": repository },
    image: { "docker-manifest-digest": digest },
    type: "cosign container image signature",
  };
  return Buffer.from(JSON.stringify({ critical, optional: null }));
}

export function signBytes(bytes: Buffer, key: KeyObject): Buffer {
  return sign(key.asymmetricKeyType === "ed25519" ? null : "sha256", bytes, key);
}

/** https://github.com/secure-systems-lab/dsse/blob/master/protocol.md */
export function preAuthEncoding(payload: Buffer, type = statementType): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${payload.length} `), payload]);
}

interface Proof {
  readonly certificate: Buffer | undefined;
  readonly logEntry: LogEntry | undefined;
  readonly timestamp: Buffer | undefined;
}

function payloadOf({ layout, digest, repository, predicateType, predicate = {} }: SignOptions): Buffer {
  if (layout === "layer") return simpleSigning(digest, repository ?? "example.com/nobody");
  const [algorithm = "", hex = ""] = digest.split(":");
  const statement = {
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: repository, digest: { [algorithm]: hex } }],
    predicateType: predicateType ?? signPredicate,
    predicate,
  };
  return Buffer.from(JSON.stringify(statement));
}

function hashedRekord(payload: Buffer, signature: Buffer, verifier: string): object {
  const publicKey = { content: Buffer.from(verifier).toString("base64") };
  return {
    apiVersion: "0.0.1",
    kind: "hashedrekord",
    spec: {
      data: { hash: { algorithm: "sha256", value: sha256(payload).toString("hex") } },
      signature: { content: signature.toString("base64"), publicKey },
    },
  };
}

/** Of an envelope with a certificate, as cosign 3 has it logged: by the digest of what was signed. */
function hashedRekordV2(payload: Buffer, signature: Buffer, verifier: string): object {
  const x509Certificate = { rawBytes: verifier.replace(/-----[A-Z ]+-----|\n/g, "") };
  const data = { algorithm: "SHA2_256", digest: sha256(preAuthEncoding(payload)).toString("base64") };
  const signed = {
    content: signature.toString("base64"),
    verifier: { keyDetails: "PKIX_ECDSA_P256_SHA_256", x509Certificate },
  };
  return {
    apiVersion: "0.0.2",
    kind: "hashedrekord",
    spec: { hashedRekordV002: { data, signature: signed } },
  };
}

function dsse(payload: Buffer, signature: Buffer, verifier: string): object {
  return {
    apiVersion: "0.0.1",
    kind: "dsse",
    spec: {
      payloadHash: { algorithm: "sha256", value: sha256(payload).toString("hex") },
      signatures: [
        { signature: signature.toString("base64"), verifier: Buffer.from(verifier).toString("base64") },
      ],
    },
  };
}

/** https://github.com/sigstore/rekor/blob/main/pkg/types/intoto/v0.0.1/intoto_v0_0_1_schema.json */
function intoto(payload: Buffer, _: Buffer, verifier: string): object {
  const value = sha256(payload).toString("hex");
  return {
    apiVersion: "0.0.1",
    kind: "intoto",
    spec: {
      content: { hash: { algorithm: "sha256", value }, payloadHash: { algorithm: "sha256", value } },
      publicKey: Buffer.from(verifier).toString("base64"),
    },
  };
}

function bundleLayer(
  payload: Buffer,
  signature: Buffer,
  { certificate, logEntry, timestamp, hint }: Proof & { readonly hint: string },
): SignatureLayer {
  const bundle = {
    mediaType: bundleType,
    verificationMaterial: {
      ...(certificate === undefined
        ? { publicKey: { hint } }
        : { certificate: { rawBytes: certificate.toString("base64") } }),
      tlogEntries: logEntry === undefined ? [] : [bundledEntry(logEntry)],
      timestampVerificationData: {
        rfc3161Timestamps: timestamp === undefined ? [] : [{ signedTimestamp: timestamp.toString("base64") }],
      },
    },
    dsseEnvelope: envelope(payload, signature),
  };
  return { mediaType: bundleType, annotations: {}, bytes: Buffer.from(JSON.stringify(bundle)) };
}

function bundledEntry({ body, integratedTime, logID, logIndex, verification }: LogEntry): object {
  const { inclusionProof, signedEntryTimestamp } = verification;
  const kindVersion = kindOf(body);
  return {
    logIndex: String(logIndex),
    logId: { keyId: Buffer.from(logID, "hex").toString("base64") },
    kindVersion,
    ...(kindVersion.version === "0.0.1" && {
      integratedTime: String(integratedTime),
      inclusionPromise: { signedEntryTimestamp },
    }),
    inclusionProof: {
      logIndex: String(inclusionProof.logIndex),
      treeSize: String(inclusionProof.treeSize),
      rootHash: Buffer.from(inclusionProof.rootHash, "hex").toString("base64"),
      hashes: inclusionProof.hashes.map((hex) => Buffer.from(hex, "hex").toString("base64")),
      checkpoint: { envelope: inclusionProof.checkpoint },
    },
    canonicalizedBody: body,
  };
}

function kindOf(body: string): { readonly kind: string; readonly version: string } {
  const json = Buffer.from(body, "base64").toString();
  return {
    kind: json.includes('"kind":"dsse"') ? "dsse" : "hashedrekord",
    version: json.includes('"apiVersion":"0.0.2"') ? "0.0.2" : "0.0.1",
  };
}

function cosignLayer(
  layout: "layer" | "attestation",
  payload: Buffer,
  signature: Buffer,
  { certificate, logEntry, timestamp }: Proof,
): SignatureLayer {
  const annotations: Record<string, string> = {
    "dev.cosignproject.cosign/signature": layout === "layer" ? signature.toString("base64") : "",
  };
  if (certificate !== undefined) annotations["dev.sigstore.cosign/certificate"] = certificatePem(certificate);
  if (logEntry !== undefined) annotations["dev.sigstore.cosign/bundle"] = JSON.stringify(promiseOf(logEntry));
  if (timestamp !== undefined)
    annotations["dev.sigstore.cosign/rfc3161timestamp"] = JSON.stringify({
      SignedRFC3161Timestamp: timestamp.toString("base64"),
    });
  return layout === "layer"
    ? { mediaType: simpleSigningType, annotations, bytes: payload }
    : {
        mediaType: envelopeType,
        annotations,
        bytes: Buffer.from(JSON.stringify(envelope(payload, signature))),
      };
}

function promiseOf({ body, integratedTime, logID, logIndex, verification }: LogEntry): object {
  return {
    SignedEntryTimestamp: verification.signedEntryTimestamp,
    Payload: { body, integratedTime, logIndex, logID },
  };
}

function envelope(payload: Buffer, signature: Buffer): object {
  return {
    payloadType: statementType,
    payload: payload.toString("base64"),
    signatures: [{ keyid: "", sig: signature.toString("base64") }],
  };
}

function certificatePem(der: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${der.toString("base64")}\n-----END CERTIFICATE-----\n`;
}
