import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import { signerName, verifyEvidence, type TrustRule } from "../../signatures";
import { packEvidence, unpackEvidence } from "../../signatures/evidence";
import {
  digestReference,
  noRoot,
  rootOf,
  signImage,
  trustedKeys,
  type SignOptions,
} from "../support/sigstore";
import { content } from "../support/registry";
import { createTrust, identity, openWorld, trustedIdentity, type Trust, type World } from "./world";

type Layout = SignOptions["layout"];

describe("signatures/verify", () => {
  let trust: Trust;
  let world: World;
  const counts: string[] = [];

  before(async () => {
    trust = await createTrust();
  });
  beforeEach(async () => {
    world = await openWorld(trust);
  });
  afterEach(async () => {
    await world.close();
  });
  after(() => {
    if (process.env["SIGNATURE_CASES"] !== undefined) console.log(`\n${counts.join("\n")}`);
  });

  const byKey = (): Partial<TrustRule> => trustedKeys(trust.key.publicKey);

  async function place(layout: Layout, options: Partial<SignOptions> = {}): Promise<void> {
    const { scene } = world;
    const digest = options.digest ?? scene.digest;
    const about = { layout, digest, repository: scene.repository, ...options };
    scene.place([await signImage(about)], digest);
  }

  const signings: readonly (readonly [
    string,
    Layout,
    () => Partial<SignOptions>,
    () => Partial<TrustRule>,
  ])[] = [
    ["a key", "bundle", () => ({ key: trust.key }), byKey],
    ["a key", "layer", () => ({ key: trust.key }), byKey],
    [
      "an identity",
      "bundle",
      () => ({ keyless: { identity, authority: trust.domain }, log: { domain: trust.domain } }),
      () => trustedIdentity(identity),
    ],
    [
      "an identity",
      "layer",
      () => ({ keyless: { identity, authority: trust.domain }, log: { domain: trust.domain } }),
      () => trustedIdentity(identity),
    ],
  ];
  for (const [who, layout, options, rule] of signings) {
    it(`finds ${who} in four requests of a registry without the API, and by evidence in none (${layout})`, async () => {
      const { scene } = world;
      await place(layout, options());
      const root = who === "a key" ? noRoot : rootOf(trust.domain);
      scene.registry.clearLog();
      const { signers, platforms, evidence } = await scene.verify(rule(), { root });
      const asked = scene.registry.log.length;
      assert.equal(signers.length, 1);
      assert.deepEqual(platforms, []);
      assert.equal(asked, 4);
      assert.ok(evidence !== undefined);
      scene.registry.clearLog();
      await scene.verify(rule(), { root, evidence });
      assert.equal(scene.registry.log.length, 0);
      counts.push(`${who}, ${layout}: ${asked} requests, 0 by ${evidence.length} characters of evidence`);
    });
  }

  it("names a signer on one line", async () => {
    await place("bundle", signings[2]?.[2]());
    const { signers } = await world.scene.verify(trustedIdentity(identity), { root: rootOf(trust.domain) });
    assert.deepEqual(signers.map(signerName), [`${identity.subject} (${identity.issuer})`]);
    const [digest = ""] = world.scene.children;
    await place("layer", { digest, key: trust.key });
    const byOne = await world.scene.verify(byKey(), { digest });
    assert.match(byOne.signers.map(signerName).join(), /^key SHA256:[\w+/]{43}=$/);
  });

  describe("an index", () => {
    async function signPlatforms(
      count: number,
      options: Partial<SignOptions> = { key: trust.key },
    ): Promise<void> {
      for (const digest of world.scene.children.slice(0, count)) await place("layer", { digest, ...options });
    }

    it("is verified by its platforms where it is signed by nobody, and again by evidence of the index and of them", async () => {
      await signPlatforms(2);
      const verified = await world.scene.verify(byKey());
      const { signers, platforms, evidence } = verified;
      assert.deepEqual(signers, []);
      assert.deepEqual(
        platforms.map(({ platform }) => platform),
        ["linux/amd64", "linux/arm64"],
      );
      assert.deepEqual(
        platforms.map(({ image }) => image.digest),
        world.scene.children,
      );
      for (const { image, signers: found } of platforms) {
        assert.equal(found.length, 1);
        assert.equal(image.toString(), `${world.scene.repository}@${image.digest}`);
      }
      assert.ok(evidence !== undefined);
      world.scene.registry.clearLog();
      assert.deepEqual(await world.scene.verify(byKey(), { evidence }), verified);
      assert.equal(world.scene.registry.log.length, 0);
    });

    it("is not verified by evidence of its platforms without the index, of one of them, or of another index", async () => {
      await signPlatforms(2);
      const { evidence = "" } = await world.scene.verify(byKey());
      const { signed, index = Buffer.alloc(0) } = unpackEvidence(evidence);
      assert.equal(signed.length, 2);
      const rule = { keys: [], identities: [], atLeast: 1, sameRepository: false, logged: false, ...byKey() };
      const image = digestReference(world.scene.repository, world.scene.digest);
      for (const [what, forged] of [
        ["without the index", packEvidence({ signed })],
        ["one of them", packEvidence({ signed: signed.slice(1), index })],
        [
          "another index",
          packEvidence({ signed, index: Buffer.from(index.toString().replace("amd64", "amd65")) }),
        ],
        ["no index", packEvidence({ signed, index: Buffer.from("no JSON") })],
      ] as const) {
        assert.ok(forged !== undefined);
        assert.equal(await verifyEvidence(image, rule, noRoot, forged), undefined, what);
      }
      assert.ok((await verifyEvidence(image, rule, noRoot, evidence)) !== undefined);
    });

    it("is verified by itself, whoever signed its platforms", async () => {
      await signPlatforms(2, { key: trust.otherKey });
      await place("layer", { key: trust.key });
      assert.deepEqual((await world.scene.verify(byKey())).platforms, []);
    });

    it("is not verified by its platforms where somebody else signed it", async () => {
      await signPlatforms(2);
      await place("bundle", { key: trust.otherKey });
      await assert.rejects(world.scene.verify(byKey()), { code: "untrusted-key" });
    });

    for (const [what, count, options, code] of [
      ["none of them is signed", 0, undefined, "unsigned"],
      ["one of two is signed", 1, undefined, "platform-unsigned"],
      ["somebody else signed them", 2, "other", "no-key-fits"],
    ] as const) {
      it(`is not verified where ${what}`, async () => {
        await signPlatforms(count, options === undefined ? { key: trust.key } : { key: trust.otherKey });
        await assert.rejects(world.scene.verify(byKey()), { name: "SignatureError", code });
      });
    }

    it("is not verified where there is nothing in it that runs", async () => {
      const { registry, repository } = world.scene;
      const platform = { os: "unknown", architecture: "unknown" };
      const [child = ""] = world.scene.children;
      const mediaType = "application/vnd.oci.image.index.v1+json";
      const entry = {
        mediaType: "application/vnd.oci.image.manifest.v1+json",
        digest: child,
        size: 1,
        platform,
      };
      const path = repository.slice(repository.indexOf("/") + 1);
      for (const manifests of [[], [entry]]) {
        const index = content(
          mediaType,
          Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, manifests })),
        );
        registry.pushContent(path, "nothing", index);
        await assert.rejects(world.scene.verify(byKey(), { digest: index.digest }), { code: "unsigned" });
      }
    });

    it("is not verified by the evidence of one of its platforms", async () => {
      await signPlatforms(1);
      const [first = ""] = world.scene.children;
      const { evidence } = await world.scene.verify(byKey(), { digest: first });
      assert.ok(evidence !== undefined);
      await assert.rejects(world.scene.verify(byKey(), { evidence }), { code: "platform-unsigned" });
    });

    it("does not make its platforms verified", async () => {
      await place("layer", { key: trust.key });
      for (const digest of world.scene.children)
        await assert.rejects(world.scene.verify(byKey(), { digest }), { code: "unsigned" });
    });

    for (const [what, code, fault] of [
      [
        "where the registry refuses, nobody knows what is in it",
        "unanswered",
        { kind: "answer", status: 403 },
      ],
      [
        "where it is larger than any honest one, neither",
        "too-large",
        { kind: "huge", bytes: 9 * 1024 * 1024 },
      ],
    ] as const) {
      it(`has to be read: ${what}`, async () => {
        await signPlatforms(2);
        world.scene.registry.fail({ ...fault, path: `/manifests/${world.scene.digest}` });
        await assert.rejects(world.scene.verify(byKey()), { code });
      });
    }
  });
});
