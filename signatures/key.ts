import { createHash, createPublicKey, type KeyObject } from "node:crypto";

/** A public key that may sign images. */
export interface TrustedKey {
  readonly key: KeyObject;
  /** `SHA256:` and the SHA-256 of its DER form in base64, as in the `hint` of a Sigstore bundle. */
  readonly fingerprint: string;
}

/** What openssl and cosign write; `EC PUBLIC KEY` and the like never were a standard. */
const publicKeyPem =
  /^-----BEGIN (?:RSA )?PUBLIC KEY-----\n[A-Za-z0-9+/=\n]+-----END (?:RSA )?PUBLIC KEY-----$/;
/** Far more than a key of 16,384 bits. */
const longest = 16 * 1024;
/** Those that cosign makes or takes. */
const kinds: ReadonlySet<string | undefined> = new Set(["ec", "rsa", "ed25519"]);
const leastRsaBits = 2048;

/**
 * Reads a public key.
 *
 * @param pem One key in PEM: `-----BEGIN PUBLIC KEY-----` and so on.
 * @throws TypeError whose message says what the text is instead, without repeating any of it: it may be a private key.
 */
export function parsePublicKey(pem: string): TrustedKey {
  const text = pem.trim().replace(/\r\n/g, "\n");
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) {
    throw new TypeError(
      "is a private key; give the public one, and replace the private one: it has been shown",
    );
  }
  if (text.includes("-----BEGIN CERTIFICATE-----"))
    throw new TypeError("is a certificate; give its public key: openssl x509 -pubkey -noout");
  if (text.length > longest || !publicKeyPem.test(text))
    throw new TypeError("is no public key in PEM; it begins with -----BEGIN PUBLIC KEY-----");
  const key = read(text);
  if (!kinds.has(key.asymmetricKeyType))
    throw new TypeError("is a key of a kind that signs no images; ECDSA, RSA and Ed25519 do");
  const bits = key.asymmetricKeyDetails?.modulusLength;
  if (bits !== undefined && bits < leastRsaBits)
    throw new TypeError(`is an RSA key of ${bits} bits; ${leastRsaBits} are the least`);
  return { key, fingerprint: fingerprintOf(key) };
}

function read(text: string): KeyObject {
  try {
    return createPublicKey(text);
  } catch (cause) {
    throw new TypeError("is no public key that can be read", { cause });
  }
}

/** As {@link TrustedKey.fingerprint} has it. */
export function fingerprintOf(key: KeyObject): string {
  const der = key.export({ type: "spki", format: "der" });
  return `SHA256:${createHash("sha256").update(der).digest("base64")}`;
}
