import { createHash, verify as verifyBytes, X509Certificate, type KeyObject } from "node:crypto";
import { isBundleWithPublicKey, type Bundle } from "@sigstore/bundle";
import { dsse } from "@sigstore/core";
import {
  toSignedEntity,
  VerificationError,
  Verifier,
  type SignedEntity,
  type Signer as CertifiedSigner,
  type TrustMaterial,
} from "@sigstore/verify";
import { quote } from "../report";
import { certificatesIn } from "./bundle";
import { SignatureError } from "./error";
import type { TrustedKey } from "./key";
import { checkEntries } from "./log-entry";
import type { Signed } from "./signed";
import type { Signer, TrustRule } from "./trust";

/** The authorities and logs, once they are needed. */
export type RootReader = () => Promise<TrustMaterial>;

/**
 * Finds out who of the trusted signed something. Says nothing of what was signed. What a trusted key signed counts as the key's, also
 * where a certificate of the same key stands beside it: whoever has the one key is one signer.
 *
 * @throws SignatureError for a signature that is not good, or not of anybody who is trusted.
 */
export async function checkSigner(
  { bundle, payload }: Signed,
  rule: TrustRule,
  root: RootReader,
): Promise<Signer> {
  const entity = entityOf(bundle, payload);
  const trusted = rule.keys.find(({ key }) => entity.signature.verifySignature(key));
  if (trusted !== undefined) return checkKey(trusted, bundle, entity, rule, root);
  if (isBundleWithPublicKey(bundle)) throw fitsNone(bundle, rule.keys);
  return checkIdentity(bundle, entity, rule, root);
}

async function checkKey(
  { key, fingerprint }: TrustedKey,
  bundle: Bundle,
  entity: SignedEntity,
  { logged }: TrustRule,
  root: RootReader,
): Promise<Signer> {
  if (!logged) return { how: "key", fingerprint };
  if (entity.tlogEntries.length === 0) {
    throw new SignatureError({
      code: "log-missing",
      problem: "is signed by a trusted key, without an entry in a log",
    });
  }
  const material = await root();
  const byKey: SignedEntity = { ...entity, key: { $case: "public-key", hint: "" } };
  run(byKey, { ...material, publicKey: () => ({ publicKey: key, validFor: () => true }) }, 0);
  checkEntries(bundle, key);
  const signedAt = signedAtOf(entity);
  return { how: "key", fingerprint, ...(signedAt === undefined ? {} : { signedAt }) };
}

/** Which of the two or three it is, nobody can tell from a signature alone. */
function fitsNone(bundle: Bundle, keys: readonly TrustedKey[]): SignatureError {
  const { content } = bundle.verificationMaterial;
  const hint = content.$case === "publicKey" ? content.publicKey.hint : "";
  const count = keys.length === 0 ? "no key is trusted" : `${keys.length} trusted`;
  if (hint === "") {
    const problem = `has a signature that none of the trusted keys made (${count}): another key signed, or what it signed was changed${orPrehashed(keys)}`;
    return new SignatureError({ code: "no-key-fits", problem });
  }
  const named = keys.filter(({ fingerprint }) => fingerprint === `SHA256:${hint}`);
  if (named.length > 0) {
    const problem = `has a signature in the name of a trusted key that this key did not make: what it signed was changed${orPrehashed(named)}`;
    return new SignatureError({ code: "bad-signature", problem });
  }
  const problem = `is signed by a key that is not trusted (${count})`;
  return new SignatureError({ code: "untrusted-key", problem });
}

/** cosign 2 and 3 sign with Ed25519 what they have hashed before, and verify without doing so: neither they nor Node.js know such a signature. */
function orPrehashed(keys: readonly TrustedKey[]): string {
  const isPossible = keys.some(({ key }) => key.asymmetricKeyType === "ed25519");
  return isPossible ? ", or it is cosign's of an Ed25519 key (Ed25519ph), which nobody can verify" : "";
}

async function checkIdentity(
  bundle: Bundle,
  entity: SignedEntity,
  rule: TrustRule,
  root: RootReader,
): Promise<Signer> {
  if (rule.identities.length === 0) {
    const problem = "is signed with a certificate, and no identity is trusted";
    throw new SignatureError({ code: "untrusted-identity", problem });
  }
  const material = await root();
  const { identity, key } = run(entity, material, 1);
  checkUsage(bundle);
  checkEntries(bundle, key);
  const subject = identity?.subjectAlternativeName ?? "";
  const issuer = identity?.extensions?.issuer ?? "";
  const signedAt = signedAtOf(entity);
  if (signedAt === undefined)
    throw new SignatureError({
      code: "timestamp-untrusted",
      problem: "is signed at a time that nobody vouches for",
    });
  if (subject === "") {
    const problem = "is signed with a certificate that names neither a mail address nor a URI";
    throw new SignatureError({ code: "untrusted-identity", problem });
  }
  const known = rule.identities.filter((trusted) => trusted.subject.matches(subject));
  if (known.some((trusted) => trusted.issuer === issuer))
    return { how: "identity", subject, issuer, signedAt };
  const [first] = known;
  if (first !== undefined) {
    const problem = `is signed by ${quote(subject)}, whom ${quote(issuer)} vouches for, and not ${first.issuer}`;
    throw new SignatureError({ code: "wrong-issuer", problem });
  }
  const problem = `is signed by ${quote(subject)} (${quote(issuer)}), who is not trusted`;
  throw new SignatureError({ code: "untrusted-identity", problem });
}

const codeSigning = "1.3.6.1.5.5.7.3.3";

/** The library does not ask what an authority made a certificate for: one of a server's is no signer's. */
function checkUsage({ verificationMaterial: { content } }: Bundle): void {
  const [certificate] = certificatesIn(content);
  if (certificate !== undefined && usagesOf(certificate.rawBytes).includes(codeSigning)) return;
  const problem = "is signed with a certificate that is not for signing";
  throw new SignatureError({ code: "certificate-untrusted", problem });
}

function usagesOf(certificate: Buffer): readonly string[] {
  try {
    // Undefined for a certificate that says nothing of it, whatever the types say.
    return [new X509Certificate(certificate).keyUsage].flat();
  } catch {
    return [];
  }
}

/** Certificates need a time that somebody vouches for, a log of signatures, and a log of certificates; keys what there is. */
function run(entity: SignedEntity, material: TrustMaterial, threshold: 0 | 1): CertifiedSigner {
  try {
    const thresholds = { tlogThreshold: threshold, timestampThreshold: threshold, ctlogThreshold: threshold };
    return new Verifier(logsOf(material, signedAtOf(entity) ?? new Date()), thresholds).verify(entity);
  } catch (error) {
    throw ofVerifier(error, entity);
  }
}

/**
 * The library asks whether a log was in use where it promised an entry, and not where it proves one: with the key of a retired log
 * anybody could prove what they like. The time is verified together with everything else.
 */
function logsOf(material: TrustMaterial, at: Date): TrustMaterial {
  const tlogs = material.tlogs.filter(({ validFor: { start, end } }) => start <= at && at <= end);
  return { ...material, tlogs };
}

function entityOf(bundle: Bundle, payload: Buffer): SignedEntity {
  let entity: SignedEntity;
  try {
    entity = toSignedEntity(bundle, payload);
  } catch (cause) {
    const problem = "has a signature whose certificate or timestamp cannot be read";
    throw new SignatureError({ code: "unreadable", problem, cause });
  }
  const { signature } = entity;
  const bytes =
    bundle.content.$case === "dsseEnvelope"
      ? dsse.preAuthEncoding(bundle.content.dsseEnvelope.payloadType, payload)
      : payload;
  return {
    ...entity,
    signature: {
      signature: signature.signature,
      compareSignature: (other) => signature.compareSignature(other),
      // The library knows the payload's alone, and Rekor 2 logs an envelope by the digest of what its key signed.
      compareDigest: (digest) => [payload, bytes].some((logged) => isDigestOf(logged, digest)),
      // The library hashes before it verifies, which Ed25519 does not let anybody do.
      verifySignature: (key) => verifies(bytes, key, signature.signature),
    },
  };
}

/** By length: the entry's word for the hash would be one more thing to disagree about. */
const hashOf: ReadonlyMap<number, string> = new Map([
  [32, "sha256"],
  [48, "sha384"],
  [64, "sha512"],
]);

function isDigestOf(bytes: Buffer, digest: Buffer): boolean {
  const hash = hashOf.get(digest.length);
  return hash !== undefined && createHash(hash).update(bytes).digest().equals(digest);
}

function verifies(bytes: Buffer, key: KeyObject, signature: Buffer): boolean {
  return hashesFor(key).some((hash) => {
    try {
      return verifyBytes(hash, bytes, key, signature);
    } catch {
      return false;
    }
  });
}

/** Since 2.4 cosign takes the hash that fits a curve's size, and before it took SHA-256. Ed25519 hashes by itself. */
function hashesFor({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): readonly (string | null)[] {
  if (asymmetricKeyType === "ed25519") return [null];
  switch (asymmetricKeyDetails?.namedCurve) {
    case "secp384r1":
      return ["sha384", "sha256"];
    case "secp521r1":
      return ["sha512", "sha256"];
    default:
      return ["sha256"];
  }
}

/** The earliest time that the log or a timestamp authority vouches for: called once both have been verified. */
function signedAtOf({ timestamps }: SignedEntity): Date | undefined {
  const times = timestamps.flatMap((stamp) => {
    if (stamp.$case === "timestamp-authority") return [stamp.timestamp.signingTime];
    return stamp.tlogEntry.inclusionPromise === undefined
      ? []
      : [new Date(Number(stamp.tlogEntry.integratedTime) * 1000)];
  });
  return times.sort((a, b) => a.getTime() - b.getTime())[0];
}

function ofVerifier(error: unknown, entity: SignedEntity): SignatureError {
  const said = error instanceof Error ? error.message : "";
  const fail = (code: SignatureError["code"], problem: string): SignatureError =>
    new SignatureError({ code, problem, cause: error });
  if (!(error instanceof VerificationError))
    return fail("unreadable", "has a signature that cannot be verified");
  switch (error.code) {
    case "SIGNATURE_ERROR":
      return fail(
        "bad-signature",
        "has a signature that its own certificate's key did not make: what it signed was changed",
      );
    case "CERTIFICATE_ERROR":
      if (said.includes("SCT"))
        return fail(
          "certificate-unlogged",
          "is signed with a certificate that no trusted certificate log knows",
        );
      return isOutOfTime(entity)
        ? fail("certificate-expired", "is signed with a certificate that was not valid at that time")
        : fail("certificate-untrusted", "is signed with a certificate that no trusted authority issued");
    case "TLOG_BODY_ERROR":
      return said.startsWith("unsupported ")
        ? fail(
            "unreadable",
            `has a log entry of a kind that is not read, as older versions of cosign made: ${quote(said)}`,
          )
        : fail("log-mismatch", "has a log entry that is of another signature");
    case "TLOG_ERROR":
      return fail("log-missing", "is signed with a certificate, without an entry in a log");
    case "TLOG_INCLUSION_PROOF_ERROR":
    case "TLOG_INCLUSION_PROMISE_ERROR":
    case "TLOG_MISSING_INCLUSION_ERROR":
      return fail("log-untrusted", "has a log entry that no trusted log vouches for");
    case "TIMESTAMP_ERROR":
      return fail("timestamp-untrusted", "is signed at a time that nobody who is trusted vouches for");
    default:
      return fail("unreadable", "has a signature that cannot be verified");
  }
}

/** Asked once the chain of a certificate is refused: until then nobody has read its dates, which may be no dates. */
function isOutOfTime(entity: SignedEntity): boolean {
  if (entity.key.$case !== "certificate") return false;
  try {
    const at = signedAtOf(entity);
    return at !== undefined && !entity.key.certificate.validForDate(at);
  } catch {
    return false;
  }
}
