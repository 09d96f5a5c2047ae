import assert from "node:assert/strict";
import { generateKeyPairSync, sign, type KeyPairKeyObjectResult } from "node:crypto";
import fc from "fast-check";
import { readFileSync } from "node:fs";
import { before, describe, it } from "mocha";
import * as v from "valibot";
import { parsePublicKey, SignatureError, type TrustRule } from "../../signatures";
import { readBundle } from "../../signatures/bundle";
import { checkSigner } from "../../signatures/check";
import { readCosignLayer } from "../../signatures/cosign-layer";
import type { Signed } from "../../signatures/signed";
import { fixture } from "../support/paths";
import {
  bundleType,
  hintOf,
  newKeys,
  noRoot,
  rootOf,
  signImage,
  simpleSigning,
  simpleSigningType,
  trustedKeys,
  type SignatureLayer,
  type SignOptions,
} from "../support/sigstore";
import { createTrust, edited, identity, trustedIdentity, type Trust } from "./world";

const digest = `sha256:${"a".repeat(64)}`;
const repository = "ghcr.io/acme/api";
const anybody: TrustRule = { keys: [], identities: [], atLeast: 1, sameRepository: false, logged: false };

function read({ mediaType, annotations, bytes }: SignatureLayer): Signed {
  return mediaType === bundleType
    ? readBundle(JSON.parse(bytes.toString()))
    : readCosignLayer({ mediaType, annotations, content: bytes });
}

describe("signatures/check", () => {
  let trust: Trust;
  before(async () => {
    trust = await createTrust();
  });

  const keyless = (): Partial<SignOptions> => ({
    keyless: { identity, authority: trust.domain },
    log: { domain: trust.domain },
  });
  const good: readonly (readonly [
    string,
    SignOptions["layout"],
    () => Partial<SignOptions>,
    () => Partial<TrustRule>,
  ])[] = [
    ["a key, in a bundle", "bundle", () => ({ key: trust.key }), () => trustedKeys(trust.key.publicKey)],
    ["a key, in a layer", "layer", () => ({ key: trust.key }), () => trustedKeys(trust.key.publicKey)],
    [
      "a key, in an attestation",
      "attestation",
      () => ({ key: trust.key }),
      () => trustedKeys(trust.key.publicKey),
    ],
    [
      "a key with a log entry, in a bundle",
      "bundle",
      () => ({ key: trust.key, log: { domain: trust.domain } }),
      () => ({ ...trustedKeys(trust.key.publicKey), logged: true }),
    ],
    [
      "a key with a log entry, in a layer",
      "layer",
      () => ({ key: trust.key, log: { domain: trust.domain } }),
      () => ({ ...trustedKeys(trust.key.publicKey), logged: true }),
    ],
    ["an identity, in a bundle", "bundle", keyless, () => trustedIdentity(identity)],
    ["an identity, in a layer", "layer", keyless, () => trustedIdentity(identity)],
    ["an identity, in an attestation", "attestation", keyless, () => trustedIdentity(identity)],
    [
      "an identity with a timestamp, in a bundle",
      "bundle",
      () => ({ ...keyless(), timestamp: trust.domain }),
      () => trustedIdentity(identity),
    ],
    [
      "an identity with a timestamp, in a layer",
      "layer",
      () => ({ ...keyless(), timestamp: trust.domain }),
      () => trustedIdentity(identity),
    ],
  ];

  for (const [who, layout, options, rule] of good) {
    it(`finds ${who}`, async () => {
      const before = Date.now();
      const layer = await signImage({ layout, digest, repository, ...options() });
      const signer = await checkSigner(read(layer), { ...anybody, ...rule() }, rootOf(trust.domain));
      if (signer.how === "key") assert.equal(signer.fingerprint, `SHA256:${hintOf(trust.key.publicKey)}`);
      else assert.deepEqual([signer.subject, signer.issuer], [identity.subject, identity.issuer]);
      const dated = signer.how === "identity" || rule().logged === true;
      assert.equal(signer.signedAt !== undefined, dated);
      // The log knows whole seconds.
      if (signer.signedAt !== undefined) assert.ok(Math.abs(signer.signedAt.getTime() - before) < 10_000);
    });
  }

  const kinds: readonly (readonly [string, string | null, () => KeyPairKeyObjectResult])[] = [
    ["ECDSA P-256", "sha256", newKeys],
    ["ECDSA P-384", "sha384", () => generateKeyPairSync("ec", { namedCurve: "secp384r1" })],
    ["ECDSA P-384 before cosign 2.4", "sha256", () => generateKeyPairSync("ec", { namedCurve: "secp384r1" })],
    ["ECDSA P-521", "sha512", () => generateKeyPairSync("ec", { namedCurve: "secp521r1" })],
    ["ECDSA P-521 before cosign 2.4", "sha256", () => generateKeyPairSync("ec", { namedCurve: "secp521r1" })],
    ["RSA", "sha256", () => generateKeyPairSync("rsa", { modulusLength: 2048 })],
    ["Ed25519", null, () => generateKeyPairSync("ed25519")],
  ];
  for (const [kind, hash, generate] of kinds) {
    it(`finds a key of ${kind}, and no other of that kind`, async () => {
      const [{ publicKey, privateKey }, other] = [generate(), generate()];
      const bytes = simpleSigning(digest, repository);
      const signature = sign(hash, bytes, privateKey).toString("base64");
      const annotations = { "dev.cosignproject.cosign/signature": signature };
      const signed = read({ mediaType: simpleSigningType, annotations, bytes });
      const both = { ...anybody, ...trustedKeys(other.publicKey, publicKey) };
      assert.deepEqual(await checkSigner(signed, both, noRoot), {
        how: "key",
        fingerprint: `SHA256:${hintOf(publicKey)}`,
      });
      await assert.rejects(checkSigner(signed, { ...anybody, ...trustedKeys(other.publicKey) }, noRoot), {
        code: "no-key-fits",
      });
    });
  }

  it("refuses weak hashes", async () => {
    const bytes = simpleSigning(digest, repository);
    for (const hash of ["sha1", "md5"]) {
      const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
      const annotations = {
        "dev.cosignproject.cosign/signature": sign(hash, bytes, privateKey).toString("base64"),
      };
      const signed = read({ mediaType: simpleSigningType, annotations, bytes });
      await assert.rejects(checkSigner(signed, { ...anybody, ...trustedKeys(publicKey) }, noRoot), {
        code: "no-key-fits",
      });
    }
  });

  // Written by the real ones: such a log has no time of its own, and keeps an envelope by the digest of what was signed, not of its payload.
  describe("that cosign 3 made, logged by Rekor 2", () => {
    const { publicKey, trustedRoot, signatures } = v.parse(
      v.object({
        publicKey: v.string(),
        trustedRoot: v.looseObject({}),
        signatures: v.array(v.object({ digest: v.string(), bundle: v.looseObject({}) })),
      }),
      JSON.parse(readFileSync(fixture("signatures", "cosign-3-rekor-2.json"), "utf8")),
    );
    const [first, second] = signatures;
    assert.ok(first !== undefined && second !== undefined);
    const key = parsePublicKey(publicKey);
    const rule: TrustRule = { ...anybody, keys: [key], logged: true };
    const root = rootOf({ trustedRoot });
    const materialSchema = v.object({
      verificationMaterial: v.looseObject({ tlogEntries: v.array(v.unknown()) }),
    });

    it("is found, with the time of the timestamp", async () => {
      for (const { digest: signed, bundle } of [first, second]) {
        const { claim, ...read } = readBundle(bundle);
        assert.deepEqual([claim.kind, claim.subjects], ["signature", [{ digest: signed }]]);
        const signer = await checkSigner({ claim, ...read }, rule, root);
        assert.ok(signer.how === "key" && signer.fingerprint === key.fingerprint);
        assert.equal(signer.signedAt?.toISOString().slice(0, 10), "2026-11-21");
      }
    });

    it("is refused with the log entry of another signature", async () => {
      const { verificationMaterial: own } = v.parse(materialSchema, first.bundle);
      const { tlogEntries } = v.parse(materialSchema, second.bundle).verificationMaterial;
      const mixed = { ...first.bundle, verificationMaterial: { ...own, tlogEntries } };
      await assert.rejects(checkSigner(readBundle(mixed), rule, root), { code: "log-mismatch" });
    });
  });

  it("finds an identity whose signature Rekor 2 logged", async () => {
    const log = { domain: trust.domain, version: 2 } as const;
    const [rule, root] = [{ ...anybody, ...trustedIdentity(identity) }, rootOf(trust.domain)];
    const options: SignOptions = { layout: "bundle", digest, ...keyless(), log };
    const timed = read(await signImage({ ...options, timestamp: trust.domain }));
    const signer = await checkSigner(timed, rule, root);
    assert.ok(signer.how === "identity" && signer.subject === identity.subject);
    const untimed = read(await signImage(options));
    await assert.rejects(checkSigner(untimed, rule, root), { code: "timestamp-untrusted" });
  });

  // cosign signs so with --certificate, and `cosign verify --key` looks at the key alone, too.
  for (const [layout, logged] of [
    ["layer", false],
    ["layer", true],
    ["bundle", false],
    ["bundle", true],
  ] as const) {
    it(`finds a trusted key whatever certificate stands beside what it signed: ${layout}${logged ? ", logged" : ""}`, async () => {
      const { domain, stranger, key } = trust;
      const by = { keyless: { identity, authority: stranger }, log: { domain } };
      const signed = read(await signImage({ layout, digest, repository, key, ...by }));
      const rule = { ...anybody, ...trustedKeys(key.publicKey), ...trustedIdentity(identity), logged };
      const signer = await checkSigner(signed, rule, rootOf(domain));
      assert.ok(signer.how === "key" && signer.fingerprint === `SHA256:${hintOf(key.publicKey)}`);
      assert.equal(signer.signedAt !== undefined, logged);
    });
  }

  it("does not take a certificate's key for one that is trusted, nor a key for a certificate", async () => {
    const root = rootOf(trust.domain);
    const byCertificate = read(await signImage({ layout: "bundle", digest, ...keyless() }));
    const ofKeys = { ...anybody, ...trustedKeys(trust.key.publicKey) };
    await assert.rejects(checkSigner(byCertificate, ofKeys, root), { code: "untrusted-identity" });
    const byKey = read(
      await signImage({ layout: "bundle", digest, key: trust.key, log: { domain: trust.domain } }),
    );
    const ofIdentities = { ...anybody, ...trustedIdentity(identity) };
    await assert.rejects(checkSigner(byKey, ofIdentities, root), { code: "untrusted-key" });
  });

  it("ends in an error of ours where a certificate's dates are none", async () => {
    const layer = await signImage({ layout: "bundle", digest, ...keyless() });
    const broken = edited(layer, (json) =>
      json.replace(/"rawBytes":"([^"]*)"/, (_, text: string) => {
        const der = Buffer.from(text, "base64");
        // Two dates of 13 characters, one behind the other.
        const at = der.indexOf(Buffer.from("170d", "hex"));
        der.fill("x", at + 2, at + 15).fill("x", at + 17, at + 30);
        return `"rawBytes":"${der.toString("base64")}"`;
      }),
    );
    const looked = checkSigner(
      read(broken),
      { ...anybody, ...trustedIdentity(identity) },
      rootOf(trust.domain),
    );
    await assert.rejects(looked, { name: "SignatureError", code: "certificate-untrusted" });
  });

  describe("by a log that was retired", () => {
    const retired = (end: Date) => {
      const json = JSON.stringify(trust.domain.trustedRoot).replace(
        /("tlogs":\[.*?"validFor":\{)/,
        (start) => `${start}"end":"${end.toISOString()}",`,
      );
      return rootOf({ trustedRoot: v.parse(v.looseObject({}), JSON.parse(json)) });
    };
    const [yesterday, tomorrow] = [-1, 1].map((days) => new Date(Date.now() + days * 86_400_000));
    const proofAlone = (layer: SignatureLayer): SignatureLayer =>
      edited(layer, (json) => json.replace(/"inclusionPromise":\{[^}]*\},/, ""));
    const cases: readonly (readonly [
      string,
      () => Partial<SignOptions>,
      (layer: SignatureLayer) => SignatureLayer,
    ])[] = [
      ["its promise", () => ({ ...keyless(), timestamp: trust.domain }), (layer) => layer],
      ["its proof and a timestamp", () => ({ ...keyless(), timestamp: trust.domain }), proofAlone],
      ["its proof, for a key", () => ({ key: trust.key, log: { domain: trust.domain } }), proofAlone],
    ];
    for (const [what, options, change] of cases) {
      it(`takes nothing that was signed since: ${what}`, async () => {
        const signed = read(change(await signImage({ layout: "bundle", digest, ...options() })));
        const rule = {
          ...anybody,
          ...trustedKeys(trust.key.publicKey),
          ...trustedIdentity(identity),
          logged: true,
        };
        assert.ok(yesterday !== undefined && tomorrow !== undefined);
        await checkSigner(signed, rule, retired(tomorrow));
        await assert.rejects(checkSigner(signed, rule, retired(yesterday)), { code: "log-untrusted" });
      });
    }
  });

  it("takes nothing by a log that is not in use yet", async () => {
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    const json = JSON.stringify(trust.domain.trustedRoot).replace(
      /("tlogs":\[.*?"start":)"[^"]*"/,
      (_, before: string) => `${before}"${tomorrow}"`,
    );
    const root = rootOf({ trustedRoot: v.parse(v.looseObject({}), JSON.parse(json)) });
    const proven = edited(
      await signImage({ layout: "bundle", digest, key: trust.key, log: { domain: trust.domain } }),
      (text) => text.replace(/"inclusionPromise":\{[^}]*\},/, ""),
    );
    const rule = { ...anybody, ...trustedKeys(trust.key.publicKey), logged: true };
    await checkSigner(read(proven), rule, rootOf(trust.domain));
    await assert.rejects(checkSigner(read(proven), rule, root), { code: "log-untrusted" });
  });

  // A proof says that the log has the entry; when, the log says in its promise alone.
  it("takes no time from a log entry without a promise", async () => {
    const [past, end] = [new Date(1_000_000_000_000), new Date(1_100_000_000_000)];
    const json = JSON.stringify(trust.domain.trustedRoot).replace(
      /("tlogs":\[.*?"validFor":\{)/,
      (start) => `${start}"end":"${end.toISOString()}",`,
    );
    const retired = rootOf({ trustedRoot: v.parse(v.looseObject({}), JSON.parse(json)) });
    const backdated = edited(
      await signImage({ layout: "bundle", digest, key: trust.key, log: { domain: trust.domain } }),
      (text) =>
        text
          .replace(/"inclusionPromise":\{[^}]*\},/, "")
          .replace(/"integratedTime":"\d+"/, `"integratedTime":"${past.getTime() / 1000}"`),
    );
    const rule = { ...anybody, ...trustedKeys(trust.key.publicKey), logged: true };
    const signer = await checkSigner(read(backdated), rule, rootOf(trust.domain));
    assert.equal(signer.signedAt, undefined);
    await assert.rejects(checkSigner(read(backdated), rule, retired), { code: "log-untrusted" });
  });

  // The mock's timestamps are five minutes ahead of its log.
  it("tells the earliest time that somebody vouches for", async () => {
    const options: SignOptions = { layout: "bundle", digest, ...keyless(), timestamp: trust.domain };
    const rule = { ...anybody, ...trustedIdentity(identity) };
    const { signedAt } = await checkSigner(read(await signImage(options)), rule, rootOf(trust.domain));
    assert.ok(signedAt !== undefined && signedAt.getTime() < Date.now() + 60_000);
  });

  for (const layout of ["bundle", "layer"] as const) {
    it(`is refused with a log entry of other bytes: ${layout}`, async () => {
      const log = { domain: trust.domain, payload: Buffer.from("other bytes") };
      const signed = read(await signImage({ layout, digest, ...keyless(), log }));
      const rule = { ...anybody, ...trustedIdentity(identity) };
      await assert.rejects(checkSigner(signed, rule, rootOf(trust.domain)), { code: "log-mismatch" });
    });
  }

  it("asks for no root where keys alone are trusted", async () => {
    const signed = read(
      await signImage({ layout: "bundle", digest, key: trust.key, log: { domain: trust.stranger } }),
    );
    const signer = await checkSigner(signed, { ...anybody, ...trustedKeys(trust.key.publicKey) }, noRoot);
    // The log entry was not looked at, so that its time is nobody's word.
    assert.ok(signer.how === "key" && signer.signedAt === undefined);
  });

  describe("whatever is changed", () => {
    const rule = (): TrustRule => ({
      ...anybody,
      ...trustedKeys(trust.key.publicKey),
      ...trustedIdentity(identity),
    });

    /** Verifies what changes make of a good signature: it is as it was, or refused in our words. */
    async function watch(original: SignatureLayer, logged: boolean) {
      const [asked, root] = [{ ...rule(), logged }, rootOf(trust.domain)];
      const before = read(original);
      const who = await checkSigner(before, asked, root);
      return async (change: () => SignatureLayer): Promise<void> => {
        try {
          const after = read(change());
          const signer = await checkSigner(after, asked, root);
          assert.deepEqual(after.payload, before.payload);
          assert.deepEqual({ ...signer, signedAt: undefined }, { ...who, signedAt: undefined });
          // Without its timestamp, a signature has the log's time.
          if (signer.signedAt !== undefined)
            assert.ok(Math.abs(Date.now() - signer.signedAt.getTime()) < 400_000);
        } catch (error) {
          assert.ok(error instanceof SignatureError || error instanceof SyntaxError, String(error));
        }
      };
    }

    for (const [who, layout, options, { logged = false }] of good.map(
      ([who, layout, options]) => [who, layout, options, { logged: who.includes("log entry") }] as const,
    )) {
      it(`in a byte of ${who}`, async () => {
        const layer = await signImage({ layout, digest, repository, ...options() });
        const unmoved = await watch(layer, logged);
        const texts = Object.keys(layer.annotations);
        const where = fc.constantFrom("", ...texts);
        await fc.assert(
          fc.asyncProperty(where, fc.nat(), fc.integer({ min: 1, max: 255 }), async (name, at, by) => {
            const flipped = (bytes: Buffer): Buffer => {
              const copy = Buffer.from(bytes);
              const index = at % Math.max(1, copy.length);
              if (copy.length > 0) copy.writeUInt8(copy.readUInt8(index) ^ by, index);
              return copy;
            };
            await unmoved(() =>
              name === ""
                ? { ...layer, bytes: flipped(layer.bytes) }
                : {
                    ...layer,
                    annotations: {
                      ...layer.annotations,
                      [name]: flipped(Buffer.from(layer.annotations[name] ?? "")).toString(),
                    },
                  },
            );
          }),
          { numRuns: 100 },
        );
      });

      it(`in a byte of anything in base64 of ${who}`, async () => {
        const layer = await signImage({ layout, digest, repository, ...options() });
        const unmoved = await watch(layer, logged);
        const json = JSON.stringify({ bytes: layer.bytes.toString(), annotations: layer.annotations });
        const blocks = [...json.matchAll(/[A-Za-z0-9+/]{32,}={0,2}/g)];
        await fc.assert(
          fc.asyncProperty(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), async (block, at, by) => {
            const match = blocks[block % blocks.length];
            assert.ok(match !== undefined);
            const decoded = Buffer.from(match[0], "base64");
            const index = at % decoded.length;
            decoded.writeUInt8(decoded.readUInt8(index) ^ by, index);
            const end = match.index + match[0].length;
            const text = json.slice(0, match.index) + decoded.toString("base64") + json.slice(end);
            await unmoved(() => ({ ...layer, ...parsedLayer(text) }));
          }),
          { numRuns: 100 },
        );
      });

      if (layout !== "bundle") continue;
      it(`in a field of ${who}`, async () => {
        const layer = await signImage({ layout, digest, repository, ...options() });
        const unmoved = await watch(layer, logged);
        const bundle: unknown = JSON.parse(layer.bytes.toString());
        const paths = pathsIn(bundle);
        const value = fc.oneof(
          fc.constant(undefined),
          fc.constantFrom(null, "", 0, -1, [], {}, "AAAA", "0", "1e9", true, "__proto__"),
          fc.jsonValue({ maxDepth: 1 }),
          fc.nat().map((at) => valueAt(bundle, paths[at % paths.length] ?? [])),
        );
        await fc.assert(
          fc.asyncProperty(fc.nat(), value, async (at, put) => {
            const path = paths[at % paths.length] ?? [];
            const changed = Buffer.from(JSON.stringify([replaced(bundle, path, put)]).slice(1, -1));
            await unmoved(() => ({ ...layer, bytes: changed }));
          }),
          { numRuns: 250 },
        );
      });
    }
  });
});

function parsedLayer(text: string): Pick<SignatureLayer, "bytes" | "annotations"> {
  const { bytes, annotations } = JSON.parse(text) as { bytes: string; annotations: Record<string, string> };
  return { bytes: Buffer.from(bytes), annotations };
}

type Path = readonly string[];

/** Where everything in a JSON value is. */
function pathsIn(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, inner]) => pathsIn(inner, [...path, name]))];
}

function valueAt(value: unknown, [name, ...rest]: Path): unknown {
  if (name === undefined || typeof value !== "object" || value === null) return value;
  return valueAt(new Map<string, unknown>(Object.entries(value)).get(name), rest);
}

function replaced(value: unknown, [name, ...rest]: Path, put: unknown): unknown {
  if (name === undefined) return put;
  if (Array.isArray(value))
    return value.map((inner: unknown, at) => (String(at) === name ? replaced(inner, rest, put) : inner));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]: [string, unknown]) => [
      key,
      key === name ? replaced(inner, rest, put) : inner,
    ]),
  );
}
