import { generateKeyPairSync, type KeyObject, type KeyPairKeyObjectResult } from "node:crypto";
// Not the package's index: that loads nock, which takes over every HTTP request of the process.
import { initializeCA } from "@sigstore/mock/dist/fulcio";
import { initializeTLog } from "@sigstore/mock/dist/rekor";
import { initializeTSA } from "@sigstore/mock/dist/timestamp";
import * as v from "valibot";
import { resigned, swapped } from "./certificate-der";
import { CertificateLog } from "./certificate-log";
import { sha256 } from "./sha256";

/** Whom a certificate is for, and who vouches for it. */
export interface Identity {
  /** A URL. */
  readonly subject: string;
  readonly issuer: string;
}

/** An entry of a log, as Rekor answers it. */
export type LogEntry = v.InferOutput<typeof logEntrySchema>;

const logEntrySchema = v.object({
  body: v.string(),
  integratedTime: v.number(),
  logID: v.string(),
  logIndex: v.number(),
  verification: v.object({
    inclusionProof: v.object({
      logIndex: v.number(),
      treeSize: v.number(),
      checkpoint: v.string(),
      hashes: v.array(v.string()),
      rootHash: v.string(),
    }),
    signedEntryTimestamp: v.string(),
  }),
});

/** Authorities and logs of its own, made of Sigstore's mocks. */
export interface TrustDomain {
  /** What its `trusted_root.json` holds. */
  readonly trustedRoot: object;
  /** A certificate for the next ten minutes, in DER. */
  certify(key: KeyObject, identity: Identity, options?: CertifyOptions): Promise<Buffer>;
  /** Puts an entry into the log, now or at another time. */
  log(entry: object, at?: Date): Promise<LogEntry>;
  /** A timestamp of a signature, in DER. */
  stamp(signature: Buffer): Promise<Buffer>;
}

export interface CertifyOptions {
  /** Whether the certificate log has it. Default: yes. */
  readonly logged?: boolean | undefined;
  /** Whether it is for a server instead of for signing. */
  readonly forServer?: boolean | undefined;
  /** Whether the subject stands in it as the name of a host instead of as a URL. */
  readonly asHost?: boolean | undefined;
}

const logUrl = "https://rekor.example";
const sha256WithDigest = "2.16.840.1.101.3.4.2.1";
const policy = "1.3.6.1.4.1.57264.2";

/** A trust domain that nothing which was signed elsewhere is good in. */
export async function createTrustDomain(): Promise<TrustDomain> {
  const [authorityKeys, certificateLogKeys, logKeys] = [newKeys(), newKeys(), newKeys()];
  const certificateLog = new CertificateLog(certificateLogKeys);
  const authority = await initializeCA(authorityKeys, certificateLog);
  // Has the same key, by which issuers are found.
  const silent = await initializeCA(authorityKeys);
  const ofServers = await initializeCA(authorityKeys, new CertificateLog(certificateLogKeys, forServer));
  const ofHosts = await initializeCA(authorityKeys, new CertificateLog(certificateLogKeys, asHost));
  // The mock writes fractions of a second that nobody can read. Five minutes from now every certificate is good that is made until then.
  const clock = new Date(Math.floor(Date.now() / 1000) * 1000 + 300_000);
  const stamps = await initializeTSA(newKeys(), clock);
  const log = await initializeTLog(logUrl, logKeys);
  return {
    trustedRoot: {
      mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
      tlogs: [trustedLog(logUrl, log.publicKey)],
      certificateAuthorities: [trustedAuthority([authority.rootCertificate])],
      ctlogs: [trustedLog("https://ctfe.example", certificateLog.publicKey)],
      timestampAuthorities: [trustedAuthority([stamps.intCertificate, stamps.rootCertificate])],
    },
    certify: async (key, { subject, issuer }, { logged = true, ...changes } = {}) => {
      const [asked, change] =
        changes.forServer === true
          ? [ofServers, forServer]
          : changes.asHost === true
            ? [ofHosts, asHost]
            : [logged ? authority : silent];
      const certificate = await asked.issueCertificate({
        publicKey: key.export({ type: "spki", format: "der" }),
        subjectAltName: subject,
        extensions: [
          { oid: "1.3.6.1.4.1.57264.1.1", value: issuer, legacy: true },
          { oid: "1.3.6.1.4.1.57264.1.8", value: issuer },
        ],
      });
      return change === undefined ? certificate : resigned(certificate, change, authorityKeys.privateKey);
    },
    log: async (entry, at) => {
      const clocked = at === undefined ? log : await initializeTLog(logUrl, logKeys, at);
      const answer: unknown = await clocked.log(entry);
      const [logged] = Object.values(v.parse(v.record(v.string(), logEntrySchema), answer));
      if (logged === undefined) throw new Error("the log answered without an entry");
      return logged;
    },
    stamp: async (signature) =>
      stamps.timestamp({
        artifactHash: sha256(signature),
        hashAlgorithmOID: sha256WithDigest,
        nonce: 1,
        policyOID: policy,
      }),
  };
}

/** Changes what a certificate is for: 1.3.6.1.5.5.7.3.3 is to sign, 1.3.6.1.5.5.7.3.1 to be a server. */
function forServer(tbs: Buffer): Buffer {
  return swapped(tbs, Buffer.from("06082b06010505070303", "hex"), Buffer.from("06082b06010505070301", "hex"));
}

/** Changes what kind of name the subject is: https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.6 */
function asHost(tbs: Buffer): Buffer {
  const [uniformResourceIdentifier, dnsName] = [0x86, 0x82];
  const changed = Buffer.from(tbs);
  const subjectAltName = tbs.indexOf(Buffer.from("0603551d11", "hex"));
  changed[tbs.indexOf(uniformResourceIdentifier, subjectAltName)] = dnsName;
  return changed;
}

export function newKeys(): KeyPairKeyObjectResult {
  return generateKeyPairSync("ec", { namedCurve: "prime256v1" });
}

function trustedLog(baseUrl: string, publicKey: Buffer): object {
  return {
    baseUrl,
    hashAlgorithm: "SHA2_256",
    publicKey: {
      rawBytes: publicKey.toString("base64"),
      keyDetails: "PKIX_ECDSA_P256_SHA_256",
      validFor: { start: "1970-01-01T00:00:00Z" },
    },
    logId: { keyId: sha256(publicKey).toString("base64") },
  };
}

function trustedAuthority(chain: readonly Buffer[]): object {
  return {
    subject: { organization: "example", commonName: "example" },
    uri: "https://fulcio.example",
    certChain: { certificates: chain.map((der) => ({ rawBytes: der.toString("base64") })) },
    validFor: { start: "1970-01-01T00:00:00Z" },
  };
}
