import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import { SignatureError } from "../../signatures";
import { readCosignLayer } from "../../signatures/cosign-layer";
import { envelopeType, signImage, type SignatureLayer } from "../support/sigstore";
import { createTrust, identity, type Trust } from "./world";

const digest = `sha256:${"a".repeat(64)}`;
const repository = "ghcr.io/acme/api";
const names = {
  signature: "dev.cosignproject.cosign/signature",
  certificate: "dev.sigstore.cosign/certificate",
  entry: "dev.sigstore.cosign/bundle",
  timestamp: "dev.sigstore.cosign/rfc3161timestamp",
} as const;

describe("signatures/cosign-layer", () => {
  let trust: Trust;
  let layer: SignatureLayer;
  let attestation: SignatureLayer;
  before(async () => {
    trust = await createTrust();
    const { domain, key } = trust;
    const keyless = { identity, authority: domain };
    const about = { digest, repository };
    layer = await signImage({ ...about, layout: "layer", keyless, log: { domain }, timestamp: domain });
    attestation = await signImage({ ...about, layout: "attestation", key });
  });

  function read({ mediaType, annotations, bytes }: SignatureLayer) {
    return readCosignLayer({ mediaType, annotations, content: bytes });
  }

  it("becomes a bundle with all that proves it", () => {
    const { bundle, payload, claim } = read(layer);
    assert.deepEqual(payload, layer.bytes);
    assert.deepEqual(claim, { kind: "signature", subjects: [{ digest, repository }] });
    const { content, tlogEntries, timestampVerificationData } = bundle.verificationMaterial;
    assert.equal(content.$case, "x509CertificateChain");
    assert.equal(tlogEntries[0]?.kindVersion.kind, "hashedrekord");
    assert.equal(timestampVerificationData?.rfc3161Timestamps.length, 1);
  });

  it("becomes a bundle with a key where there is no certificate", () => {
    const { bundle, claim } = read(attestation);
    assert.equal(bundle.verificationMaterial.content.$case, "publicKey");
    assert.equal(bundle.content.$case, "dsseEnvelope");
    assert.deepEqual(claim.subjects, [{ digest, repository }]);
  });

  const entry = (change: (payload: Record<string, unknown>) => object) => (): Record<string, string> => {
    const text = layer.annotations[names.entry] ?? "";
    const { SignedEntryTimestamp, Payload } = JSON.parse(text) as {
      SignedEntryTimestamp: string;
      Payload: Record<string, unknown>;
    };
    return {
      [names.entry]: JSON.stringify({ SignedEntryTimestamp, Payload: { ...Payload, ...change(Payload) } }),
    };
  };
  const is = (name: string, value: string) => () => ({ [name]: value });
  const bad: readonly (readonly [string, () => Record<string, string>, RegExp])[] = [
    ["no signature", is(names.signature, ""), /without a signature/],
    ["a signature that is none", is(names.signature, "%"), /signature is not what it should be/],
    ["a certificate that is none", is(names.certificate, "x"), /certificate that cannot be read/],
    [
      "a private key for a certificate",
      is(names.certificate, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"),
      /certificate that cannot be read/,
    ],
    ["an entry that is no JSON", is(names.entry, "{"), /an entry of a log: it is no JSON/],
    ["an entry that is none", is(names.entry, "{}"), /an entry of a log/],
    ["an entry whose body is none", entry(() => ({ body: "AAAA" })), /an entry of a log: it is no JSON/],
    [
      "an entry whose body is of no kind",
      entry(() => ({ body: Buffer.from("{}").toString("base64") })),
      /an entry of a log/,
    ],
    ["an entry of no log", entry(() => ({ logID: "xyz" })), /logID/],
    ["an entry before time", entry(() => ({ integratedTime: -1 })), /integratedTime/],
    ["an entry at no time", entry(() => ({ integratedTime: 1e300 })), /integratedTime/],
    ["an entry at half an index", entry(() => ({ logIndex: 0.5 })), /logIndex/],
    ["a timestamp that is no JSON", is(names.timestamp, "x"), /a timestamp: it is no JSON/],
    ["a timestamp that is none", is(names.timestamp, "{}"), /a timestamp/],
  ];
  for (const [what, change, says] of bad) {
    it(`is refused with ${what}`, () => {
      assert.throws(
        () => read({ ...layer, annotations: { ...layer.annotations, ...change() } }),
        (error: unknown) => {
          assert.ok(error instanceof SignatureError, String(error));
          assert.equal(error.code, "unreadable");
          assert.match(error.message, says);
          return true;
        },
      );
    });
  }

  for (const content of ["", "{", "[]", "null", `"x"`, "{}", `{"payload":1}`]) {
    it(`is refused where an attestation is ${JSON.stringify(content)}`, () => {
      assert.throws(
        () => readCosignLayer({ mediaType: envelopeType, annotations: {}, content: Buffer.from(content) }),
        (error: unknown) => error instanceof SignatureError && error.code === "unreadable",
      );
    });
  }
});
