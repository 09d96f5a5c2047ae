import assert from "node:assert/strict";
import { afterEach, describe, it } from "mocha";
import { formatPlatform, parseImageReference, parsePlatform } from "../../images";
import { createRegistryClient, RegistryError, type RegistryClient } from "../../registry";
import { samePlatform } from "../../registry/same-platform";
import { content, startRegistry, type Fault, type ImageOptions, type Registry } from "../support/registry";

const key = "org.opencontainers.image";
const index = "application/vnd.oci.image.index.v1+json";
const manifest = "application/vnd.oci.image.manifest.v1+json";
const multi = ["linux/amd64", "linux/arm64", "linux/arm/v7"];
const nowhere = `sha256:${"0".repeat(64)}`;

describe("registry/client about an image", () => {
  const closers: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  async function start(): Promise<{ registry: Registry; client: RegistryClient }> {
    const registry = await startRegistry();
    const client = createRegistryClient({ environment: {}, home: "/nonexistent" });
    closers.push(
      () => registry.close(),
      () => client.close(),
    );
    return { registry, client };
  }

  describe("describe", () => {
    const source = { [`${key}.source`]: "https://git.example/api" };
    const cases: readonly (readonly [
      what: string,
      image: ImageOptions,
      annotations: object,
      requests: number,
    ])[] = [
      ["nothing for an image that says nothing", {}, {}, 2],
      [
        "the annotations of an image",
        {
          annotations: {
            ...source,
            [`${key}.revision`]: "abc",
            [`${key}.base.name`]: "docker.io/library/debian:12",
            [`${key}.created`]: "1970-01-01T00:00:00Z",
          },
        },
        {
          source: "https://git.example/api",
          revision: "abc",
          baseName: "docker.io/library/debian:12",
          created: "1970-01-01T00:00:00Z",
        },
        2,
      ],
      [
        "labels, where there are no annotations",
        { labels: source },
        { source: "https://git.example/api" },
        2,
      ],
      [
        "annotations rather than labels",
        { labels: { ...source, [`${key}.revision`]: "old" }, annotations: { [`${key}.revision`]: "new" } },
        { source: "https://git.example/api", revision: "new" },
        2,
      ],
      [
        "an index first, then its first image, then labels",
        {
          platforms: multi,
          annotations: { [`${key}.revision`]: "index" },
          childAnnotations: { [`${key}.revision`]: "child", [`${key}.created`]: "child" },
          labels: { [`${key}.created`]: "label", ...source },
        },
        { revision: "index", created: "child", source: "https://git.example/api" },
        3,
      ],
      [
        "an index that says it all, with one request",
        {
          platforms: multi,
          annotations: {
            ...source,
            [`${key}.revision`]: "r",
            [`${key}.base.name`]: "b",
            [`${key}.created`]: "c",
          },
        },
        { source: "https://git.example/api", revision: "r", baseName: "b", created: "c" },
        1,
      ],
      [
        "text that cannot draw on a terminal",
        { annotations: { [`${key}.source`]: "a\u001b[2Jb", [`${key}.revision`]: "\u202e" } },
        { source: "a [2Jb" },
        2,
      ],
      [
        "text that is cut",
        { annotations: { [`${key}.source`]: "x".repeat(5000) } },
        { source: `${"x".repeat(400)}…` },
        2,
      ],
    ];
    for (const [what, image, annotations, requests] of cases) {
      it(`gives ${what}`, async () => {
        const { registry, client } = await start();
        const digest = registry.push("api", "1", image);
        const described = await client.describe(parseImageReference(`${registry.host}/api:1`));
        assert.equal(registry.log.length, requests);
        const { size, platforms, ...rest } = described;
        assert.deepEqual(rest, {
          digest,
          mediaType: image.platforms === undefined ? manifest : index,
          registry: registry.host,
          annotations,
        });
        assert.deepEqual(platforms.map(formatPlatform), image.platforms ?? ["linux/amd64"]);
        assert.ok(size > 100);
      });
    }

    it("proves every body", async () => {
      const { registry, client } = await start();
      registry.push("api", "1", { platforms: multi });
      registry.fail({ kind: "answer", status: 200, path: "/blobs/", body: "{}" });
      await rejects(client.describe(parseImageReference(`${registry.host}/api:1`)), "digest-mismatch");
    });

    it("does not repeat the password that the registry was shown", async () => {
      const password = "open-sesame-now";
      const registry = await startRegistry({ auth: { kind: "basic", username: "ada", password } });
      registry.push("api", "1", {
        platforms: ["linux/amd64", `linux/${password}`],
        annotations: { [`${key}.source`]: `https://git.example/?${password}` },
      });
      const client = createRegistryClient({
        environment: {},
        home: "/nonexistent",
        credentials: { [registry.host]: { username: "ada", password } },
      });
      closers.push(
        () => registry.close(),
        () => client.close(),
      );
      const reference = parseImageReference(`${registry.host}/api:1`);
      const { annotations, platforms } = await client.describe(reference);
      assert.equal(annotations.source, "https://git.example/?***");
      assert.deepEqual(platforms.map(formatPlatform), ["linux/amd64", "linux/***"]);
      assert.deepEqual(await client.platforms(reference), platforms);
    });

    it("bears annotations in the wrong form", async () => {
      const { registry, client } = await start();
      const odd = {
        schemaVersion: 2,
        manifests: [],
        annotations: { [`${key}.source`]: 7, constructor: "x" },
      };
      registry.pushContent("api", "1", content(index, Buffer.from(JSON.stringify(odd))));
      const { annotations } = await client.describe(parseImageReference(`${registry.host}/api:1`));
      assert.deepEqual(annotations, {});
    });
  });

  describe("exists", () => {
    it("says yes, with the platforms", async () => {
      const { registry, client } = await start();
      const digest = registry.push("api", "1", { platforms: multi });
      const { exists, platforms } = await client.exists(
        parseImageReference(`${registry.host}/api@${digest}`),
      );
      assert.ok(exists);
      assert.deepEqual(platforms.map(formatPlatform), multi);
    });

    it("says no to a digest that is not there, and asks again the next time", async () => {
      const { registry, client } = await start();
      const reference = parseImageReference(`${registry.host}/api@${nowhere}`);
      assert.deepEqual(await client.exists(reference), { exists: false, platforms: [] });
      await client.exists(reference);
      assert.equal(registry.log.length, 2);
    });

    const troubles: readonly (readonly [string, Fault, string])[] = [
      ["401", { kind: "answer", status: 401 }, "unauthorized"],
      ["403", { kind: "answer", status: 403 }, "denied"],
      ["500", { kind: "answer", status: 500 }, "server-error"],
      ["another body", { kind: "answer", status: 200, body: "{}" }, "digest-mismatch"],
      ["404 for its configuration", { kind: "answer", status: 404, path: "/blobs/" }, "bad-response"],
    ];
    for (const [what, fault, code] of troubles) {
      it(`does not take ${what} for a no`, async () => {
        const { registry, client } = await start();
        const digest = registry.push("api", "1");
        registry.fail(fault);
        await rejects(client.exists(parseImageReference(`${registry.host}/api@${digest}`)), code);
      });
    }
  });

  describe("resolvePlatform", () => {
    const cases: readonly (readonly [image: readonly string[], wanted: string, found: string | undefined])[] =
      [
        [multi, "linux/amd64", "linux/amd64"],
        [multi, "linux/arm64/v8", "linux/arm64"],
        [multi, "linux/arm", "linux/arm/v7"],
        [multi, "linux/arm/v6", undefined],
        [multi, "linux/s390x", undefined],
        [multi, "windows/amd64", undefined],
        [["linux/arm64/v8"], "linux/arm64", "itself"],
        [["linux/arm64/v8"], "linux/amd64", undefined],
      ];
    for (const [platforms, wanted, found] of cases) {
      it(`${wanted} of ${platforms.join(", ")}: ${found ?? "none"}`, async () => {
        const { registry, client } = await start();
        const digest = registry.push("api", "1", { platforms, seed: "same" });
        const reference = parseImageReference(`${registry.host}/api:1`);
        const answer = client.resolvePlatform(reference, parsePlatform(wanted));
        if (found === undefined) {
          const error = await rejects(answer, "platform-missing");
          assert.match(error.fix, new RegExp(platforms.join(", ")));
          return;
        }
        const child = registry.push("child", "1", { platforms: [found], seed: "same" });
        assert.equal((await answer).digest, found === "itself" ? digest : child);
        assert.equal((await answer).mediaType, manifest);
      });
    }

    it("proves the child's body", async () => {
      const { registry, client } = await start();
      registry.push("api", "1", { platforms: multi });
      registry.fail({ kind: "answer", status: 200, path: "/manifests/sha256:", body: "{}" });
      const reference = parseImageReference(`${registry.host}/api:1`);
      await rejects(client.resolvePlatform(reference, parsePlatform("linux/arm64")), "digest-mismatch");
    });
  });

  describe("samePlatform", () => {
    const cases: readonly (readonly [string, string, boolean])[] = [
      ["linux/amd64", "linux/amd64/v1", true],
      ["linux/amd64", "linux/amd64/v3", false],
      ["linux/arm", "linux/arm/v7", true],
      ["linux/arm/v6", "linux/arm/v7", false],
      ["linux/s390x", "linux/s390x", true],
      ["linux/amd64", "windows/amd64", false],
    ];
    for (const [one, other, same] of cases) {
      it(`${one} ${same ? "is" : "is not"} ${other}`, () => {
        assert.equal(samePlatform(parsePlatform(one), parsePlatform(other)), same);
        assert.equal(samePlatform(parsePlatform(other), parsePlatform(one)), same);
      });
    }
  });
});

async function rejects(promise: Promise<unknown>, code: string): Promise<RegistryError> {
  const outcome = await promise.catch((error: unknown) => error);
  assert.ok(outcome instanceof RegistryError, String(outcome));
  assert.equal(outcome.code, code, outcome.message);
  return outcome;
}
