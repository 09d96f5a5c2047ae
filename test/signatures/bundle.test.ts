import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import { SignatureError } from "../../signatures";
import { readBundle } from "../../signatures/bundle";
import { sha256, signBytes, signImage, simpleSigning } from "../support/sigstore";
import { createTrust, nestedDer, type Trust } from "./world";

const digest = `sha256:${"a".repeat(64)}`;

describe("signatures/bundle", () => {
  let trust: Trust;
  let good: string;
  before(async () => {
    trust = await createTrust();
    const { key, domain } = trust;
    good = (
      await signImage({ layout: "bundle", digest, key, log: { domain }, timestamp: domain })
    ).bytes.toString();
  });

  function refuses(json: string, says: RegExp): void {
    assert.throws(
      () => readBundle(JSON.parse(json)),
      (error: unknown) => {
        assert.ok(error instanceof SignatureError, String(error));
        assert.equal(error.code, "unreadable");
        assert.match(error.message, says);
        return true;
      },
    );
  }

  it("is read", () => {
    assert.equal(readBundle(JSON.parse(good)).claim.kind, "signature");
  });

  const checkpoint = (name: string) => (): string => good.replace("\u2014 rekor.example", `\u2014 ${name}`);
  const repeated = (field: string, count: number) => (): string => {
    const bundle = JSON.stringify(JSON.parse(good));
    const match = new RegExp(`"${field}":\\[(.*?)\\](?=[,}]*(?:"timestamp|"dsse|\\}))`).exec(bundle);
    assert.ok(match?.[1] !== undefined);
    const { 1: entry } = match;
    return bundle.replace(
      match[0],
      () => `"${field}":[${Array.from({ length: count }, () => entry).join(",")}]`,
    );
  };
  const busy = /impossible name|longer than any honest one|more than 8/;
  // Each of these would keep the verifier busy; none of them gets there.
  const costly: readonly (readonly [string, () => string])[] = [
    ["a name that backtracks", checkpoint("(.+)+(.+)+$")],
    ["a name with a class", checkpoint("[a-z]*[a-z]*$")],
    ["a name of 300 characters", checkpoint("a".repeat(300))],
    ["a name with a dash of its own", checkpoint("\u2014x")],
    ["a second name that backtracks", checkpoint(`rekor.example AAAAAA==\\n\u2014 (.+)+$`)],
    [
      "a name that backtracks before the note",
      () => good.replace(`"envelope":"`, `"envelope":"\u2014 (.+)+$ AAAA\\n\\n`),
    ],
    [
      "a tree of four million digits",
      () =>
        good.replace(
          /"envelope":"(.*?)\\n1\\n/,
          (_, origin: string) => `"envelope":"${origin}\\n${"9".repeat(4_000_000)}\\n`,
        ),
    ],
    [
      "an index of a million digits",
      () =>
        good.replace(
          /("inclusionProof":\{"logIndex":)"0"/,
          (_, before: string) => `${before}"${"9".repeat(1_000_000)}"`,
        ),
    ],
    ["nine log entries", repeated("tlogEntries", 9)],
    ["ten thousand log entries", repeated("tlogEntries", 10_000)],
    ["nine timestamps", repeated("rfc3161Timestamps", 9)],
    [
      "a certificate of 3 MB in which 3,000 sequences are nested",
      () =>
        good.replace(
          /"publicKey":\{[^}]*\}/,
          () => `"certificate":{"rawBytes":"${nestedDer(3_000, 3_000_000).toString("base64")}"}`,
        ),
    ],
    [
      "a timestamp of 3 MB in which 3,000 sequences are nested",
      () =>
        good.replace(
          /"signedTimestamp":"[^"]*"/,
          () => `"signedTimestamp":"${nestedDer(3_000, 3_000_000).toString("base64")}"`,
        ),
    ],
  ];
  for (const [what, make] of costly) {
    it(`is refused before it is verified with ${what}`, () => {
      const json = make();
      assert.notEqual(json, good);
      refuses(json, busy);
    });
  }

  it("is read with the names that logs have", () => {
    for (const name of [
      "rekor.sigstore.dev",
      "log2025-1.rekor.sigstore.dev",
      "localhost:3000",
      "example.com/log",
    ])
      readBundle(JSON.parse(checkpoint(name)()));
  });

  const bad: readonly (readonly [string, () => string, RegExp])[] = [
    ["null", () => "null", /is no Sigstore bundle/],
    ["a number", () => "1", /is no Sigstore bundle/],
    ["a list", () => "[]", /is no Sigstore bundle/],
    ["no media type", () => good.replace(`"mediaType"`, `"type"`), /mediaType is not what it should be/],
    ["another media type", () => good.replace("sigstore.bundle", "sigstore.other"), /mediaType/],
    ["no material", () => good.replace(`"verificationMaterial"`, `"material"`), /verificationMaterial/],
    ["no content", () => good.replace(`"dsseEnvelope"`, `"envelope"`), /content/],
    ["no signature", () => good.replace(/"signatures":\[.*?\]/, `"signatures":[]`), /signatures/],
    ["two signatures", () => good.replace(/"signatures":\[(.*?)\]/, `"signatures":[$1,$1]`), /signatures/],
    ["an empty signature", () => good.replace(/"sig":"[^"]*"/, `"sig":""`), /sig is not/],
    ["an empty payload", () => good.replace(/"payload":"[^"]*"/, `"payload":""`), /payload/],
    ["another payload type", () => good.replace("vnd.in-toto+json", "x"), /no in-toto statement/],
    ["an entry without a log", () => good.replace(`"logId"`, `"log"`), /logId/],
    ["an entry without a proof", () => good.replace(`"inclusionProof"`, `"proof"`), /inclusionProof/],
  ];
  for (const [what, make, says] of bad) {
    it(`is refused with ${what}`, () => {
      refuses(make(), says);
    });
  }

  it("quotes what a hostile one says", () => {
    const hostile = {
      mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
      verificationMaterial: { publicKey: { hint: "" } },
      messageSignature: {
        messageDigest: { algorithm: "\u001b[31m\n::error::\u202e", digest: "AAAA" },
        signature: "AAAA",
      },
    };
    assert.throws(
      () => readBundle(hostile),
      (error: unknown) => error instanceof SignatureError && !/[\p{Cc}\p{Cf}]/u.test(error.message),
    );
  });

  describe("that signs bytes", () => {
    const payload = simpleSigning(digest, "ghcr.io/acme/api");
    const bundle = (of: Buffer): object => ({
      mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
      verificationMaterial: { publicKey: { hint: "" }, tlogEntries: [] },
      messageSignature: {
        messageDigest: { algorithm: "SHA2_256", digest: sha256(of).toString("base64") },
        signature: signBytes(of, trust.key.privateKey).toString("base64"),
      },
    });

    it("is read with them", () => {
      assert.equal(readBundle(bundle(payload), payload).claim.subjects[0]?.digest, digest);
    });

    it("is refused without them, and with others", () => {
      refuses(JSON.stringify(bundle(payload)), /no statement of the image/);
      const other = simpleSigning(digest, "ghcr.io/acme/web");
      assert.throws(() => readBundle(bundle(payload), other), /is of another payload/);
    });
  });
});
