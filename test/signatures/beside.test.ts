import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import type { ArtifactClient, RequestOptions } from "../../registry";
import { SignatureError, type TrustRule } from "../../signatures";
import { signaturesBeside } from "../../signatures/beside";
import type { ArtifactLayer } from "../support/registry";
import {
  bundleType,
  digestReference,
  envelopeType,
  openScene,
  rootOf,
  signImage,
  simpleSigning,
  simpleSigningType,
  trustedKeys,
  type Scene,
  type SignatureLayer,
} from "../support/sigstore";
import { createTrust, edited, nestedDer, type Trust } from "./world";

const path = "acme/api";
const cosignArtifact = "application/vnd.dev.cosign.artifact.sig.v1+json";

describe("signatures/beside", function () {
  this.timeout(60_000);
  let trust: Trust;
  let scene: Scene;
  const scenes: Scene[] = [];

  before(async () => {
    trust = await createTrust();
  });
  beforeEach(async () => {
    scene = await openScene({ platforms: ["linux/amd64"] });
    scenes.push(scene);
  });
  afterEach(async () => {
    for (const one of scenes.splice(0)) await one.close();
  });
  after(() => {
    if (process.env["SIGNATURE_CASES"] !== undefined) console.log(`\n${counts.join("\n")}`);
  });
  const counts: string[] = [];

  const rule = (): Partial<TrustRule> => trustedKeys(trust.key.publicKey);
  const tag = (kind = "sig"): string => `${scene.digest.replace(":", "-")}.${kind}`;

  async function signed(layout: "bundle" | "layer", key = trust.key): Promise<SignatureLayer> {
    return signImage({ layout, digest: scene.digest, repository: scene.repository, key });
  }

  /** How the image is looked at, and what it took. */
  async function look(
    more: Partial<TrustRule> = {},
  ): Promise<{ readonly code: string; readonly requests: number }> {
    scene.registry.clearLog();
    const code = await scene.verify({ ...rule(), ...more }).then(
      () => "verified",
      (error: unknown) => {
        assert.ok(error instanceof SignatureError, String(error));
        assert.ok(error.message.length < 500);
        return error.code;
      },
    );
    return { code, requests: scene.registry.log.length };
  }

  function junk(index: number): SignatureLayer {
    return {
      mediaType: simpleSigningType,
      annotations: { "dev.cosignproject.cosign/signature": Buffer.from(`junk ${index}`).toString("base64") },
      bytes: simpleSigning(scene.digest, `${scene.repository}/${index}`),
    };
  }

  it("passes over layers of other kinds, unread", async () => {
    scene.place([{ ...junk(1), mediaType: "application/octet-stream" }]);
    const { code, requests } = await look();
    assert.equal(code, "unsigned");
    const blobs = scene.registry.log.filter(({ path: asked }) => asked.includes("/blobs/"));
    assert.deepEqual([blobs.length, requests > 0], [0, true]);
  });

  // Its digest does not fit into a tag.
  it("looks for no tags of an image by sha512", async () => {
    const nobody = async (): Promise<never> => Promise.reject(new Error("nobody asks for it"));
    const artifacts = { artifact: nobody, blob: nobody, index: nobody };
    const image = digestReference(scene.repository, `sha512:${"a".repeat(128)}`);
    const found = signaturesBeside(
      image,
      { ...artifacts, referrers: async () => Promise.resolve([]) },
      { provenance: true },
    );
    for await (const one of found) assert.fail(one instanceof SignatureError ? one.code : "a signature");
  });

  it("calls off every question by one signal, and asks for provenance where it is wanted alone", async () => {
    const { signal } = new AbortController();
    const asked: string[] = [];
    const noted = async <T>(what: string, options: RequestOptions | undefined, answer: T): Promise<T> => {
      asked.push(options?.signal === signal ? what : `${what} without it`);
      return Promise.resolve(answer);
    };
    const image = digestReference(scene.repository, scene.digest);
    const { digest } = image;
    const layer = { mediaType: bundleType, digest, size: 1, annotations: {} };
    const annotations = (predicate: string) => ({ "dev.sigstore.bundle.predicateType": predicate });
    const list = ["https://sigstore.dev/cosign/sign/v1", "https://slsa.dev/provenance/v1"].map(
      (predicate) => ({
        ...layer,
        artifactType: bundleType,
        annotations: annotations(predicate),
      }),
    );
    const artifacts: ArtifactClient = {
      referrers: async (_, options) => noted("referrers", options, list),
      artifact: async ({ tag: named }, options) =>
        noted(named === undefined ? "artifact" : "tag", options, {
          ...{ digest, mediaType: "application/vnd.oci.image.manifest.v1+json", annotations: {} },
          layers: named === undefined ? [layer] : [],
        }),
      blob: async (_, __, options) => noted("blob", options, Buffer.from(" ")),
      index: async () => Promise.reject(new Error("nobody asks for it")),
    };
    for (const [provenance, expected] of [
      [false, ["referrers", "artifact", "blob", "tag"]],
      [true, ["referrers", "artifact", "blob", "artifact", "blob", "tag", "tag"]],
    ] as const) {
      asked.length = 0;
      for await (const one of signaturesBeside(image, artifacts, { provenance, signal }))
        assert.ok(one instanceof SignatureError);
      assert.deepEqual(asked, expected);
    }
  });

  const many = (count: number): readonly SignatureLayer[] =>
    Array.from({ length: count }, (_, index) => junk(index));

  describe("with too much of it", () => {
    it("looks at a hundred of ten thousand signatures", async () => {
      scene.registry.pushArtifact(path, { layers: [...many(9_999), await signed("layer")] }, tag());
      const { code, requests } = await look();
      counts.push(`10,000 signatures in one manifest: ${code}, ${requests} requests`);
      assert.equal(code, "too-many");
      assert.ok(requests <= 103, `${requests} requests`);
    });

    it("finds a good one among the first hundred of ten thousand", async () => {
      scene.registry.pushArtifact(
        path,
        { layers: [...many(99), await signed("layer"), ...many(9_900)] },
        tag(),
      );
      assert.equal((await look()).code, "verified");
    });

    it("refuses a manifest of more than the registry's client reads", async () => {
      scene.registry.pushArtifact(path, { layers: [await signed("layer"), ...many(10_000)] }, tag());
      const { code, requests } = await look();
      assert.equal(code, "too-large");
      assert.ok(requests <= 3);
    });

    it("looks at a hundred manifests that refer to the image", async () => {
      for (let index = 0; index < 150; index++)
        scene.registry.pushArtifact(path, {
          subject: scene.digest,
          artifactType: cosignArtifact,
          layers: [junk(index)],
        });
      const { code, requests } = await look();
      counts.push(`150 manifests that refer to the image: ${code}, ${requests} requests`);
      assert.equal(code, "too-many");
      assert.ok(requests <= 203, `${requests} requests`);
    });

    it("looks at a hundred manifests in which there is nothing", async () => {
      for (let index = 0; index < 150; index++)
        scene.registry.pushArtifact(path, { subject: scene.digest, annotations: { index: String(index) } });
      const { code, requests } = await look();
      assert.equal(code, "too-many");
      assert.ok(requests <= 103, `${requests} requests`);
    });

    it("looks at a hundred signatures where each of a hundred manifests has a hundred", async () => {
      for (let index = 0; index < 100; index++) {
        const layers = many(100).map((layer) => ({
          ...layer,
          annotations: { ...layer.annotations, at: `${index}` },
        }));
        scene.registry.pushArtifact(path, { subject: scene.digest, artifactType: cosignArtifact, layers });
      }
      const { code, requests } = await look();
      counts.push(`100 manifests of 100 signatures each: ${code}, ${requests} requests`);
      assert.equal(code, "too-many");
      assert.ok(requests <= 120, `${requests} requests`);
    });

    it("reads 32 MB of one image's bundles, and no more", async () => {
      for (let index = 0; index < 20; index++) {
        const bytes = Buffer.alloc(2 * 1024 * 1024, `{"${index}":`);
        scene.registry.pushArtifact(path, {
          subject: scene.digest,
          artifactType: bundleType,
          layers: [{ mediaType: bundleType, bytes }],
        });
      }
      const { code } = await look();
      assert.equal(code, "too-large");
      const blobs = scene.registry.log.filter(({ path: asked }) => asked.includes("/blobs/"));
      assert.equal(blobs.length, 16);
    });

    for (const [what, mediaType] of [
      ["a payload", simpleSigningType],
      ["a bundle", bundleType],
      ["an attestation", envelopeType],
    ] as const) {
      it(`does not fetch ${what} of 50 MB`, async () => {
        const bytes = Buffer.alloc(50_000_000, " ");
        const kind = mediaType === envelopeType ? "att" : "sig";
        const annotations = { "dev.cosignproject.cosign/signature": "AAAA" };
        scene.registry.pushArtifact(path, { layers: [{ mediaType, bytes, annotations }] }, tag(kind));
        const { code } = await look({ provenance: { builders: [], sources: [], refs: [] } });
        assert.equal(code, "too-large");
        assert.ok(scene.registry.log.every(({ path: asked }) => !asked.includes("/blobs/")));
      });
    }

    it("stops reading where there is more than the manifest says", async () => {
      const layer = await signed("layer");
      scene.place([layer]);
      scene.registry.fail({ kind: "huge", bytes: 50_000_000, path: "/blobs/" });
      const { code, requests } = await look();
      assert.ok(code === "too-large" || code === "unanswered", code);
      assert.ok(requests <= 8, `${requests} requests`);
    });

    it("reads an annotation of a megabyte", async () => {
      const layer = junk(1);
      for (const name of [
        "dev.cosignproject.cosign/signature",
        "dev.sigstore.cosign/certificate",
        "dev.sigstore.cosign/bundle",
        "dev.sigstore.cosign/rfc3161timestamp",
      ]) {
        const annotations = { ...layer.annotations, [name]: "A".repeat(1_000_000) };
        scene.registry.pushArtifact(path, { layers: [{ ...layer, annotations }] }, tag());
        const { code } = await look();
        assert.ok(code === "unreadable" || code === "no-key-fits", `${name}: ${code}`);
      }
    });
  });

  const garbage: readonly (readonly [string, (good: SignatureLayer) => ArtifactLayer])[] = [
    ["nothing", (good) => ({ ...good, bytes: Buffer.alloc(0) })],
    ["no JSON", (good) => ({ ...good, bytes: Buffer.from("<html>") })],
    [
      "100,000 brackets",
      (good) => ({ ...good, bytes: Buffer.from("[".repeat(100_000) + "]".repeat(100_000)) }),
    ],
    [
      "100,000 brackets inside",
      (good) =>
        edited(good, (json) =>
          json.replace(/"payload":"[^"]*"/, `"payload":${"[".repeat(100_000)}${"]".repeat(100_000)}`),
        ),
    ],
    ["a list", (good) => ({ ...good, bytes: Buffer.from("[1]") })],
    ["null", (good) => ({ ...good, bytes: Buffer.from("null") })],
    ["no text", (good) => ({ ...good, bytes: Buffer.from([0xff, 0xfe, 0x00, 0x80]) })],
    [
      "names of prototypes",
      (good) => edited(good, (json) => json.replace("{", `{"__proto__":{"dsseEnvelope":1},"constructor":2,`)),
    ],
    [
      "a certificate of 2,000 nested sequences",
      (good) =>
        edited(good, (json) =>
          json.replace(
            /"publicKey":\{[^}]*\}/,
            `"certificate":{"rawBytes":"${nestedDer(2_000).toString("base64")}"}`,
          ),
        ),
    ],
    [
      "a certificate of garbage",
      (good) =>
        edited(good, (json) =>
          json.replace(/"publicKey":\{[^}]*\}/, `"certificate":{"rawBytes":"${"MIIB".repeat(1000)}"}`),
        ),
    ],
    [
      "a certificate of 100,000 nested sequences",
      (good) =>
        edited(good, (json) =>
          json.replace(
            /"publicKey":\{[^}]*\}/,
            `"certificate":{"rawBytes":"${nestedDer(100_000).toString("base64")}"}`,
          ),
        ),
    ],
    [
      "a timestamp of garbage",
      (good) =>
        edited(good, (json) =>
          json.replace(`"rfc3161Timestamps":[]`, `"rfc3161Timestamps":[{"signedTimestamp":"MAA="}]`),
        ),
    ],
  ];
  for (const [what, make] of garbage) {
    it(`reads on behind a bundle with ${what}`, async () => {
      const ofAnother = what.includes("2,000");
      const good = {
        layout: "bundle",
        digest: scene.digest,
        // A trusted key counts whatever certificate can be read beside it.
        key: ofAnother ? trust.otherKey : trust.key,
        log: { domain: trust.domain },
      } as const;
      const bad = make(await signImage(good));
      scene.registry.pushArtifact(path, { subject: scene.digest, artifactType: bundleType, layers: [bad] });
      const identities = [{ issuer: "https://issuer.example", subject: { text: "*", matches: () => true } }];
      const looked = scene.verify({ ...rule(), identities }, { root: rootOf(trust.domain) });
      // What stands beside the signature of a key is not looked at where no log entry is demanded.
      if (what.startsWith("names") || what.startsWith("a timestamp")) await looked;
      else
        await assert.rejects(looked, {
          name: "SignatureError",
          code: ofAnother ? "certificate-untrusted" : "unreadable",
        });
      scene.registry.pushArtifact(path, { layers: [await signed("layer")] }, tag());
      assert.equal((await look()).code, "verified");
    });
  }

  describe("by each of its places", () => {
    it("is found where a registry takes the tag of the other place for the image itself, as GitLab's does", async () => {
      scene.registry.setTag(path, scene.digest.replace(":", "-"), scene.digest);
      scene.registry.pushArtifact(path, { layers: [await signed("layer")] }, tag());
      assert.equal((await look()).code, "verified");
    });

    it("is found as a referrer of cosign's older form", async () => {
      scene.registry.pushArtifact(path, {
        subject: scene.digest,
        artifactType: cosignArtifact,
        layers: [await signed("layer")],
      });
      assert.deepEqual(await look(), { code: "verified", requests: 4 });
    });

    it("is found by the referrers API, with one request less", async () => {
      const modern = await openScene({}, { referrers: {} });
      scenes.push(modern);
      const layer = await signImage({ layout: "bundle", digest: modern.digest, key: trust.key });
      modern.place([layer]);
      modern.registry.clearLog();
      await modern.verify(rule());
      assert.equal(modern.registry.log.length, 3);
    });

    it("asks no more once it has enough", async () => {
      scene.place([await signed("bundle"), await signed("layer")]);
      assert.deepEqual(await look(), { code: "verified", requests: 4 });
      assert.ok(scene.registry.log.every(({ path: asked }) => !asked.endsWith(".sig")));
    });

    it("leaves out what says that it is something else", async () => {
      for (const artifactType of ["application/spdx+json", "application/vnd.cncf.notary.signature"])
        scene.registry.pushArtifact(path, {
          subject: scene.digest,
          artifactType,
          layers: [await signed("bundle")],
        });
      const annotations = { "dev.sigstore.bundle.predicateType": "https://spdx.dev/Document" };
      scene.registry.pushArtifact(path, {
        subject: scene.digest,
        artifactType: bundleType,
        annotations,
        layers: [await signed("bundle")],
      });
      assert.equal((await look()).code, "unsigned");
    });

    it("fetches a payload once that several have signed", async () => {
      const others = [await signed("layer", trust.otherKey), await signed("layer")];
      scene.registry.pushArtifact(path, { layers: others }, tag());
      const { code, requests } = await look();
      assert.equal(code, "verified");
      assert.equal(requests, 4);
    });

    for (const status of [401, 403, 500]) {
      it(`is not verified where the registry answers ${status} for the tag, and not taken for unsigned`, async () => {
        scene.registry.fail({ kind: "answer", status, path: tag() });
        assert.equal((await look()).code, "unanswered");
      });
    }

    it("is verified by what was read before the registry stopped to answer", async () => {
      scene.place([await signed("bundle")]);
      scene.registry.fail({ kind: "answer", status: 403, path: tag() });
      assert.equal((await look()).code, "verified");
    });

    it("does not let one that cannot be had hide another", async () => {
      const [lost, kept] = [junk(1), await signed("layer")];
      scene.registry.pushArtifact(path, { layers: [lost, kept] }, tag());
      const { createHash } = await import("node:crypto");
      scene.registry.fail({
        kind: "answer",
        status: 404,
        path: createHash("sha256").update(lost.bytes).digest("hex"),
      });
      assert.equal((await look()).code, "verified");
    });

    it("is left when its caller leaves", async () => {
      scene.registry.fail({ kind: "hang", path: "/referrers/" });
      const looked = scene.verify(rule(), { signal: AbortSignal.timeout(50) });
      await assert.rejects(looked, { name: "SignatureError", code: "unanswered" });
    });
  });
});
