import assert from "node:assert/strict";
import { constants, deflateRawSync, inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { after, before, describe, it } from "mocha";
import { SignatureError, type TrustRule } from "../../signatures";
import { packEvidence, unpackEvidence } from "../../signatures/evidence";
import { hintOf, rootOf, signImage, trustedKeys, type SignOptions } from "../support/sigstore";
import { createTrust, identity, openWorld, trustedIdentity, type World } from "./world";

type Layout = SignOptions["layout"];
const layouts: readonly Layout[] = ["bundle", "layer"];

describe("signatures/evidence", () => {
  let world: World;
  before(async () => {
    world = await openWorld(await createTrust());
    const { scene, key, domain } = world;
    const about = { digest: scene.digest, repository: scene.repository };
    for (const layout of layouts) {
      scene.place([await signImage({ ...about, layout, key })]);
      const keyless = { identity, authority: domain };
      scene.place([await signImage({ ...about, layout, keyless, log: { domain }, timestamp: domain })]);
    }
  });
  after(async () => {
    await world.close();
  });

  const rules: readonly (readonly [string, () => Partial<TrustRule>])[] = [
    ["a key", () => trustedKeys(world.key.publicKey)],
    ["an identity", () => trustedIdentity(identity)],
    ["both", () => ({ ...trustedKeys(world.key.publicKey), ...trustedIdentity(identity), atLeast: 2 })],
  ];
  for (const [who, rule] of rules) {
    it(`proves what it was made of, without a request: ${who}`, async () => {
      const root = rootOf(world.domain);
      const { evidence, ...verified } = await world.scene.verify(rule(), { root });
      assert.ok(evidence !== undefined && evidence.length < 16_384);
      world.scene.registry.clearLog();
      const again = await world.scene.verify(rule(), { root, evidence });
      assert.deepEqual(again, { ...verified, evidence });
      assert.deepEqual(world.scene.registry.log, []);
      const unpacked = unpackEvidence(evidence);
      const repacked = packEvidence(unpacked);
      assert.ok(repacked !== undefined);
      assert.deepEqual(unpackEvidence(repacked), unpacked);
    });
  }

  const useless: readonly (readonly [string, (evidence: string) => string])[] = [
    ["is empty", () => ""],
    ["is no base64", () => "not evidence"],
    ["is no JSON", () => packed("x")],
    ["has another form", () => packed(`{"signed":[],"more":1}`)],
    ["has nothing in it", () => packed(`{"signed":[]}`)],
    ["is cut", (evidence) => evidence.slice(0, evidence.length / 2)],
    ["unpacks to a gigabyte", () => bomb()],
    ["is of another image", (evidence) => evidence],
  ];
  for (const [what, make] of useless) {
    it(`proves nothing where it ${what}: the registry is asked`, async () => {
      const { scene, key } = world;
      const { evidence = "" } = await scene.verify(trustedKeys(key.publicKey));
      const [digest = ""] = what === "is of another image" ? scene.children : [scene.digest];
      scene.registry.clearLog();
      const looked = scene.verify(trustedKeys(key.publicKey), { evidence: make(evidence), digest });
      if (digest === scene.digest) await looked;
      else await assert.rejects(looked, { name: "SignatureError", code: "unsigned" });
      assert.notEqual(scene.registry.log.length, 0);
    });
  }

  it("proves nothing to whom another key is trusted by", async () => {
    const { scene, key, otherKey } = world;
    const { evidence = "" } = await scene.verify(trustedKeys(key.publicKey));
    await assert.rejects(scene.verify(trustedKeys(otherKey.publicKey), { evidence }), {
      name: "SignatureError",
    });
  });

  it("counts one signature once, however often it is in it", async () => {
    const { scene, key, otherKey } = world;
    const { evidence = "" } = await scene.verify(trustedKeys(key.publicKey));
    const {
      signed: [signed],
    } = unpackEvidence(evidence);
    assert.ok(signed !== undefined);
    const thrice = packEvidence({ signed: [signed, signed, signed] });
    assert.ok(thrice !== undefined);
    const rule = { ...trustedKeys(key.publicKey, otherKey.publicKey), atLeast: 2 };
    await assert.rejects(scene.verify(rule, { evidence: thrice }), { code: "too-few-signers" });
  });

  it("is not made where it would be longer than what a lock should hold", () => {
    const noise = fc.sample(fc.uint8Array({ minLength: 80_000, maxLength: 80_000 }), 1)[0] ?? [];
    const {
      signed: [signed],
    } = unpackEvidence(
      packed(
        JSON.stringify({
          signed: [
            {
              bundle: {
                mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
                verificationMaterial: {
                  publicKey: { hint: Buffer.from(noise).toString("base64") },
                  tlogEntries: [],
                },
                dsseEnvelope: {
                  payloadType: "application/vnd.in-toto+json",
                  payload: Buffer.from(
                    JSON.stringify({
                      _type: "https://in-toto.io/Statement/v1",
                      subject: [],
                      predicateType: "x",
                    }),
                  ).toString("base64"),
                  signatures: [{ sig: "AAAA" }],
                },
              },
            },
          ],
        }),
      ),
    );
    assert.ok(signed !== undefined);
    assert.equal(packEvidence({ signed: [signed] }), undefined);
  });

  it("never proves another payload or signer, whatever is changed in it", async () => {
    const { scene, domain } = world;
    const both = { ...trustedKeys(world.key.publicKey), ...trustedIdentity(identity) };
    const root = rootOf(domain);
    const { evidence = "" } = await scene.verify({ ...both, atLeast: 2 }, { root });
    const json = unpacked(evidence);
    const fingerprint = `SHA256:${hintOf(world.key.publicKey)}`;
    scene.registry.fail({ kind: "answer", status: 403, path: "/v2/" });
    try {
      await fc.assert(
        fc.asyncProperty(fc.nat(json.length - 1), fc.integer({ min: 32, max: 126 }), async (at, code) => {
          const changed = packed(json.slice(0, at) + String.fromCharCode(code) + json.slice(at + 1));
          try {
            const { signers } = await scene.verify({ ...both, atLeast: 1 }, { root, evidence: changed });
            for (const signer of signers)
              assert.equal(
                signer.how === "key" ? signer.fingerprint : signer.subject,
                signer.how === "key" ? fingerprint : identity.subject,
              );
          } catch (error) {
            assert.ok(error instanceof SignatureError, String(error));
          }
        }),
        { numRuns: 200 },
      );
    } finally {
      scene.registry.heal();
    }
  });

  it("gives an error of ours or of zlib for any text", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String(), fc.json().map(packed)), (text) => {
        try {
          unpackEvidence(text);
        } catch (error) {
          assert.ok(
            error instanceof SignatureError || (error instanceof Error && "code" in error),
            String(error),
          );
        }
      }),
    );
  });

  it("unpacks to no more than anybody packed", () => {
    const padded = (bytes: number): string =>
      deflateRawSync(Buffer.from(`{"signed":[]${" ".repeat(bytes)}}`)).toString("base64");
    assert.deepEqual(unpackEvidence(padded(1024 * 1024)).signed, []);
    assert.throws(() => unpackEvidence(padded(9 * 1024 * 1024)), { code: "ERR_BUFFER_TOO_LARGE" });
  });
});

function packed(json: string): string {
  return deflateRawSync(json).toString("base64");
}

function unpacked(evidence: string): string {
  return inflateRawSync(Buffer.from(evidence, "base64")).toString();
}

/** A gigabyte of zeros, in a megabyte: the same piece again and again. */
function bomb(): string {
  const piece = deflateRawSync(Buffer.alloc(1024 * 1024), { finishFlush: constants.Z_SYNC_FLUSH });
  const end = deflateRawSync(Buffer.alloc(0));
  return Buffer.concat([...Array.from({ length: 1024 }, () => piece), end]).toString("base64");
}
