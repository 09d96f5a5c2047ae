import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { parseImageReference } from "../../images";
import { RegistryError, type RegistryClientOptions } from "../../registry";
import { Client } from "../../registry/client";
import { createMirrors } from "../../registry/mirrors";
import { createTransport, type Transport } from "../../registry/transport";
import { startRegistry, type Fault, type Registry } from "../support/registry";

describe("registry/mirrors", () => {
  const closers: (() => Promise<void>)[] = [];
  let folder = "";
  let mirror: Registry;
  let upstream: Registry;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "pinned-mirrors-"));
    [mirror, upstream] = [await startRegistry(), await startRegistry()];
    closers.push(
      () => mirror.close(),
      () => upstream.close(),
      () => rm(folder, { recursive: true, force: true }),
    );
  });

  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  async function daemonFile(content: unknown): Promise<string> {
    const path = join(folder, "daemon.json");
    await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));
    return path;
  }

  /** A client for which Docker Hub is `upstream`. */
  async function connect(options: RegistryClientOptions = {}): Promise<Client> {
    const real = createTransport({
      connections: 8,
      connectTimeout: 1000,
      answerTimeout: 3000,
      insecureRegistries: [],
      allowedPrivateHosts: [],
      environment: {},
    });
    const transport: Transport = {
      send: (request, signal) => {
        if (request.url.host !== "registry-1.docker.io") return real.send(request, signal);
        const url = new URL(request.url.pathname, `http://${upstream.host}`);
        return real.send({ ...request, url, registryHost: url.hostname }, signal);
      },
      close: () => real.close(),
    };
    const dockerDaemonFiles = [await daemonFile({ "registry-mirrors": [`http://${mirror.host}`] })];
    const client = new Client(transport, {
      environment: {},
      home: "/nonexistent",
      mirrors: "digests",
      dockerDaemonFiles,
      timeout: 3000,
      ...options,
    });
    closers.push(() => client.close());
    return client;
  }

  function pushBoth(): string {
    upstream.push("library/nginx", "1");
    return mirror.push("library/nginx", "1");
  }

  it("asks a mirror for digests, and says that it answered", async () => {
    const digest = pushBoth();
    const client = await connect();
    const resolution = await client.resolve(parseImageReference(`nginx@${digest}`));
    assert.equal(resolution.registry, mirror.host);
    assert.equal(upstream.log.length, 0);
  });

  it("asks upstream for tags, and for all when mirrors are not wanted", async () => {
    const digest = pushBoth();
    await (await connect()).resolve(parseImageReference("nginx:1"));
    await (await connect({ mirrors: "never" })).resolve(parseImageReference(`nginx@${digest}`));
    assert.deepEqual([mirror.log.length, upstream.log.length], [0, 2]);
  });

  const troubles: readonly (readonly [string, Fault])[] = [
    ["404", { kind: "answer", status: 404 }],
    ["401", { kind: "answer", status: 401 }],
    ["429", { kind: "answer", status: 429, headers: { "retry-after": "3600" } }],
    ["nothing", { kind: "hang" }],
    ["a cut connection", { kind: "reset" }],
  ];
  for (const [what, fault] of troubles) {
    it(`falls back to upstream when a mirror answers ${what}`, async () => {
      const digest = pushBoth();
      mirror.fail(fault);
      const client = await connect();
      const resolution = await client.resolve(parseImageReference(`nginx@${digest}`));
      assert.deepEqual([resolution.digest, upstream.log.length], [digest, 1]);
    });
  }

  it("proves what a mirror gives", async () => {
    const digest = pushBoth();
    mirror.fail({ kind: "answer", status: 200, body: "{}" });
    const client = await connect();
    const outcome = await client
      .platforms(parseImageReference(`nginx@${digest}`))
      .catch((error: unknown) => error);
    assert.ok(outcome instanceof RegistryError);
    assert.equal(outcome.code, "digest-mismatch");
  });

  const files: readonly (readonly [string, unknown, readonly string[]])[] = [
    [
      "mirrors in order",
      { "registry-mirrors": ["https://a.example", "https://b.example/"] },
      ["a.example", "b.example"],
    ],
    ["no mirrors", {}, []],
    ["something else", { "registry-mirrors": "https://a.example" }, []],
    ["no JSON", "{", []],
    [
      "what is no mirror",
      {
        "registry-mirrors": [
          "https://u:p@a.example",
          "https://a.example/path",
          "ftp://a.example",
          "a.example",
          "https://a.example?x",
        ],
      },
      [],
    ],
  ];
  for (const [what, content, hosts] of files) {
    it(`reads a file with ${what}`, async () => {
      const mirrors = createMirrors({ mirrors: "digests", dockerDaemonFiles: [await daemonFile(content)] });
      assert.deepEqual(
        mirrors("docker.io").map(({ host }) => host),
        hosts,
      );
      assert.deepEqual(mirrors("ghcr.io"), []);
    });
  }
});
