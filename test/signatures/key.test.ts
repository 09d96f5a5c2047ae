import assert from "node:assert/strict";
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { describe, it } from "mocha";
import { parsePublicKey } from "../../signatures";
import { hintOf, pemOf } from "../support/sigstore";

const ec = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const publicPem = pemOf(ec.publicKey);

function privatePem(key: KeyObject, type: "pkcs8" | "sec1" | "pkcs1"): string {
  return key.export({ type, format: "pem" }).toString();
}

describe("signatures/key", () => {
  const good: readonly (readonly [string, string, KeyObject])[] = [
    ["ECDSA", publicPem, ec.publicKey],
    ["RSA", pemOf(rsa.publicKey), rsa.publicKey],
    ["RSA as PKCS #1", rsa.publicKey.export({ type: "pkcs1", format: "pem" }).toString(), rsa.publicKey],
    ["with Windows' line ends", publicPem.replaceAll("\n", "\r\n"), ec.publicKey],
    ["with space around it", `\n  ${publicPem}\n\n`, ec.publicKey],
  ];
  for (const [what, pem, key] of good) {
    it(`reads a key: ${what}`, () => {
      const parsed = parsePublicKey(pem);
      assert.ok(parsed.key.equals(key));
      assert.equal(parsed.fingerprint, `SHA256:${hintOf(key)}`);
    });
  }

  it("reads a key of Ed25519", () => {
    const { publicKey } = generateKeyPairSync("ed25519");
    assert.ok(parsePublicKey(pemOf(publicKey)).key.equals(publicKey));
  });

  const encrypted = ec.privateKey
    .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "secret" })
    .toString();
  const bad: readonly (readonly [string, string, RegExp])[] = [
    ["nothing", "", /^is no public key in PEM/],
    ["a path", "/etc/cosign.pub", /^is no public key in PEM/],
    ["a private key", privatePem(ec.privateKey, "pkcs8"), /^is a private key; .* replace the private one/],
    ["a private key of openssl", privatePem(ec.privateKey, "sec1"), /^is a private key/],
    ["a private key of RSA", privatePem(rsa.privateKey, "pkcs1"), /^is a private key/],
    ["an encrypted private key", encrypted, /^is a private key/],
    [
      "a private key of cosign",
      "-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\nc2VjcmV0\n-----END ENCRYPTED SIGSTORE PRIVATE KEY-----",
      /^is a private key/,
    ],
    [
      "a private key behind a public one",
      publicPem + privatePem(ec.privateKey, "pkcs8"),
      /^is a private key/,
    ],
    [
      "a certificate",
      "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
      /^is a certificate; give its public key/,
    ],
    ["two keys", publicPem + publicPem, /^is no public key in PEM/],
    ["text before it", `key: ${publicPem}`, /^is no public key in PEM/],
    [
      "no key inside",
      "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
      /^is no public key that can be read$/,
    ],
    [
      "20,000 characters",
      `-----BEGIN PUBLIC KEY-----\n${"A".repeat(20_000)}\n-----END PUBLIC KEY-----`,
      /^is no public key in PEM/,
    ],
    [
      "RSA of 1024 bits",
      pemOf(generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey),
      /^is an RSA key of 1024 bits; 2048 are the least$/,
    ],
    ["X25519", pemOf(generateKeyPairSync("x25519").publicKey), /^is a key of a kind that signs no images/],
    [
      "DSA",
      pemOf(generateKeyPairSync("dsa", { modulusLength: 2048, divisorLength: 256 }).publicKey),
      /^is a key of a kind that signs no images/,
    ],
    [
      "RSA-PSS",
      pemOf(generateKeyPairSync("rsa-pss", { modulusLength: 2048 }).publicKey),
      /^is a key of a kind that signs no images/,
    ],
  ];
  for (const [what, text, says] of bad) {
    it(`refuses ${what}, and repeats nothing of it`, () => {
      assert.throws(
        () => parsePublicKey(text),
        (error: unknown) => {
          assert.ok(error instanceof TypeError);
          assert.match(error.message, says);
          const lines = text.split("\n").filter((line) => line.length > 3 && !line.startsWith("-----"));
          const told = `${error.message}${String(error.cause)}`;
          assert.ok(lines.every((line) => !told.includes(line)));
          return true;
        },
      );
    });
  }
});
