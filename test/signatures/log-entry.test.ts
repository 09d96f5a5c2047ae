import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import * as v from "valibot";
import { SignatureError } from "../../signatures";
import { readBundle } from "../../signatures/bundle";
import { checkEntries } from "../../signatures/log-entry";
import { newKeys, pemOf, signImage } from "../support/sigstore";
import { createTrust, identity, type Trust } from "./world";

const digest = `sha256:${"a".repeat(64)}`;
const bundleSchema = v.looseObject({
  verificationMaterial: v.looseObject({
    tlogEntries: v.tuple([v.looseObject({})]),
    certificate: v.exactOptional(v.object({ rawBytes: v.string() })),
  }),
});

const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe("signatures/log-entry", () => {
  let trust: Trust;
  before(async () => {
    trust = await createTrust();
  });

  const forms: readonly (readonly [string, (pem: string) => unknown])[] = [
    ["hashedrekord 0.0.1", (pem) => ({ signature: { publicKey: { content: base64(pem) } } })],
    ["dsse 0.0.1", (pem) => ({ signatures: [{ verifier: base64(pem) }] })],
    ["intoto 0.0.2", (pem) => ({ content: { envelope: { signatures: [{ publicKey: base64(pem) }] } } })],
    ["hashedrekord 0.0.2", (pem) => ({ hashedRekordV002: { signature: { verifier: derOf(pem) } } })],
    ["dsse 0.0.2", (pem) => ({ dsseV002: { signatures: [{ verifier: derOf(pem) }] } })],
  ];

  /** Checks a bundle whose entry says this. */
  async function check(spec: (certificate: string) => unknown, certified: boolean): Promise<void> {
    const { domain, key } = trust;
    const keyless = certified ? { keyless: { identity, authority: domain } } : {};
    const layer = await signImage({ layout: "bundle", digest, key, log: { domain }, ...keyless });
    const bundle = v.parse(bundleSchema, JSON.parse(layer.bytes.toString()));
    const { verificationMaterial: material } = bundle;
    const certificate = `-----BEGIN CERTIFICATE-----\n${material.certificate?.rawBytes ?? ""}\n-----END CERTIFICATE-----\n`;
    const entry = {
      ...material.tlogEntries[0],
      canonicalizedBody: base64(JSON.stringify({ spec: spec(certificate) })),
    };
    const changed = { ...bundle, verificationMaterial: { ...material, tlogEntries: [entry] } };
    checkEntries(readBundle(changed).bundle, key.publicKey);
  }

  for (const [form, specOf] of forms) {
    it(`takes one that names the signer, and no other: ${form}`, async () => {
      const key = pemOf(trust.key.publicKey);
      const other = pemOf(newKeys().publicKey);
      await check(() => specOf(key), false);
      await check(specOf, true);
      await assert.rejects(
        check(() => specOf(other), false),
        { code: "log-mismatch" },
      );
      await assert.rejects(
        check(() => specOf(other), true),
        { code: "log-mismatch" },
      );
      // It is the certificate that says who it is.
      await assert.rejects(
        check(() => specOf(key), true),
        { code: "log-mismatch" },
      );
    });
  }

  for (const [what, spec] of [
    ["nothing", undefined],
    ["no signer", { signature: {} }],
    ["no text", { signature: { publicKey: { content: 1 } } }],
    ["no key", { signature: { publicKey: { content: base64("x") } } }],
    ["two signers", { signatures: [{ verifier: "" }, { verifier: "" }] }],
    ["none of several", { signatures: [] }],
    ["another form", { dsseV003: {} }],
  ] as const) {
    it(`takes none that names ${what}`, async () => {
      await assert.rejects(
        check(() => spec, false),
        (error: unknown) =>
          error instanceof SignatureError && (error.code === "log-mismatch" || error.code === "unreadable"),
      );
    });
  }
});

function derOf(pem: string): object {
  const rawBytes = pem.replaceAll(/-----[A-Z ]+-----|\s/g, "");
  return pem.includes("CERTIFICATE") ? { x509Certificate: { rawBytes } } : { publicKey: { rawBytes } };
}
