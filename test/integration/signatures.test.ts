import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, type KeyPairKeyObjectResult } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { createRegistryClient } from "../../registry";
import {
  parsePublicKey,
  verifyImage,
  type SignatureErrorCode,
  type TrustedKey,
  type TrustRule,
  type Verified,
} from "../../signatures";
import { createCosign, type Cosign, type CosignKeys, type SignatureForm } from "../support/cosign";
import { startDistribution, type DistributionRegistry, type PushedIndex } from "../support/distribution";
import { digestReference, noRoot } from "../support/sigstore";

const forms: readonly SignatureForm[] = ["legacy", "legacy-referrer", "bundle"];
const platforms = ["linux/amd64", "linux/arm64"];
const source = "https://github.com/acme/api";
const ref = "refs/heads/main";
const builder = "https://example.com/builder";

/** What builders say, as `cosign attest --type` takes it. */
const predicates = {
  slsaprovenance: {
    builder: { id: builder },
    buildType: "https://example.com/build",
    invocation: { configSource: { uri: `git+${source}@${ref}` } },
  },
  slsaprovenance1: {
    buildDefinition: {
      buildType: "https://example.com/build",
      externalParameters: { workflow: { repository: source, ref } },
    },
    runDetails: { builder: { id: builder } },
  },
} as const;

const keyPairs: readonly (readonly [string, () => KeyPairKeyObjectResult])[] = [
  ["ECDSA P-256", () => generateKeyPairSync("ec", { namedCurve: "prime256v1" })],
  ["ECDSA P-384", () => generateKeyPairSync("ec", { namedCurve: "secp384r1" })],
  ["ECDSA P-521", () => generateKeyPairSync("ec", { namedCurve: "secp521r1" })],
  ["RSA 3072", () => generateKeyPairSync("rsa", { modulusLength: 3072 })],
];

describe("signatures of the real cosign, in CNCF Distribution", function () {
  // The first run builds cosign.
  this.timeout(600_000);
  let registry: DistributionRegistry;
  let folder: string;
  let cosign: Cosign;
  let keys: CosignKeys;
  let otherKeys: CosignKeys;
  let key: TrustedKey;
  let otherKey: TrustedKey;
  const counts: string[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "pinned-images-signatures-"));
    registry = await startDistribution();
    cosign = await createCosign(folder, registry);
    keys = await cosign.generateKeyPair(join(folder, "keys"));
    otherKeys = await cosign.generateKeyPair(join(folder, "other-keys"));
    key = await trusted(keys);
    otherKey = await trusted(otherKeys);
  });
  after(async () => {
    await registry.close();
    await rm(folder, { recursive: true, force: true });
    console.log(`\n${"requests".padEnd(60)} first  then  evidence\n${counts.join("\n")}`);
  });

  async function trusted({ publicKey }: CosignKeys): Promise<TrustedKey> {
    return parsePublicKey(await readFile(publicKey, "utf8"));
  }

  function rule(more: Partial<TrustRule> = {}): TrustRule {
    return { keys: [key], identities: [], atLeast: 1, sameRepository: false, logged: false, ...more };
  }

  async function push(name: string): Promise<string> {
    return registry.push.image(name, "1", "linux/amd64", name);
  }

  const referenceOf = (name: string, digest: string): string => `${registry.host}/${name}@${digest}`;

  /** Verifies as somebody does who has asked this registry nothing yet, and then everything. */
  async function verify(
    name: string,
    digest: string,
    trust: TrustRule,
    evidence?: string,
  ): Promise<Verified> {
    const client = createRegistryClient({ environment: {}, home: "/nonexistent" });
    const image = digestReference(`${registry.host}/${name}`, digest);
    const options = evidence === undefined ? {} : { evidence };
    try {
      return await verifyImage(image, trust, { artifacts: client, root: noRoot }, options);
    } finally {
      await client.close();
    }
  }

  /** How many requests an image takes: the first of a registry, another one, and one with what was kept of it. */
  async function count(
    what: string,
    name: string,
    digest: string,
    trust: TrustRule,
  ): Promise<readonly (number | undefined)[]> {
    const image = digestReference(`${registry.host}/${name}`, digest);
    const asked = async (
      warm: boolean,
      evidence?: string,
    ): Promise<readonly [number, string | undefined]> => {
      const client = createRegistryClient({ environment: {}, home: "/nonexistent" });
      try {
        // That a registry has no API for referrers is learnt with the first image.
        if (warm) await client.referrers(digestReference(`${registry.host}/warm`, await warmDigest()));
        const before = (await registry.requests()).length;
        const options = evidence === undefined ? {} : { evidence };
        const kept = await verifyImage(image, trust, { artifacts: client, root: noRoot }, options).then(
          (verified) => verified.evidence,
          () => undefined,
        );
        return [(await registry.requests()).length - before, kept];
      } finally {
        await client.close();
      }
    };
    const [first, evidence] = await asked(false);
    const [then] = await asked(true);
    const again = evidence === undefined ? undefined : (await asked(false, evidence))[0];
    const figures = [`${first}`.padStart(5), `${then}`.padStart(5), String(again ?? "-").padStart(9)];
    counts.push(`${what.padEnd(60)} ${figures.join(" ")}`);
    return [first, then, again];
  }

  let warmth: Promise<string> | undefined;
  async function warmDigest(): Promise<string> {
    return (warmth ??= push("warm"));
  }

  async function refused(
    code: SignatureErrorCode,
    name: string,
    digest: string,
    trust: TrustRule,
  ): Promise<void> {
    await assert.rejects(verify(name, digest, trust), { name: "SignatureError", code });
  }

  describe("by a key", () => {
    for (const bundle of forms) {
      it(`is verified (${bundle}), without a request by what was kept of it`, async () => {
        const name = `signed-${bundle}`;
        const digest = await push(name);
        await cosign.sign({ reference: referenceOf(name, digest), key: keys, bundle });
        const verified = await verify(name, digest, rule());
        assert.deepEqual(verified.signers, [{ how: "key", fingerprint: key.fingerprint }]);
        const [first = 0, then, again] = await count(`signed, ${bundle}`, name, digest, rule());
        assert.ok(first <= 4, `${first} requests`);
        assert.deepEqual([then, again], [3, 0]);
      });

      it(`is refused for another key (${bundle})`, async () => {
        const name = `other-key-${bundle}`;
        const digest = await push(name);
        await cosign.sign({ reference: referenceOf(name, digest), key: otherKeys, bundle });
        await refused(bundle === "bundle" ? "untrusted-key" : "no-key-fits", name, digest, rule());
      });

      it(`counts two signers, and one who signs twice once (${bundle})`, async () => {
        const name = `two-${bundle}`;
        const digest = await push(name);
        const both = rule({ keys: [key, otherKey], atLeast: 2 });
        const reference = referenceOf(name, digest);
        await cosign.sign({ reference, key: keys, bundle });
        await cosign.sign({ reference, key: keys, bundle });
        await refused("too-few-signers", name, digest, both);
        await cosign.sign({ reference, key: otherKeys, bundle });
        const { signers } = await verify(name, digest, both);
        assert.equal(new Set(signers.map((signer) => JSON.stringify(signer))).size, 2);
      });
    }

    for (const [kind, generate] of keyPairs) {
      it(`is verified with a key of ${kind}, in every form`, async () => {
        const { privateKey } = generate();
        const name = kind.toLowerCase().replaceAll(" ", "-");
        const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
        const own = await cosign.importKeyPair(join(folder, name), pem);
        const trust = rule({ keys: [await trusted(own)] });
        for (const bundle of forms) {
          const digest = await push(`${name}-${bundle}`);
          await cosign.sign({ reference: referenceOf(`${name}-${bundle}`, digest), key: own, bundle });
          assert.equal((await verify(`${name}-${bundle}`, digest, trust)).signers.length, 1);
          await refused(
            bundle === "bundle" ? "untrusted-key" : "no-key-fits",
            `${name}-${bundle}`,
            digest,
            rule(),
          );
        }
      });
    }

    // It signs with Ed25519ph, which its own verify does not know.
    it("is refused with a key of Ed25519, as cosign itself refuses it", async () => {
      const { privateKey } = generateKeyPairSync("ed25519");
      const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
      const own = await cosign.importKeyPair(join(folder, "ed25519"), pem);
      const trust = rule({ keys: [await trusted(own)] });
      for (const bundle of ["legacy", "bundle"] as const) {
        const name = `ed25519-${bundle}`;
        const digest = await push(name);
        const reference = referenceOf(name, digest);
        await cosign.sign({ reference, key: own, bundle });
        await assert.rejects(cosign.verify({ reference, key: own, bundle }), /failed to verify signature/);
        await refused(bundle === "bundle" ? "bad-signature" : "no-key-fits", name, digest, trust);
      }
    });
  });

  it("is missing from an image that nobody signed", async () => {
    const digest = await push("unsigned");
    await refused("unsigned", "unsigned", digest, rule());
    const [first = 0, then = 0] = await count("unsigned", "unsigned", digest, rule());
    assert.ok(first <= 4, `${first} requests`);
    assert.equal(then, 3);
  });

  describe("that is not the image's own", () => {
    const tagOf = (digest: string): string => `${digest.replace(":", "-")}.sig`;

    it("is refused: of another image", async () => {
      const [digest, other] = [
        await push("swapped"),
        await registry.push.image("swapped", "2", "linux/amd64", "other"),
      ];
      await cosign.sign({ reference: referenceOf("swapped", other), key: keys, bundle: "legacy" });
      const name = `${registry.host}/swapped`;
      await registry.crane("copy", `${name}:${tagOf(other)}`, `${name}:${tagOf(digest)}`);
      await refused("other-digest", "swapped", digest, rule());
    });

    it("is refused where the rule says so: moved to another repository", async () => {
      const digest = await push("here");
      await cosign.sign({ reference: referenceOf("here", digest), key: keys, bundle: "legacy" });
      await registry.crane("copy", referenceOf("here", digest), `${registry.host}/there:1`);
      await registry.crane(
        "copy",
        `${registry.host}/here:${tagOf(digest)}`,
        `${registry.host}/there:${tagOf(digest)}`,
      );
      await verify("here", digest, rule({ sameRepository: true }));
      await verify("there", digest, rule());
      await refused("other-repository", "there", digest, rule({ sameRepository: true }));
    });

    it("is refused: its payload was changed", async () => {
      const digest = await push("tampered");
      const other = await registry.push.image("tampered", "2", "linux/amd64", "other");
      await cosign.sign({ reference: referenceOf("tampered", other), key: keys, bundle: "legacy" });
      await tamper("tampered", tagOf(other), tagOf(digest), (payload) => payload.replace(other, digest));
      await refused("no-key-fits", "tampered", digest, rule());
    });
  });

  /** Writes a manifest of signatures anew, with another payload. */
  async function tamper(
    name: string,
    from: string,
    to: string,
    change: (payload: string) => string,
  ): Promise<void> {
    const base = `${registry.url}/v2/${name}`;
    const mediaType = "application/vnd.oci.image.manifest.v1+json";
    const manifest = await (
      await fetch(`${base}/manifests/${from}`, { headers: { accept: mediaType } })
    ).text();
    const digest = /"layers":\[\{[^}]*"digest":"([^"]+)"/.exec(manifest)?.[1] ?? "";
    const payload = change(await (await fetch(`${base}/blobs/${digest}`)).text());
    const newDigest = `sha256:${createHash("sha256").update(payload).digest("hex")}`;
    const upload = await fetch(`${base}/blobs/uploads/`, { method: "POST" });
    const location = new URL(upload.headers.get("location") ?? "", base);
    location.searchParams.set("digest", newDigest);
    const put = await fetch(location, { method: "PUT", body: payload });
    assert.equal(put.status, 201);
    const body = manifest.replace(digest, newDigest);
    const done = await fetch(`${base}/manifests/${to}`, {
      method: "PUT",
      body,
      headers: { "content-type": mediaType },
    });
    assert.equal(done.status, 201);
  }

  describe("that says where an image was built", () => {
    const exactly = (text: string) => ({ text, matches: (other: string) => other === text });
    const demanded = { builders: [exactly(builder)], sources: [exactly(source)], refs: [exactly(ref)] };

    for (const bundle of ["legacy", "bundle"] as const) {
      for (const [type, predicate] of Object.entries(predicates)) {
        it(`is verified (${type}, ${bundle})`, async () => {
          const name = `attested-${type}-${bundle}`;
          const digest = await push(name);
          const reference = referenceOf(name, digest);
          const trust = rule({ provenance: demanded });
          await cosign.sign({ reference, key: keys, bundle });
          await refused("provenance-missing", name, digest, trust);
          await cosign.attest({ reference, key: keys, bundle, type, predicate });
          const { provenance } = await verify(name, digest, trust);
          assert.deepEqual({ ...provenance, predicateType: "" }, { predicateType: "", builder, source, ref });
          const elsewhere = { ...demanded, builders: [exactly("https://example.com/other")] };
          await refused("provenance-builder", name, digest, rule({ provenance: elsewhere }));
          const nobody = rule({ keys: [otherKey], provenance: demanded });
          await refused(bundle === "bundle" ? "untrusted-key" : "no-key-fits", name, digest, nobody);
          const [, , again] = await count(`signed and attested, ${type}, ${bundle}`, name, digest, trust);
          assert.equal(again, 0);
        });
      }
    }
  });

  describe("of an index", () => {
    async function pushIndex(name: string): Promise<PushedIndex> {
      return registry.push.multiPlatform(name, "1", platforms, name);
    }

    for (const bundle of forms) {
      it(`is verified by the index and by each platform when it is recursive (${bundle})`, async () => {
        const name = `recursive-${bundle}`;
        const { digest, children } = await pushIndex(name);
        await cosign.sign({ reference: referenceOf(name, digest), key: keys, bundle, recursive: true });
        assert.deepEqual((await verify(name, digest, rule())).platforms, []);
        for (const child of children.values()) await verify(name, child, rule());
      });

      it(`is verified where the platforms alone are signed, all of them (${bundle})`, async () => {
        const name = `platforms-${bundle}`;
        const { digest, children } = await pushIndex(name);
        const [first = "", second = ""] = children.values();
        await cosign.sign({ reference: referenceOf(name, first), key: keys, bundle });
        await refused("platform-unsigned", name, digest, rule());
        await cosign.sign({ reference: referenceOf(name, second), key: keys, bundle });
        const { signers, platforms: verified } = await verify(name, digest, rule());
        assert.deepEqual(signers, []);
        assert.deepEqual(
          verified.map(({ platform }) => platform),
          platforms,
        );
        await count(`index with two signed platforms, ${bundle}`, name, digest, rule());
      });
    }

    // crane reads as container runtimes do, by Go's JSON: a name in another case counts, and the last one counts most.
    it("is refused where it means another image to who runs it than to who reads it exactly", async () => {
      const name = "two-readings";
      const [good, other] = [await push(name), await registry.push.image(name, "2", "linux/amd64", "other")];
      await cosign.sign({ reference: referenceOf(name, good), key: keys, bundle: "legacy" });
      const entry = async (digest: string): Promise<object> => {
        const bytes = Buffer.from(await registry.crane("manifest", referenceOf(name, digest)));
        const [mediaType, size] = ["application/vnd.docker.distribution.manifest.v2+json", bytes.length];
        return { mediaType, size, digest, platform: { os: "linux", architecture: "amd64" } };
      };
      const both = { manifests: [await entry(good)], Manifests: [await entry(other)] };
      const mediaType = "application/vnd.oci.image.index.v1+json";
      const body = JSON.stringify({ schemaVersion: 2, mediaType, ...both });
      const headers = { "content-type": mediaType };
      const url = `${registry.url}/v2/${name}/manifests/both`;
      assert.equal((await fetch(url, { method: "PUT", headers, body })).status, 201);
      const digest = await registry.crane("digest", `${registry.host}/${name}:both`);
      const run = await registry.crane("digest", "--platform", "linux/amd64", referenceOf(name, digest));
      assert.equal(run, other);
      await refused("unanswered", name, digest, rule());
    });

    it("does not count for its platforms", async () => {
      const { digest, children } = await pushIndex("index-alone");
      await cosign.sign({ reference: referenceOf("index-alone", digest), key: keys, bundle: "legacy" });
      await verify("index-alone", digest, rule());
      for (const child of children.values()) await refused("unsigned", "index-alone", child, rule());
    });
  });
});
