import assert from "node:assert/strict";
import { afterEach, describe, it } from "mocha";
import { formatPlatform, parseImageReference } from "../../images";
import { createRegistryClient, RegistryError, type RegistryClientOptions } from "../../registry";
import {
  content,
  sha256,
  startRegistry,
  type Fault,
  type Registry,
  type RegistryOptions,
} from "../support/registry";

const multi = ["linux/amd64", "linux/arm64", "linux/arm/v7"];
const schema1 = "application/vnd.docker.distribution.manifest.v1+prettyjws";
const ociManifest = "application/vnd.oci.image.manifest.v1+json";
const wrong = `sha256:${"0".repeat(64)}`;

/** Nothing of the machine that the tests run on. */
const sealed: RegistryClientOptions = { environment: {}, home: "/nonexistent" };

describe("registry/client", () => {
  const closers: (() => Promise<void>)[] = [];

  async function start(options?: RegistryOptions): Promise<Registry> {
    const registry = await startRegistry(options);
    closers.push(() => registry.close());
    return registry;
  }

  function connect(options: RegistryClientOptions = {}): ReturnType<typeof createRegistryClient> {
    const client = createRegistryClient({ ...sealed, ...options });
    closers.push(() => client.close());
    return client;
  }

  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  describe("resolve", () => {
    const images: readonly [string, Parameters<Registry["push"]>[2], string][] = [
      ["a single OCI image", {}, ociManifest],
      ["a single Docker image", { format: "docker" }, "application/vnd.docker.distribution.manifest.v2+json"],
      ["an OCI index", { platforms: multi }, "application/vnd.oci.image.index.v1+json"],
      [
        "a Docker manifest list",
        { platforms: multi, format: "docker" },
        "application/vnd.docker.distribution.manifest.list.v2+json",
      ],
    ];
    for (const [what, options, mediaType] of images) {
      it(`gives the digest of ${what}, with one HEAD`, async () => {
        const registry = await start();
        const digest = registry.push("acme/api", "2.3", options);
        const resolution = await connect().resolve(parseImageReference(`${registry.host}/acme/api:2.3`));
        assert.deepEqual(resolution, { digest, mediaType, registry: registry.host });
        assert.deepEqual(
          registry.log.map(({ method, path }) => `${method} ${path}`),
          ["HEAD /v2/acme/api/manifests/2.3"],
        );
      });
    }

    it("asks for latest when there is neither tag nor digest", async () => {
      const registry = await start();
      const digest = registry.push("api", "latest");
      const resolution = await connect().resolve(parseImageReference(`${registry.host}/api`));
      assert.equal(resolution.digest, digest);
    });

    it("confirms a digest", async () => {
      const registry = await start();
      const digest = registry.push("api", "1");
      const client = connect();
      assert.equal(
        (await client.resolve(parseImageReference(`${registry.host}/api:9@${digest}`))).digest,
        digest,
      );
      await rejects(client.resolve(parseImageReference(`${registry.host}/api@${wrong}`)), "not-found");
    });

    const fallbacks: readonly [string, Fault][] = [
      ["no digest", { kind: "headers", headers: { "docker-content-digest": undefined } }],
      ["404", { kind: "answer", status: 404 }],
      ["405", { kind: "answer", status: 405 }],
      ["501", { kind: "answer", status: 501 }],
    ];
    for (const [what, fault] of fallbacks) {
      it(`falls back to GET when HEAD answers ${what}`, async () => {
        const registry = await start();
        const digest = registry.push("api", "1", { platforms: multi });
        registry.fail({ ...fault, method: "HEAD" });
        assert.equal((await connect().resolve(parseImageReference(`${registry.host}/api:1`))).digest, digest);
        assert.deepEqual(
          registry.log.map(({ method }) => method),
          ["HEAD", "GET"],
        );
        assert.equal(registry.log[1]?.headers["accept-encoding"], "identity");
      });
    }

    it("hashes the body where no answer has the digest", async () => {
      const registry = await start();
      const digest = registry.push("api", "1");
      registry.fail({ kind: "headers", headers: { "docker-content-digest": undefined } });
      assert.equal((await connect().resolve(parseImageReference(`${registry.host}/api:1`))).digest, digest);
    });

    const refusals: readonly [
      string,
      Fault[],
      ConstructorParameters<typeof RegistryError>[0]["code"],
      RegExp,
    ][] = [
      [
        "schema 1",
        [{ kind: "headers", headers: { "content-type": schema1 } }],
        "unsupported-media-type",
        /schema 1/,
      ],
      [
        "a web page",
        [{ kind: "headers", headers: { "content-type": "text/html" } }],
        "unsupported-media-type",
        /text\/html/,
      ],
      [
        "a malformed digest",
        [{ kind: "headers", headers: { "docker-content-digest": "sha256:abc" } }],
        "bad-response",
        /malformed Docker-Content-Digest: the digest has 3 hex characters/,
      ],
      [
        "a body that does not hash to its header",
        [
          { kind: "answer", status: 405, method: "HEAD" },
          { kind: "headers", headers: { "docker-content-digest": wrong } },
        ],
        "digest-mismatch",
        /hashes to sha256:[0-9a-f]{64}, not to its Docker-Content-Digest/,
      ],
      [
        "a manifest that calls itself something else",
        [
          { kind: "answer", status: 405, method: "HEAD" },
          { kind: "headers", headers: { "content-type": "application/vnd.oci.image.index.v1+json" } },
        ],
        "bad-response",
        /calls itself/,
      ],
      [
        "a compressed body",
        [
          { kind: "answer", status: 405, method: "HEAD" },
          { kind: "headers", headers: { "content-encoding": "gzip" } },
        ],
        "bad-response",
        /compressed/,
      ],
      [
        "a body of 9 MiB",
        [
          { kind: "answer", status: 405, method: "HEAD" },
          { kind: "huge", bytes: 9 * 1024 * 1024 },
        ],
        "too-large",
        /more than 8388608 bytes/,
      ],
      ["403", [{ kind: "answer", status: 403 }], "denied", /answered 403 DENIED$/],
      ["500, again and again", [{ kind: "answer", status: 500 }], "server-error", /answered 500/],
      ["cut connections", [{ kind: "reset" }], "unreachable", /connection was cut/],
    ];
    for (const [what, faults, code, message] of refusals) {
      it(`refuses ${what}`, async () => {
        const registry = await start();
        registry.push("api", "1");
        for (const fault of faults) registry.fail(fault);
        const error = await rejects(connect().resolve(parseImageReference(`${registry.host}/api:1`)), code);
        assert.match(error.message, message);
      });
    }

    it("refuses an index and image in one (CVE-2021-41190)", async () => {
      const registry = await start();
      const both = { schemaVersion: 2, manifests: [], layers: [], config: { digest: wrong } };
      registry.pushContent("api", "1", content(ociManifest, Buffer.from(JSON.stringify(both))));
      registry.fail({ kind: "answer", status: 405, method: "HEAD" });
      await rejects(connect().resolve(parseImageReference(`${registry.host}/api:1`)), "bad-response");
    });

    it("refuses another digest than the one asked for", async () => {
      const registry = await start();
      const digest = registry.push("api", "1");
      registry.fail({ kind: "headers", headers: { "docker-content-digest": wrong } });
      await rejects(
        connect().resolve(parseImageReference(`${registry.host}/api@${digest}`)),
        "digest-mismatch",
      );
    });

    it("says that a tag does not exist, with the registry's own code", async () => {
      const registry = await start();
      const error = await rejects(
        connect().resolve(parseImageReference(`${registry.host}/acme/api:2.3`)),
        "not-found",
      );
      assert.equal(
        error.message,
        `GET /v2/acme/api/manifests/2.3 on ${registry.host} answered 404 MANIFEST_UNKNOWN`,
      );
      assert.equal(error.registryCode, "MANIFEST_UNKNOWN");
      assert.equal(error.status, 404);
      assert.match(error.fix, /does not exist/);
    });

    it("asks identical questions once, and remembers the answer", async () => {
      const registry = await start();
      registry.push("api", "1");
      const client = connect();
      const reference = parseImageReference(`${registry.host}/api:1`);
      await Promise.all(Array.from({ length: 20 }, () => client.resolve(reference)));
      await client.resolve(reference);
      assert.equal(registry.log.length, 1);
    });

    it("does not remember a failure", async () => {
      const registry = await start();
      const client = connect();
      const reference = parseImageReference(`${registry.host}/api:1`);
      await rejects(client.resolve(reference), "not-found");
      const digest = registry.push("api", "1");
      assert.equal((await client.resolve(reference)).digest, digest);
    });

    it("refuses a host that cannot be", async () => {
      await rejects(connect().resolve(parseImageReference("ghcr.example:99999/a:1")), "unreachable");
    });
  });

  describe("platforms", () => {
    const cases: readonly [string, Parameters<Registry["push"]>[2], readonly string[]][] = [
      ["an index, without its attestation", { platforms: multi, attestation: true }, multi],
      ["a single image", { platforms: ["linux/arm64/v8"] }, ["linux/arm64/v8"]],
      ["a Docker manifest list", { platforms: multi, format: "docker" }, multi],
    ];
    for (const [what, options, expected] of cases) {
      it(`lists those of ${what}`, async () => {
        const registry = await start({ auth: { kind: "token" } });
        registry.push("api", "1", options);
        const platforms = await connect().platforms(parseImageReference(`${registry.host}/api:1`));
        assert.deepEqual(platforms.map(formatPlatform), expected);
      });
    }

    it("asks for what was resolved before, though the tag has moved", async () => {
      const registry = await start();
      registry.push("api", "1", { platforms: ["linux/s390x"] });
      const client = connect();
      const reference = parseImageReference(`${registry.host}/api:1`);
      await client.resolve(reference);
      registry.push("api", "1", { platforms: multi });
      assert.deepEqual((await client.platforms(reference)).map(formatPlatform), ["linux/s390x"]);
    });

    it("lists none for a chart", async () => {
      const registry = await start();
      const config = { mediaType: "application/vnd.cncf.helm.config.v1+json", digest: wrong, size: 2 };
      const chart = { schemaVersion: 2, config, layers: [] };
      registry.pushContent("chart", "1", content(ociManifest, Buffer.from(JSON.stringify(chart))));
      assert.deepEqual(await connect().platforms(parseImageReference(`${registry.host}/chart:1`)), []);
    });

    it("refuses a configuration with another digest", async () => {
      const registry = await start();
      registry.push("api", "1");
      registry.fail({
        kind: "answer",
        status: 200,
        path: "/blobs/",
        body: `{"os":"linux","architecture":"evil"}`,
      });
      await rejects(connect().platforms(parseImageReference(`${registry.host}/api:1`)), "digest-mismatch");
    });

    it("refuses a platform that is no word", async () => {
      const registry = await start();
      const type = "application/vnd.oci.image.index.v1+json";
      const child = {
        digest: sha256(""),
        size: 0,
        platform: { os: "linux\u001b[2J", architecture: "amd64" },
      };
      const index = { schemaVersion: 2, mediaType: type, manifests: [child] };
      registry.pushContent("api", "1", content(type, Buffer.from(JSON.stringify(index))));
      const error = await rejects(
        connect().platforms(parseImageReference(`${registry.host}/api:1`)),
        "bad-response",
      );
      assert.ok(!error.message.includes("\u001b"));
    });
  });

  describe("authentication", () => {
    const credentials = { username: "ada", password: "s3cret-word" };

    const counts: readonly { tags: number; repositories: number }[] = [
      { tags: 1, repositories: 1 },
      { tags: 50, repositories: 1 },
      { tags: 200, repositories: 20 },
    ];
    for (const { tags, repositories } of counts) {
      const limit = tags + repositories + 1;
      it(`costs ${limit} requests for ${tags} tags in ${repositories} repositories, cold`, async () => {
        const registry = await start({ auth: { kind: "token" }, latency: 2 });
        const client = connect();
        const references = Array.from({ length: tags }, (_, n) => {
          registry.push(`r${n % repositories}`, `t${n}`);
          return parseImageReference(`${registry.host}/r${n % repositories}:t${n}`);
        });
        await Promise.all(references.map((reference) => client.resolve(reference)));
        assert.equal(registry.log.length, limit);
        assert.ok(registry.peak <= 32, `${registry.peak} at once`);
        assert.ok(registry.connections <= 32, `${registry.connections} connections`);
        assert.equal(registry.log.filter(({ status }) => status === 401).length, 1);
      });
    }

    it("costs one request for each tag with a warm token", async () => {
      const registry = await start({ auth: { kind: "token" } });
      for (const tag of ["a", "b", "c"]) registry.push("api", tag);
      const client = connect();
      await client.resolve(parseImageReference(`${registry.host}/api:a`));
      registry.clearLog();
      await client.resolve(parseImageReference(`${registry.host}/api:b`));
      await client.resolve(parseImageReference(`${registry.host}/api:c`));
      assert.equal(registry.log.length, 2);
    });

    it("costs one request for each tag where nothing is asked for", async () => {
      const registry = await start({ latency: 2 });
      const client = connect();
      const references = Array.from({ length: 40 }, (_, n) => {
        registry.push(`r${n % 4}`, `t${n}`);
        return parseImageReference(`${registry.host}/r${n % 4}:t${n}`);
      });
      await Promise.all(references.map((reference) => client.resolve(reference)));
      assert.equal(registry.log.length, 40);
    });

    const kinds: readonly [string, RegistryOptions["auth"]][] = [
      ["basic", { kind: "basic", ...credentials }],
      ["token", { kind: "token", ...credentials }],
      ["access_token", { kind: "token", ...credentials, field: "access_token" }],
    ];
    for (const [what, auth] of kinds) {
      it(`logs in by ${what}`, async () => {
        const registry = await start(auth === undefined ? {} : { auth });
        const digest = registry.push("acme/api", "1");
        const client = connect({ credentials: { [registry.host]: credentials } });
        assert.equal(
          (await client.resolve(parseImageReference(`${registry.host}/acme/api:1`))).digest,
          digest,
        );
      });

      it(`says where it looked for credentials for ${what}`, async () => {
        const registry = await start(auth === undefined ? {} : { auth });
        registry.push("acme/api", "1");
        const error = await rejects(
          connect().resolve(parseImageReference(`${registry.host}/acme/api:1`)),
          "unauthorized",
        );
        assert.match(
          error.message,
          /^(HEAD \/v2\/acme\/api\/manifests\/1|GET \/token) on localhost:\d+ answered 401 UNAUTHORIZED \(credentials: none found for localhost:\d+ in \/nonexistent\/\.docker\/config\.json \(no such file\), /,
        );
        assert.equal(error.lookedIn.length, 2);
        assert.match(error.fix, /docker login localhost/);
      });

      it(`never repeats a rejected secret for ${what}`, async () => {
        const registry = await start(auth === undefined ? {} : { auth });
        const client = connect({
          credentials: { [registry.host]: { username: "ada", password: "hunter-2" } },
        });
        const error = await rejects(
          client.resolve(parseImageReference(`${registry.host}/acme/api:1`)),
          "unauthorized",
        );
        const all = `${error.message} ${error.fix} ${JSON.stringify(error)} ${String(error.stack)}`;
        assert.ok(!all.includes("hunter-2") && !all.includes(Buffer.from("ada:hunter-2").toString("base64")));
        assert.match(error.message, /found for localhost:\d+ in the client's options, not accepted/);
      });
    }

    for (const oauth2 of [true, false]) {
      it(`logs in with an identity token ${oauth2 ? "by POST" : "by GET where POST is not known"}`, async () => {
        const registry = await start({
          auth: {
            kind: "token",
            identityToken: "id-token",
            oauth2,
            username: "<token>",
            password: "id-token",
          },
        });
        const digest = registry.push("api", "1");
        const client = connect({ credentials: { [registry.host]: { identityToken: "id-token" } } });
        assert.equal((await client.resolve(parseImageReference(`${registry.host}/api:1`))).digest, digest);
        const methods = registry.log
          .filter(({ path }) => path.startsWith("/token"))
          .map(({ method }) => method);
        assert.deepEqual(methods, oauth2 ? ["POST"] : ["POST", "GET"]);
      });
    }

    it("fetches a new token once when the old one is rejected", async () => {
      const registry = await start({ auth: { kind: "token" } });
      for (const tag of ["a", "b", "c", "d"]) registry.push("api", tag);
      const client = connect();
      await client.resolve(parseImageReference(`${registry.host}/api:a`));
      registry.revokeTokens();
      registry.clearLog();
      await Promise.all(
        ["b", "c", "d"].map((tag) => client.resolve(parseImageReference(`${registry.host}/api:${tag}`))),
      );
      assert.equal(registry.log.filter(({ path }) => path.startsWith("/token")).length, 1);
    });

    it("does not use a token beyond its time", async () => {
      const registry = await start({ auth: { kind: "token", expiresIn: 0 } });
      for (const tag of ["a", "b"]) registry.push("api", tag);
      const client = connect();
      for (const tag of ["a", "b"]) await client.resolve(parseImageReference(`${registry.host}/api:${tag}`));
      assert.equal(registry.log.filter(({ path }) => path.startsWith("/token")).length, 2);
    });

    const tokenFaults: readonly [string, Fault, string][] = [
      ["no JSON", { kind: "answer", status: 200, body: "token=secret-thing" }, "bad-response"],
      ["no token", { kind: "answer", status: 200, body: `{"expires_in":3}` }, "bad-response"],
      [
        "a token with a line break",
        { kind: "answer", status: 200, body: `{"token":"a\\r\\nX: secret-thing"}` },
        "bad-response",
      ],
      ["65 KiB", { kind: "huge", bytes: 65 * 1024 + 1 }, "too-large"],
      ["403", { kind: "answer", status: 403 }, "denied"],
    ];
    for (const [what, fault, code] of tokenFaults) {
      it(`refuses a token service that answers ${what}`, async () => {
        const registry = await start({ auth: { kind: "token" } });
        registry.fail({ ...fault, path: "/token" });
        const error = await rejects(connect().resolve(parseImageReference(`${registry.host}/api:1`)), code);
        assert.ok(!error.message.includes("secret-thing"));
      });
    }

    const realms: readonly [string, string][] = [
      ["with user info", `Bearer realm="http://user:pass@localhost:1/token"`],
      ["on another scheme", `Bearer realm="file:///etc/passwd"`],
      ["that is no URL", `Bearer realm="token"`],
      ["over plain http elsewhere", `Bearer realm="http://auth.example/token"`],
      ["on a private address", `Bearer realm="https://169.254.169.254/latest"`],
      ["on a private address, oddly written", `Bearer realm="https://0xa9.0xfe.0xa9.0xfe/latest"`],
      ["on a mapped private address", `Bearer realm="https://[::ffff:10.0.0.1]/token"`],
    ];
    for (const [what, challenge] of realms) {
      it(`refuses a realm ${what}`, async () => {
        const registry = await start({ auth: { kind: "token", challenge } });
        const client = connect({ credentials: { [registry.host]: credentials } });
        await rejects(client.resolve(parseImageReference(`${registry.host}/api:1`)), "forbidden-address");
      });
    }

    it("does not follow a token service's redirect with credentials", async () => {
      const registry = await start({ auth: { kind: "token", ...credentials } });
      const other = await start();
      registry.fail({
        kind: "answer",
        path: "/token",
        status: 307,
        headers: { location: `http://${other.host}/token` },
      });
      const client = connect({ credentials: { [registry.host]: credentials } });
      await rejects(client.resolve(parseImageReference(`${registry.host}/api:1`)), "bad-response");
      assert.equal(other.log.length, 0);
    });
  });

  describe("redirects", () => {
    it("are followed, and the credential stays behind", async () => {
      const registry = await start({ auth: { kind: "token" } });
      const other = await start();
      registry.push("api", "1");
      const digest = other.push("api", "1");
      const client = connect();
      await client.resolve(parseImageReference(`${registry.host}/api:1`));
      registry.fail({
        kind: "answer",
        status: 307,
        headers: { location: `http://${other.host}/v2/api/manifests/1` },
      });
      const resolution = await client.resolve(parseImageReference(`${registry.host}/api:2`));
      assert.deepEqual([resolution.digest, resolution.registry], [digest, other.host]);
      assert.ok(registry.log.at(-1)?.headers.authorization?.startsWith("Bearer "));
      assert.equal(other.log[0]?.headers.authorization, undefined);
    });

    it("do not lead a foreign challenge to the credentials (CVE-2020-15157)", async () => {
      const registry = await start();
      const thief = await start({ auth: { kind: "basic", username: "x", password: "y" } });
      registry.fail({
        kind: "answer",
        status: 302,
        headers: { location: `http://${thief.host}/v2/api/manifests/1` },
      });
      const client = connect({ credentials: { [registry.host]: { username: "ada", password: "pw" } } });
      await rejects(client.resolve(parseImageReference(`${registry.host}/api:1`)), "unauthorized");
      assert.deepEqual(
        thief.log.map(({ headers }) => headers.authorization),
        [undefined],
      );
    });

    it("are not followed for ever", async () => {
      const registry = await start();
      registry.fail({ kind: "answer", status: 302, headers: { location: "/v2/api/manifests/1" } });
      const error = await rejects(
        connect().resolve(parseImageReference(`${registry.host}/api:1`)),
        "bad-response",
      );
      assert.match(error.message, /more than 5 redirects/);
      assert.equal(registry.log.length, 6);
    });

    for (const location of [
      "http://10.0.0.1/x",
      "https://[fe80::1]/x",
      "https://192.168.1.1/x",
      "http://example.com/x",
      "ftp://localhost/x",
      "http://u:p@localhost/x",
    ]) {
      it(`do not lead to ${location}`, async () => {
        const registry = await start();
        registry.fail({ kind: "answer", status: 302, headers: { location } });
        await rejects(connect().resolve(parseImageReference(`${registry.host}/api:1`)), "forbidden-address");
      });
    }
  });

  describe("time and trouble", () => {
    it("gives up when the time is over", async () => {
      const registry = await start();
      registry.fail({ kind: "hang" });
      const started = performance.now();
      const error = await rejects(
        connect({ timeout: 150 }).resolve(parseImageReference(`${registry.host}/api:1`)),
        "timeout",
      );
      assert.match(error.message, /was not answered within 1 s/);
      assert.ok(performance.now() - started < 1000);
    });

    it("gives up on a body that stalls", async () => {
      const registry = await start();
      registry.push("api", "1");
      registry.fail({ kind: "stall", method: "GET" });
      await rejects(
        connect({ timeout: 150 }).platforms(parseImageReference(`${registry.host}/api:1`)),
        "timeout",
      );
    });

    it("gives up on all at once when a registry hangs, not on one after the other", async () => {
      for (const auth of [{ kind: "none" }, { kind: "token" }] as const) {
        const registry = await start({ auth });
        registry.push("api", "warm");
        const client = connect({ timeout: 200 });
        if (auth.kind === "none") await client.resolve(parseImageReference(`${registry.host}/api:warm`));
        registry.fail({ kind: "hang" });
        const started = performance.now();
        const results = await Promise.allSettled(
          Array.from({ length: 60 }, (_, n) =>
            client.resolve(parseImageReference(`${registry.host}/api:${n}`)),
          ),
        );
        assert.ok(results.every(({ status }) => status === "rejected"));
        assert.ok(performance.now() - started < 1500);
      }
    });

    const passing: readonly [string, Fault][] = [
      ["503", { kind: "answer", status: 503, times: 2 }],
      ["429", { kind: "answer", status: 429, times: 1 }],
      ["a Retry-After that fits", { kind: "answer", status: 429, headers: { "retry-after": "0" }, times: 2 }],
      ["a cut connection", { kind: "reset", times: 2 }],
    ];
    for (const [what, fault] of passing) {
      it(`tries again after ${what}`, async () => {
        const registry = await start();
        const digest = registry.push("api", "1");
        registry.fail(fault);
        assert.equal((await connect().resolve(parseImageReference(`${registry.host}/api:1`))).digest, digest);
        assert.ok(registry.log.every(({ method }) => method === "HEAD"));
      });
    }

    it("does not wait an hour, and says when to come back", async () => {
      const registry = await start();
      registry.fail({ kind: "answer", status: 429, headers: { "retry-after": "3600" } });
      const error = await rejects(
        connect().resolve(parseImageReference(`${registry.host}/api:1`)),
        "rate-limited",
      );
      assert.equal(error.retryAfter, 3600);
      assert.match(error.message, /answered 429 TOO MANY REQUESTS \(retry after 3600 s\)$/);
      assert.match(error.fix, /retry after 3600 s/);
      assert.equal(registry.log.length, 1);
    });

    it("says that nobody listens", async () => {
      const registry = await startRegistry();
      await registry.close();
      const error = await rejects(
        connect().resolve(parseImageReference(`${registry.host}/api:1`)),
        "unreachable",
      );
      assert.match(error.message, /the connection was refused/);
      assert.match(error.fix, /proxy/);
    });

    it("lets one go without harm to the others", async () => {
      const registry = await start({ latency: 50 });
      const digest = registry.push("api", "1");
      const client = connect();
      const reference = parseImageReference(`${registry.host}/api:1`);
      const leaving = new AbortController();
      const left = client.resolve(reference, { signal: leaving.signal });
      const staying = client.resolve(reference, { signal: new AbortController().signal });
      leaving.abort(new Error("enough"));
      const error = await rejects(left, "aborted");
      assert.match(String(error.cause), /enough/);
      assert.equal((await staying).digest, digest);
      assert.equal(registry.log.length, 1);
    });

    it("lets the one go whose request was the probe", async () => {
      const registry = await start({ auth: { kind: "token" }, latency: 30 });
      const digest = registry.push("api", "2");
      const client = connect();
      const leaving = new AbortController();
      const left = client.resolve(parseImageReference(`${registry.host}/api:1`), { signal: leaving.signal });
      const staying = client.resolve(parseImageReference(`${registry.host}/api:2`));
      setTimeout(() => {
        leaving.abort();
      }, 5);
      await rejects(left, "aborted");
      assert.equal((await staying).digest, digest);
    });

    it("asks nothing when the caller has gone already", async () => {
      const registry = await start();
      const reference = parseImageReference(`${registry.host}/api:1`);
      await rejects(connect().resolve(reference, { signal: AbortSignal.abort() }), "aborted");
      assert.equal(registry.log.length, 0);
    });

    it("ends what is under way when it is closed", async () => {
      const registry = await start();
      registry.fail({ kind: "hang" });
      const client = connect();
      const reference = parseImageReference(`${registry.host}/api:1`);
      const pending = rejects(client.resolve(reference), "aborted");
      await new Promise((resolve) => setTimeout(resolve, 30));
      await client.close();
      await pending;
      await rejects(client.resolve(reference), "aborted");
    });
  });
});

async function rejects(promise: Promise<unknown>, code: string): Promise<RegistryError> {
  const outcome = await promise.then(
    () => "it was answered",
    (error: unknown) => error,
  );
  if (!(outcome instanceof RegistryError)) throw new assert.AssertionError({ message: String(outcome) });
  assert.equal(outcome.code, code, outcome.message);
  return outcome;
}
