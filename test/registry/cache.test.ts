import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, it } from "mocha";
import * as v from "valibot";
import { formatPlatform, parseImageReference, parsePlatform } from "../../images";
import { createRegistryClient, RegistryError, type RegistryClient } from "../../registry";
import { CacheFolder } from "../../registry/cache-folder";
import { startRegistry, type Registry } from "../support/registry";

const multi = ["linux/amd64", "linux/arm/v7"];
const forever = 3_600_000;

describe("registry/cache", () => {
  const clients: RegistryClient[] = [];
  let folder = "";
  let registry: Registry;

  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), "pinned-cache-")), "cache");
    registry = await startRegistry();
  });

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    await registry.close();
    await rm(join(folder, ".."), { recursive: true, force: true });
  });

  function connect(tagTtl = 0, offline = false): RegistryClient {
    const cache = { folder, tagTtl };
    const client = createRegistryClient({ environment: {}, home: "/nonexistent", cache, offline });
    clients.push(client);
    return client;
  }

  type Question = (client: RegistryClient, reference: string) => Promise<unknown>;
  const questions: readonly (readonly [string, Question])[] = [
    ["resolve", (client, text) => client.resolve(parseImageReference(text))],
    [
      "platforms",
      async (client, text) => (await client.platforms(parseImageReference(text))).map(formatPlatform),
    ],
    [
      "resolvePlatform",
      (client, text) => client.resolvePlatform(parseImageReference(text), parsePlatform("linux/arm")),
    ],
    ["describe", (client, text) => client.describe(parseImageReference(text))],
  ];
  for (const [what, ask] of questions) {
    it(`remembers ${what} of a digest for ever, and of a tag as long as asked`, async () => {
      const digest = registry.push("api", "1", {
        platforms: multi,
        annotations: { "org.opencontainers.image.source": "https://git.example/api" },
      });
      for (const name of [`${registry.host}/api@${digest}`, `${registry.host}/api:1`]) {
        const first = await ask(connect(forever), name);
        registry.clearLog();
        assert.deepEqual(await ask(connect(forever), name), first);
        assert.deepEqual(await ask(connect(forever, true), name), first);
        assert.equal(registry.log.length, 0);
      }
      await ask(connect(0), `${registry.host}/api@${digest}`);
      assert.equal(registry.log.length, 0);
      await ask(connect(0), `${registry.host}/api:1`);
      assert.deepEqual(
        registry.log.map(({ method }) => method),
        ["HEAD"],
      );
    });

    it(`asks nobody for ${what} while offline`, async () => {
      registry.push("api", "1");
      for (const client of [
        connect(forever, true),
        createRegistryClient({ offline: true, environment: {}, home: "/nonexistent" }),
      ]) {
        const outcome = await ask(client, `${registry.host}/api:1`).catch((error: unknown) => error);
        assert.ok(outcome instanceof RegistryError, String(outcome));
        assert.equal(outcome.code, "offline");
        assert.match(outcome.message, /\/api:1 is not in the cache, and the client is offline$/);
        await client.close();
      }
      assert.equal(registry.connections, 0);
    });
  }

  it("asks each time whether an image exists, as long as it can", async () => {
    const digest = registry.push("api", "1", { platforms: multi });
    const reference = parseImageReference(`${registry.host}/api@${digest}`);
    assert.equal((await connect().exists(reference)).exists, true);
    assert.equal((await connect(0, true).exists(reference)).exists, true);
    registry.fail({ kind: "answer", status: 404 });
    assert.equal((await connect().exists(reference)).exists, false);
  });

  it("does not keep a failure", async () => {
    const reference = parseImageReference(`${registry.host}/api:1`);
    await assert.rejects(connect(forever).resolve(reference));
    const digest = registry.push("api", "1");
    assert.equal((await connect(forever).resolve(reference)).digest, digest);
  });

  const spoilt: readonly (readonly [string, (text: string) => string])[] = [
    ["empty", () => ""],
    ["cut", (text) => text.slice(0, text.length / 2)],
    ["of a later version", (text) => text.replace(`"version":1`, `"version":2`)],
    ["of another key", (text) => text.replace("/api", "/evil")],
    ["with a digest that is none", (text) => text.replace("sha256:", "sha257:")],
    ["huge", (text) => text + " ".repeat(2 * 1024 * 1024)],
  ];
  for (const [what, spoil] of spoilt) {
    it(`asks again when a file is ${what}`, async () => {
      const digest = registry.push("api", "1");
      const reference = parseImageReference(`${registry.host}/api:1`);
      await connect(forever).resolve(reference);
      const [name = ""] = await readdir(folder);
      const path = join(folder, name);
      await writeFile(path, spoil(await readFile(path, "utf8")));
      registry.clearLog();
      assert.equal((await connect(forever).resolve(reference)).digest, digest);
      assert.equal(registry.log.length, 1);
    });
  }

  it("lets time pass", async () => {
    let now = 1000;
    const cache = new CacheFolder(folder, () => now);
    await cache.write("k", 7);
    const ages: readonly (readonly [at: number, maxAge: number, found: number | undefined])[] = [
      [1000, 100, 7],
      [1099, 100, 7],
      [1100, 100, undefined],
      [1000, 0, undefined],
      [1000, Number.NaN, undefined],
      [999, 100, undefined],
      [999, Number.POSITIVE_INFINITY, 7],
    ];
    for (const [at, maxAge, found] of ages) {
      now = at;
      assert.equal(await cache.read("k", v.number(), maxAge), found, `at ${at}, ${maxAge}`);
    }
  });

  it("bears a folder that cannot be", async () => {
    const digest = registry.push("api", "1");
    await writeFile(folder, "a file");
    assert.equal(
      (await connect(forever).resolve(parseImageReference(`${registry.host}/api:1`))).digest,
      digest,
    );
  });

  it("is shared by two processes that write the same", async () => {
    const module = JSON.stringify(join(__dirname, "..", "..", "registry", "cache-folder.js"));
    const script = `const { CacheFolder } = require(${module});
      const cache = new CacheFolder(${JSON.stringify(folder)});
      (async () => { for (let n = 0; n < 200; n++) await cache.write("k" + (n % 3), "x".repeat(20000)); })();`;
    const running = Promise.all([1, 2].map(() => promisify(execFile)(process.execPath, ["-e", script])));
    const state = { done: false };
    void running.finally(() => (state.done = true)).catch(() => undefined);
    const reader = new CacheFolder(folder);
    let reads = 0;
    const seen = new Set<string>();
    while (!state.done) {
      const value = await reader.read("k1", v.string());
      // Once it is there, it is always there, and always whole.
      if (value !== undefined) seen.add(value);
      else assert.equal(seen.size, 0);
      reads++;
    }
    await running;
    assert.ok(reads > 0);
    assert.deepEqual([...seen], ["x".repeat(20000)]);
    assert.equal((await readdir(folder)).length, 3);
    assert.equal((await stat(folder)).mode & 0o077, 0);
  });
});
