import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, it } from "mocha";
import { parseDigest, parseImageReference } from "../../images";
import { digestOf } from "../../registry/manifest";
import {
  createRegistryClient,
  RegistryError,
  type Descriptor,
  type RegistryClientOptions,
  type RegistryErrorCode,
} from "../../registry";
import {
  basic,
  content,
  referrersIndex,
  sha256,
  startRegistry,
  type Fault,
  type Registry,
  type RegistryOptions,
} from "../support/registry";

const bundleType = "application/vnd.dev.sigstore.bundle.v0.3+json";
const signingType = "application/vnd.dev.cosign.simplesigning.v1+json";
const ociManifest = "application/vnd.oci.image.manifest.v1+json";
const ociIndex = "application/vnd.oci.image.index.v1+json";
const dockerList = "application/vnd.docker.distribution.manifest.list.v2+json";
const wrong = `sha256:${"0".repeat(64)}`;
const api: RegistryOptions = { referrers: {} };

describe("registry/artifacts", () => {
  const closers: (() => Promise<void>)[] = [];

  async function start(options?: RegistryOptions): Promise<Registry> {
    const registry = await startRegistry(options);
    closers.push(() => registry.close());
    return registry;
  }

  function connect(options: RegistryClientOptions = {}): ReturnType<typeof createRegistryClient> {
    const client = createRegistryClient({ environment: {}, home: "/nonexistent", ...options });
    closers.push(() => client.close());
    return client;
  }

  /** A registry with an image, and the reference of that image by its digest. */
  async function startWithImage(options?: RegistryOptions) {
    const registry = await start(options);
    const digest = registry.push("api", "1");
    return { registry, digest, image: parseImageReference(`${registry.host}/api@${digest}`) };
  }

  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  describe("referrers", () => {
    for (const [what, options, requests] of [
      ["by the API", api, ["referrers/<image>"]],
      ["by a tag, where there is no API", {}, ["referrers/<image>", "manifests/<tag>"]],
    ] as const) {
      it(`are listed ${what}`, async () => {
        const { registry, digest, image } = await startWithImage(options);
        const annotations = { "dev.sigstore.bundle.content": "dsse-envelope" };
        const first = registry.pushArtifact("api", {
          subject: digest,
          artifactType: bundleType,
          annotations,
        });
        const second = registry.pushArtifact("api", { subject: digest, configType: "application/x-config" });
        registry.pushArtifact("api", { subject: wrong, artifactType: bundleType });
        registry.clearLog();

        const list = await connect().referrers(image);
        assert.deepEqual(
          list.map(({ size: _, ...rest }) => rest),
          [
            { mediaType: ociManifest, digest: first, artifactType: bundleType, annotations },
            { mediaType: ociManifest, digest: second, artifactType: "application/x-config", annotations: {} },
          ],
        );
        assert.ok(list.every(({ size }) => size > 100));
        const paths = registry.log.map(({ path }) =>
          path.replace("/v2/api/", "").replace(digest, "<image>").replace(digest.replace(":", "-"), "<tag>"),
        );
        assert.deepEqual(paths, requests);
      });
    }

    it("are listed by a tag, where a web page stands in the API's place", async () => {
      const { registry, digest, image } = await startWithImage();
      registry.pushArtifact("api", { subject: digest, artifactType: bundleType });
      const headers = { "content-type": "text/html; charset=utf-8" };
      registry.fail({ kind: "answer", status: 200, path: "/referrers/", headers, body: "<h1>Sign in</h1>" });
      assert.equal((await connect().referrers(image)).length, 1);
    });

    for (const [what, platforms] of [
      ["an image", ["linux/amd64"]],
      ["an index", ["linux/amd64", "linux/arm64"]],
    ] as const) {
      it(`are none where the tag for them stands for ${what} itself`, async () => {
        const registry = await start();
        const digest = registry.push("api", "1", { platforms });
        registry.setTag("api", digest.replace(":", "-"), digest);
        const image = parseImageReference(`${registry.host}/api@${digest}`);
        assert.deepEqual(await connect().referrers(image), []);
      });
    }

    it("are there where a list does not tell their type, as those that cosign 2 writes", async () => {
      const { registry, digest, image } = await startWithImage();
      const entry = { mediaType: ociManifest, digest: wrong, size: 1 };
      const untold = [
        { ...entry, artifactType: "application/vnd.oci.empty.v1+json" },
        { ...entry, artifactType: "" },
      ];
      registry.pushContent(
        "api",
        digest.replace(":", "-"),
        referrersIndex([...untold, { ...entry, artifactType: "application/spdx+json" }]),
      );
      const told = { ...entry, artifactType: "application/spdx+json", annotations: {} };
      assert.deepEqual(await connect().referrers(image), [
        ...untold.map(() => ({ ...entry, annotations: {} })),
        told,
      ]);
    });

    it("costs one request for a second image, with the API and without", async () => {
      for (const options of [api, {}]) {
        const { registry, image } = await startWithImage(options);
        const client = connect();
        await client.referrers(image);
        const other = registry.push("web", "1");
        registry.pushArtifact("web", { subject: other });
        registry.clearLog();
        const list = await client.referrers(parseImageReference(`${registry.host}/web@${other}`));
        assert.equal(list.length, 1);
        assert.equal(registry.log.length, 1);
      }
    });

    for (const [what, options, requests] of [
      ["that has the API", api, 20],
      ["that has no API", {}, 21],
    ] as const) {
      it(`finds out once what twenty images at once need to know of a registry ${what}`, async () => {
        const registry = await start(options);
        const images = Array.from({ length: 20 }, (_, index) => {
          const digest = registry.push(`api${index}`, "1");
          registry.pushArtifact(`api${index}`, { subject: digest });
          return parseImageReference(`${registry.host}/api${index}@${digest}`);
        });
        const client = connect();
        const lists = await Promise.all(images.map((image) => client.referrers(image)));
        assert.ok(lists.every((list) => list.length === 1));
        assert.equal(registry.log.length, requests);
      });
    }

    it("gives up on all at once when a registry hangs", async () => {
      const registry = await start(api);
      registry.fail({ kind: "hang" });
      const client = connect({ timeout: 200 });
      const lists = Array.from({ length: 20 }, (_, index) =>
        client.referrers(parseImageReference(`${registry.host}/api${index}@${wrong}`)),
      );
      await Promise.all(lists.map((list) => rejects(list, "timeout", /was not answered within 1 s$/)));
      assert.equal(registry.log.length, 1);
    });

    it("does not take another's trouble for an answer", async () => {
      const registry = await start();
      const [first, second] = ["one", "two"].map((name) => {
        const digest = registry.push(name, "1");
        registry.pushArtifact(name, { subject: digest });
        return parseImageReference(`${registry.host}/${name}@${digest}`);
      });
      assert.ok(first !== undefined && second !== undefined);
      registry.fail({ kind: "answer", status: 403, path: "/v2/one/" });
      const client = connect();
      const refused = rejects(client.referrers(first), "denied", /403/);
      assert.equal((await client.referrers(second)).length, 1);
      await refused;
    });

    const refusals: readonly (readonly [status: number, code: string | undefined, remembered: boolean])[] = [
      [400, undefined, true],
      [404, undefined, true],
      [404, "NOT_FOUND", true],
      [405, "UNSUPPORTED", true],
      [406, undefined, true],
      [501, undefined, true],
      [404, "NAME_UNKNOWN", false],
      [400, "DIGEST_INVALID", false],
    ];
    for (const [status, code, remembered] of refusals) {
      it(`takes ${status} ${code ?? ""} for no API, ${remembered ? "and remembers it" : "this time"}`, async () => {
        const { registry, digest, image } = await startWithImage();
        registry.pushArtifact("api", { subject: digest, artifactType: bundleType });
        const body = code === undefined ? "<p>no</p>" : JSON.stringify({ errors: [{ code }] });
        registry.fail({ kind: "answer", status, body, path: "/referrers/" });
        const client = connect();
        assert.equal((await client.referrers(image)).length, 1);
        registry.clearLog();
        const another = parseImageReference(`${registry.host}/api@${wrong}`);
        assert.equal((await client.referrers(another)).length, 0);
        assert.equal(
          registry.log.filter(({ path }) => path.includes("/referrers/")).length,
          remembered ? 0 : 1,
        );
      });
    }

    it("is empty where nothing refers to the image, and asks anew", async () => {
      for (const options of [api, {}]) {
        const { registry, digest, image } = await startWithImage(options);
        const client = connect();
        assert.deepEqual(await client.referrers(image), []);
        registry.pushArtifact("api", { subject: digest });
        assert.equal((await client.referrers(image)).length, 1);
        registry.clearLog();
        assert.equal((await client.referrers(image)).length, 1);
        assert.equal(registry.log.length, 0);
      }
    });

    it("asks once for all who ask at the same time", async () => {
      const { registry, digest, image } = await startWithImage(api);
      registry.pushArtifact("api", { subject: digest });
      const client = connect();
      const lists = await Promise.all(Array.from({ length: 20 }, () => client.referrers(image)));
      assert.ok(lists.every((list) => list.length === 1));
      assert.equal(registry.log.length, 1);
    });

    it("looks for a sha512 digest behind a tag that is cut to its length", async () => {
      const registry = await start();
      const digest = `sha512:${"ab".repeat(64)}`;
      const [artifact] = [content(ociManifest, Buffer.from("{}"))];
      const entry = { mediaType: ociManifest, digest: artifact.digest, size: 2, artifactType: "a/b" };
      registry.pushContent("api", `sha512-${"ab".repeat(32)}`, referrersIndex([entry]));
      const list = await connect().referrers(parseImageReference(`${registry.host}/api@${digest}`));
      assert.deepEqual(list, [{ ...entry, annotations: {} }]);
    });

    it("follows the pages of a list", async () => {
      const { registry, digest, image } = await startWithImage({ referrers: { pageSize: 2 } });
      const pushed = Array.from({ length: 5 }, (_, index) =>
        registry.pushArtifact("api", { subject: digest, artifactType: `a/b${index}` }),
      );
      const list = await connect().referrers(image);
      assert.deepEqual(
        list.map((entry) => entry.digest),
        pushed,
      );
      assert.equal(registry.log.length, 3);
    });

    it("does not follow a page to somewhere else", async () => {
      const stranger = await start(api);
      const { registry, image } = await startWithImage({
        ...api,
        auth: { kind: "basic", username: "ada", password: "planted-secret" },
      });
      const link = `<http://${stranger.host}/v2/api/referrers/${image.digest ?? ""}?last=1>; rel="next"`;
      registry.fail({ kind: "headers", headers: { link }, path: "/referrers/" });
      const credentials = { [registry.host]: { username: "ada", password: "planted-secret" } };
      await rejects(
        connect({ credentials }).referrers(image),
        "bad-response",
        /next page that is not on this list/,
      );
      assert.equal(stranger.log.length, 0);
    });

    const endless: readonly (readonly [
      what: string,
      entries: number,
      padding: number,
      says: RegExp,
      requests: number,
    ])[] = [
      ["pages", 1, 0, /^more than 100 pages of artifacts refer to sha256:/, 100],
      ["artifacts", 5000, 0, /^more than 10000 artifacts refer to sha256:/, 3],
      ["bytes", 1, 7 * 1024 * 1024, /^more than 32 MiB of artifacts refer to sha256:/, 5],
    ];
    for (const [what, entries, padding, says, requests] of endless) {
      it(`ends with an error where the ${what} of a list have no end`, async () => {
        const { registry, image } = await startWithImage(api);
        const annotations = padding === 0 ? undefined : { padding: "x".repeat(padding) };
        const entry = {
          mediaType: ociManifest,
          digest: wrong,
          size: 1,
          artifactType: "a/b",
          ...(annotations === undefined ? {} : { annotations }),
        };
        const body = referrersIndex(Array.from({ length: entries }, () => entry)).bytes;
        registry.fail({
          kind: "answer",
          status: 200,
          path: "/referrers/",
          headers: { "content-type": ociIndex, link: `<?last=again>; rel="next"` },
          body,
        });
        await rejects(connect().referrers(image), "too-large", says);
        assert.equal(registry.log.length, requests);
      });
    }

    const entry = { mediaType: ociManifest, digest: wrong, size: 1, artifactType: "a/b" };
    const listOf = (...manifests: readonly unknown[]): string =>
      JSON.stringify({ schemaVersion: 2, mediaType: ociIndex, manifests });
    const hostile: readonly (readonly [
      what: string,
      type: string,
      body: string | Buffer,
      code: RegistryErrorCode,
      says: RegExp,
    ])[] = [
      [
        "a Docker list",
        dockerList,
        listOf(),
        "bad-response",
        /manifest\.list\.v2\+json", not a list of referrers/,
      ],
      ["an image", ociManifest, "{}", "bad-response", /not a list of referrers/],
      ["no JSON", ociIndex, "{", "bad-response", /not JSON/],
      ["null", ociIndex, "null", "bad-response", /not in the form/],
      [
        "a list that calls itself an image",
        ociIndex,
        listOf().replace("index", "manifest"),
        "bad-response",
        /calls itself/,
      ],
      [
        "index and image in one",
        ociIndex,
        listOf().replace("{", `{"layers":[],`),
        "bad-response",
        /not in the form/,
      ],
      [
        "a malformed digest",
        ociIndex,
        listOf(entry, { ...entry, digest: "sha256:abc" }),
        "bad-response",
        /at manifests\.1\.digest$/,
      ],
      ["a negative size", ociIndex, listOf({ ...entry, size: -1 }), "bad-response", /at manifests\.0\.size$/],
      ["half a byte", ociIndex, listOf({ ...entry, size: 0.5 }), "bad-response", /at manifests\.0\.size$/],
      [
        "no media type",
        ociIndex,
        listOf({ digest: wrong, size: 1 }),
        "bad-response",
        /at manifests\.0\.mediaType$/,
      ],
      [
        "a media type with an escape",
        ociIndex,
        listOf({ ...entry, mediaType: "a/\u001b[2J" }),
        "bad-response",
        /at manifests\.0\.mediaType$/,
      ],
      [
        "an annotation that is a number",
        ociIndex,
        listOf({ ...entry, annotations: { a: 1 } }),
        "bad-response",
        /form/,
      ],
      [
        "10,001 artifacts in one page",
        ociIndex,
        listOf(...Array.from({ length: 10_001 }, () => entry)),
        "too-large",
        /more than 10000 referrers/,
      ],
      ["9 MiB", ociIndex, Buffer.alloc(9 * 1024 * 1024, " "), "too-large", /more than 8388608 bytes/],
    ];
    for (const [what, type, body, code, says] of hostile) {
      for (const path of ["/referrers/", "/manifests/sha256-"]) {
        it(`refuses ${what} from ${path}`, async () => {
          const { registry, image } = await startWithImage(path === "/referrers/" ? api : {});
          registry.fail({ kind: "answer", status: 200, path, headers: { "content-type": type }, body });
          await rejects(connect().referrers(image), code, says);
        });
      }
    }

    it("wants a digest", async () => {
      await assert.rejects(connect().referrers(parseImageReference("localhost:1/api:1")), {
        name: "TypeError",
        message: "what refers to localhost:1/api:1 can be asked for by its digest alone",
      });
    });

    it("lets a caller leave, and asks nothing once closed", async () => {
      const { registry, image } = await startWithImage(api);
      registry.fail({ kind: "hang" });
      const client = connect();
      await rejects(client.referrers(image, { signal: AbortSignal.timeout(50) }), "aborted", /called off/);
      await client.close();
      await rejects(client.referrers(image), "aborted", /closed/);
      await rejects(client.artifact(image), "aborted", /closed/);
      await rejects(client.index(image), "aborted", /closed/);
    });
  });

  describe("artifact", () => {
    const layers = [
      { mediaType: signingType, bytes: "one", annotations: { "dev.cosignproject.cosign/signature": "MEUC" } },
      { mediaType: signingType, bytes: "another" },
    ];

    it("is read by tag and by digest", async () => {
      const { registry, digest: subject } = await startWithImage();
      const digest = registry.pushArtifact(
        "api",
        { subject, artifactType: bundleType, annotations: { a: "b" }, layers },
        "signed",
      );
      const client = connect();
      for (const target of [":signed", `@${digest}`, `:gone@${digest}`]) {
        assert.deepEqual(await client.artifact(parseImageReference(`${registry.host}/api${target}`)), {
          digest,
          mediaType: ociManifest,
          artifactType: bundleType,
          subject,
          annotations: { a: "b" },
          layers: [
            {
              mediaType: signingType,
              digest: sha256("one"),
              size: 3,
              annotations: { "dev.cosignproject.cosign/signature": "MEUC" },
            },
            { mediaType: signingType, digest: sha256("another"), size: 7, annotations: {} },
          ],
        });
      }
    });

    it("is of its configuration's type where it states none", async () => {
      const registry = await start();
      const configType = "application/vnd.oci.image.config.v1+json";
      registry.pushArtifact("api", { configType, layers }, "1");
      registry.pushArtifact("api", { layers }, "empty");
      const artifact = await connect().artifact(parseImageReference(`${registry.host}/api:1`));
      assert.equal(artifact?.artifactType, configType);
      assert.ok(!("subject" in artifact));
      const empty = await connect().artifact(parseImageReference(`${registry.host}/api:empty`));
      assert.ok(empty !== undefined && !("artifactType" in empty));
    });

    it("is nothing where there is none, and is asked for anew", async () => {
      const registry = await start();
      const client = connect();
      const reference = parseImageReference(`${registry.host}/api:sha256-0.sig`);
      assert.equal(await client.artifact(reference), undefined);
      const digest = registry.pushArtifact("api", { layers }, "sha256-0.sig");
      assert.equal((await client.artifact(reference))?.digest, digest);
      registry.clearLog();
      await client.artifact(reference);
      assert.equal(registry.log.length, 0);
    });

    it("may have ten thousand layers with a signature each", async () => {
      const registry = await start();
      const many = Array.from({ length: 10_000 }, (_, index) => ({
        mediaType: signingType,
        bytes: `${index}`,
        annotations: { "dev.cosignproject.cosign/signature": `MEUCIQ${index}`.padEnd(96, "x") },
      }));
      registry.pushArtifact("api", { layers: many }, "1");
      const artifact = await connect().artifact(parseImageReference(`${registry.host}/api:1`));
      assert.equal(artifact?.layers.length, 10_000);
      assert.equal(artifact.layers[9_999]?.digest, sha256("9999"));
      registry.pushArtifact("api", { layers: [...many, ...layers] }, "2");
      await rejects(
        connect().artifact(parseImageReference(`${registry.host}/api:2`)),
        "too-large",
        /answered a manifest with more than 10000 layers$/,
      );
    });

    const manifest = (change: Readonly<Record<string, unknown>>): string =>
      JSON.stringify({
        schemaVersion: 2,
        mediaType: ociManifest,
        config: { digest: wrong },
        layers: [],
        ...change,
      });
    const hostile: readonly (readonly [what: string, fault: Fault, code: RegistryErrorCode, says: RegExp])[] =
      [
        ["another body", served(manifest({})), "digest-mismatch", /hashes to sha256:/],
        ["an index", served(`{"schemaVersion":2,"manifests":[]}`, ociIndex), "digest-mismatch", /hashes to/],
        ["a web page", served("<h1>", "text/html"), "digest-mismatch", /hashes to/],
        ["403", { kind: "answer", status: 403 }, "denied", /403/],
        [
          "429",
          { kind: "answer", status: 429, headers: { "retry-after": "3600" } },
          "rate-limited",
          /3600 s/,
        ],
        ["500", { kind: "answer", status: 500 }, "server-error", /500/],
        ["418", { kind: "answer", status: 418 }, "bad-response", /418/],
      ];
    for (const [what, fault, code, says] of hostile) {
      it(`refuses ${what} in place of a digest's`, async () => {
        const { registry, image } = await startWithImage();
        registry.fail(fault);
        await rejects(connect().artifact(image), code, says);
      });
    }

    const byTag: readonly (readonly [
      what: string,
      type: string,
      body: string,
      code: RegistryErrorCode,
      says: RegExp,
    ])[] = [
      [
        "an index",
        ociIndex,
        `{"schemaVersion":2,"manifests":[]}`,
        "bad-response",
        /answered an index, which carries nothing itself$/,
      ],
      ["a web page", "text/html", "<h1>", "unsupported-media-type", /text\/html/],
      [
        "a layer without a digest",
        ociManifest,
        manifest({ layers: [{ mediaType: "a/b", size: 1 }] }),
        "bad-response",
        /at layers\.0\.digest$/,
      ],
      [
        "a malformed subject",
        ociManifest,
        manifest({ subject: { digest: "sha256:1" } }),
        "bad-response",
        /at subject\.digest$/,
      ],
      [
        "annotations that are no texts",
        ociManifest,
        manifest({ annotations: { a: {} } }),
        "bad-response",
        /at annotations\.a$/,
      ],
      [
        "a type that is none",
        ociManifest,
        manifest({ artifactType: "a".repeat(300) }),
        "bad-response",
        /at artifactType$/,
      ],
    ];
    for (const [what, type, body, code, says] of byTag) {
      it(`refuses ${what} behind a tag`, async () => {
        const registry = await start();
        registry.fail(served(body, type));
        await rejects(connect().artifact(parseImageReference(`${registry.host}/api:1`)), code, says);
      });
    }
  });

  describe("blob", () => {
    async function startWithBlob(options?: RegistryOptions) {
      const registry = await start(options);
      registry.pushArtifact("api", { layers: [{ mediaType: signingType, bytes: "payload" }] }, "1");
      const descriptor: Descriptor = {
        mediaType: signingType,
        digest: parseDigest(sha256("payload")),
        size: 7,
        annotations: {},
      };
      return { registry, descriptor, reference: parseImageReference(`${registry.host}/api:1`) };
    }

    it("gives its bytes, asked for once at a time", async () => {
      const { registry, descriptor, reference } = await startWithBlob();
      const client = connect();
      const all = await Promise.all([1, 2, 3].map(() => client.blob(reference, descriptor)));
      assert.deepEqual(
        all.map((bytes) => bytes.toString()),
        ["payload", "payload", "payload"],
      );
      assert.equal(registry.log.length, 1);
      await client.blob(reference, descriptor);
      assert.equal(registry.log.length, 2);
    });

    it("is not asked for when it is too large by its descriptor", async () => {
      const { registry, descriptor, reference } = await startWithBlob();
      await rejects(
        connect().blob(reference, descriptor, { limit: 6 }),
        "too-large",
        /^sha256:[0-9a-f]{64} in api on localhost:\d+ has 7 bytes by its manifest, and no more than 6 are read$/,
      );
      const large = { ...descriptor, size: 8 * 1024 * 1024 + 1 };
      await rejects(connect().blob(reference, large), "too-large", /no more than 8388608 are read$/);
      assert.equal(registry.log.length, 0);
      assert.equal((await connect().blob(reference, descriptor, { limit: 7 })).length, 7);
    });

    const lies: readonly (readonly [
      what: string,
      size: number,
      fault: Fault | undefined,
      code: RegistryErrorCode,
      says: RegExp,
    ])[] = [
      ["other bytes", 7, served("PAYLOAD"), "digest-mismatch", /hashes to sha256:/],
      ["more bytes than the descriptor speaks of", 6, undefined, "too-large", /answered more than 6 bytes$/],
      [
        "fewer bytes than the descriptor speaks of",
        8,
        undefined,
        "bad-response",
        /answered 7 bytes, not the 8 that/,
      ],
      ["a body without end", 7, { kind: "huge", bytes: 64 * 1024 * 1024 }, "too-large", /more than 7 bytes$/],
      [
        "404",
        7,
        { kind: "answer", status: 404, body: coded("BLOB_UNKNOWN") },
        "bad-response",
        /404 BLOB_UNKNOWN, although the artifact's manifest names it$/,
      ],
      ["403", 7, { kind: "answer", status: 403, body: coded("DENIED") }, "denied", /403 DENIED/],
      [
        "429",
        7,
        { kind: "answer", status: 429, headers: { "retry-after": "3600" } },
        "rate-limited",
        /3600 s/,
      ],
      ["416", 7, { kind: "answer", status: 416 }, "bad-response", /416/],
    ];
    for (const [what, size, fault, code, says] of lies) {
      it(`refuses ${what}`, async () => {
        const { registry, descriptor, reference } = await startWithBlob();
        if (fault !== undefined) registry.fail({ ...fault, path: "/blobs/" });
        await rejects(connect().blob(reference, { ...descriptor, size }), code, says);
      });
    }

    it("is fetched from where the registry keeps it, without credentials", async () => {
      const storage = await startWithBlob();
      const { registry, descriptor, reference } = await startWithBlob({
        auth: { kind: "basic", username: "ada", password: "planted-secret" },
      });
      const location = `http://${storage.registry.host}/v2/api/blobs/${descriptor.digest}`;
      registry.fail({ kind: "answer", status: 307, path: "/blobs/", headers: { location } });
      const credentials = { [registry.host]: { username: "ada", password: "planted-secret" } };
      const bytes = await connect({ credentials }).blob(reference, descriptor);
      assert.equal(bytes.toString(), "payload");
      assert.deepEqual(
        storage.registry.log.map(({ headers }) => headers.authorization),
        [undefined],
      );
    });
  });

  describe("an index", () => {
    it("names its images, and its attestations for nobody", async () => {
      const registry = await start();
      registry.push("api", "1", { platforms: ["linux/amd64", "linux/arm/v7"], attestation: true });
      const reference = parseImageReference(`${registry.host}/api:1`);
      const client = connect();
      const { bytes, children } = (await client.index(reference)) ?? assert.fail("no index");
      assert.equal(String(digestOf(bytes)), (await client.resolve(reference)).digest);
      assert.deepEqual(
        children.map(({ platform }) => platform),
        [
          { os: "linux", architecture: "amd64" },
          { os: "linux", architecture: "arm", variant: "v7" },
        ],
      );
      for (const { digest, platform } of children) {
        assert.ok(platform);
        assert.equal((await client.resolvePlatform(reference, platform)).digest, digest);
      }
    });

    it("names all where several are for one platform", async () => {
      const registry = await start();
      const platform = { os: "windows", architecture: "amd64" };
      const digests = [wrong, `sha256:${"1".repeat(64)}`];
      const manifests = digests.map((digest) => ({ mediaType: ociManifest, digest, size: 1, platform }));
      const index = JSON.stringify({ schemaVersion: 2, mediaType: ociIndex, manifests });
      registry.pushContent("api", "1", content(ociIndex, Buffer.from(index)));
      const reference = parseImageReference(`${registry.host}/api:1`);
      assert.deepEqual(
        (await connect().index(reference))?.children,
        digests.map((digest) => ({ digest, platform })),
      );
      assert.deepEqual(await connect().platforms(reference), [platform]);
    });

    it("names all that a runtime could take: what names no platform, and what calls itself an attestation of one", async () => {
      const registry = await start();
      const platform = { os: "linux", architecture: "amd64" };
      const manifests = [
        { digest: wrong },
        {
          digest: `sha256:${"1".repeat(64)}`,
          platform,
          annotations: { "vnd.docker.reference.type": "attestation-manifest" },
        },
        { digest: `sha256:${"2".repeat(64)}`, platform: { os: "unknown", architecture: "unknown" } },
        { digest: `sha256:${"3".repeat(64)}`, platform: { os: "unknown", architecture: "amd64" } },
        { digest: `sha256:${"4".repeat(64)}`, platform: { os: "linux", architecture: "unknown" } },
      ].map((entry) => ({ mediaType: ociManifest, size: 1, ...entry }));
      const index = JSON.stringify({ schemaVersion: 2, mediaType: ociIndex, manifests });
      registry.pushContent("api", "1", content(ociIndex, Buffer.from(index)));
      const reference = parseImageReference(`${registry.host}/api:1`);
      assert.deepEqual((await connect().index(reference))?.children, [
        { digest: wrong },
        { digest: `sha256:${"1".repeat(64)}`, platform },
        { digest: `sha256:${"3".repeat(64)}`, platform: { os: "unknown", architecture: "amd64" } },
        { digest: `sha256:${"4".repeat(64)}`, platform: { os: "linux", architecture: "unknown" } },
      ]);
    });

    // Go's JSON leaves case aside, and with it most runtimes: of two such fields the last one counts there, and the exact one here.
    const amd64 = { os: "linux", architecture: "amd64" };
    const entry = { mediaType: ociManifest, size: 1, digest: wrong, platform: amd64 };
    const other = `sha256:${"1".repeat(64)}`;
    const lookAlikes: readonly (readonly [string, object])[] = [
      ["Manifests", { manifests: [entry], Manifests: [{ ...entry, digest: other }] }],
      ["manife\u017fts", { manifests: [entry], "manife\u017fts": [{ ...entry, digest: other }] }],
      ["LAYERS", { manifests: [entry], LAYERS: [] }],
      ["Digest", { manifests: [{ ...entry, Digest: other }] }],
      ["Platform", { manifests: [{ ...entry, Platform: { ...amd64, architecture: "arm64" } }] }],
      [
        "OS",
        { manifests: [{ ...entry, platform: { os: "unknown", architecture: "unknown", OS: "linux" } }] },
      ],
    ];
    for (const [field, index] of lookAlikes) {
      it(`is refused with a field that others read as another one: ${field}`, async () => {
        const registry = await start();
        const bytes = JSON.stringify({ schemaVersion: 2, mediaType: ociIndex, ...index });
        registry.pushContent("api", "1", content(ociIndex, Buffer.from(bytes)));
        const reference = parseImageReference(`${registry.host}/api:1`);
        const said = new RegExp(`a manifest with the field "${field}", which others read as`);
        await rejects(connect().index(reference), "bad-response", said);
      });
    }

    // Go lets the last of two fields of one name count, and keeps what it read before where the last one is null.
    const twice: readonly (readonly [string, string, "read" | "refused"])[] = [
      ["digest", `"digest":"${other}","digest":"${wrong}"`, "read"],
      ["digest, which is null then", `"digest":"${wrong}","digest":null`, "refused"],
      [
        "platform",
        `"digest":"${wrong}","platform":{"os":"a"},"platform":{"os":"linux","architecture":"amd64"}`,
        "read",
      ],
      [
        "platform, of which half comes then",
        `"digest":"${wrong}","platform":{"os":"linux"},"platform":{"architecture":"amd64"}`,
        "refused",
      ],
    ];
    for (const [what, fields, expected] of twice) {
      it(`is ${expected} with a field that stands twice: ${what}`, async () => {
        const registry = await start();
        const bytes = `{"schemaVersion":2,"mediaType":"${ociIndex}","manifests":[{"mediaType":"${ociManifest}","size":1,${fields}}]}`;
        registry.pushContent("api", "1", content(ociIndex, Buffer.from(bytes)));
        const index = connect().index(parseImageReference(`${registry.host}/api:1`));
        if (expected === "refused") await rejects(index, "bad-response", /not in the form of one/);
        else
          assert.deepEqual(
            (await index)?.children.map(({ digest }) => digest),
            [wrong],
          );
      });
    }

    it("is read whatever keys stand in annotations, and beside the known fields", async () => {
      const registry = await start();
      const annotations = { Digest: "a", PLATFORM: "b", Manifests: "c", Annotations: "d" };
      const vendor = { Labels: {}, Created: "2026-11-21T10:00:00Z", Author: "x", Features: ["sse4"] };
      const manifests = [
        { ...entry, ...vendor, annotations, platform: { ...amd64, ...vendor, features: ["sse4"] } },
      ];
      const bytes = JSON.stringify({
        schemaVersion: 2,
        mediaType: ociIndex,
        manifests,
        annotations,
        ...vendor,
      });
      registry.pushContent("api", "1", content(ociIndex, Buffer.from(bytes)));
      const index = await connect().index(parseImageReference(`${registry.host}/api:1`));
      assert.deepEqual(index?.children, [{ digest: wrong, platform: amd64 }]);
    });

    it("is none for a single image", async () => {
      const { image } = await startWithImage();
      assert.equal(await connect().index(image), undefined);
    });
  });

  describe("like every other question", () => {
    it("logs in, with one token for all", async () => {
      const { registry, digest, image } = await startWithImage({
        ...api,
        auth: { kind: "token", username: "ada", password: "planted-secret" },
      });
      const layers = [{ mediaType: signingType, bytes: "payload" }];
      registry.pushArtifact("api", { subject: digest, layers });
      const client = connect({
        credentials: { [registry.host]: { username: "ada", password: "planted-secret" } },
      });
      const [entry] = await client.referrers(image);
      const reference = parseImageReference(`${registry.host}/api@${entry?.digest ?? ""}`);
      const [layer] = (await client.artifact(reference))?.layers ?? [];
      assert.ok(layer !== undefined);
      assert.equal((await client.blob(reference, layer)).toString(), "payload");
      assert.equal(registry.log.filter(({ path }) => path.startsWith("/token")).length, 1);
      // A probe that is turned away, a token, and one request for each question.
      assert.equal(registry.log.length, 5);
    });

    it("gives nothing back of the secrets that it has sent", async () => {
      const secret = "planted-secret";
      const { registry, digest, image } = await startWithImage({
        ...api,
        auth: { kind: "basic", username: "ada", password: secret },
      });
      const said = {
        artifactType: `a/${secret}`,
        annotations: { [secret]: `x ${secret} ${basic("ada", secret)}` },
      };
      registry.pushArtifact(
        "api",
        {
          subject: digest,
          ...said,
          layers: [{ mediaType: `b/${secret}`, bytes: "", annotations: said.annotations }],
        },
        "1",
      );
      const client = connect({ credentials: { [registry.host]: { username: "ada", password: secret } } });
      const answers = [
        await client.referrers(image),
        await client.artifact(parseImageReference(`${registry.host}/api:1`)),
      ];
      const text = JSON.stringify(answers);
      assert.match(text, /"a\/\*\*\*"/);
      for (const form of [secret, Buffer.from(`ada:${secret}`).toString("base64")])
        assert.ok(!text.includes(form), text);
    });

    it("asks upstream what may have changed, and mirrors for what a digest names", async () => {
      const { registry, digest } = await startWithImage(api);
      const mirror = await start(api);
      const folder = await mkdtemp(join(tmpdir(), "pinned-images-artifacts-"));
      closers.push(() => rm(folder, { recursive: true, force: true }));
      const conf = join(folder, "registries.conf");
      await writeFile(
        conf,
        `[[registry]]\nlocation = "${registry.host}"\ninsecure = true\n[[registry.mirror]]\nlocation = "${mirror.host}"\ninsecure = true\n`,
      );
      const layers = [{ mediaType: signingType, bytes: "payload" }];
      for (const place of [registry, mirror]) {
        place.pushArtifact("api", { subject: digest, layers }, "sha256-0.sig");
      }
      const client = connect({ environment: { CONTAINERS_REGISTRIES_CONF: conf } });
      const image = parseImageReference(`${registry.host}/api@${digest}`);
      const tag = parseImageReference(`${registry.host}/api:sha256-0.sig`);
      assert.equal((await client.referrers(image)).length, 1);
      const [layer] = (await client.artifact(tag))?.layers ?? [];
      assert.ok(layer !== undefined);
      assert.equal(mirror.log.length, 0);
      registry.clearLog();
      await client.blob(tag, layer);
      assert.equal(mirror.log.length, 1);
      assert.equal(registry.log.length, 0);
    });

    it("passes a cache by, and is refused offline", async () => {
      const { registry, digest, image } = await startWithImage(api);
      const layers = [{ mediaType: signingType, bytes: "payload" }];
      registry.pushArtifact("api", { subject: digest, layers }, "sig");
      const folder = await mkdtemp(join(tmpdir(), "pinned-images-artifacts-"));
      closers.push(() => rm(folder, { recursive: true, force: true }));
      const cache = { folder, tagTtl: 3_600_000 };
      const tag = parseImageReference(`${registry.host}/api:sig`);
      const first = connect({ cache });
      assert.equal((await first.referrers(image)).length, 1);
      const [layer] = (await first.artifact(tag))?.layers ?? [];
      assert.ok(layer !== undefined);
      assert.equal((await first.blob(tag, layer)).toString(), "payload");
      assert.equal(await first.index(image), undefined);
      registry.clearLog();
      const offline = connect({ cache, offline: true });
      for (const work of [
        offline.referrers(image),
        offline.artifact(tag),
        offline.blob(tag, layer),
        offline.index(image),
      ]) {
        await rejects(work, "offline", /^what lies beside localhost:\d+\/api\S+ is not kept in the cache/);
      }
      assert.equal(registry.log.length, 0);
    });
  });
});

function served(body: string, type = ociManifest): Fault {
  return { kind: "answer", status: 200, headers: { "content-type": type }, body };
}

function coded(code: string): string {
  return JSON.stringify({ errors: [{ code }] });
}

async function rejects(work: Promise<unknown>, code: RegistryErrorCode, says: RegExp): Promise<void> {
  await assert.rejects(work, (error: unknown) => {
    assert.ok(error instanceof RegistryError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, says);
    return true;
  });
}
