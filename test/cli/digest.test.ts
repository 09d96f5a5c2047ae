import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, it } from "mocha";
import * as v from "valibot";
import { digest } from "../../cli/digest";
import { processSurroundings } from "../../cli/surroundings";
import { testDigest } from "../support/fake-registry-client";
import { lockText } from "../support/lock";
import { projectRoot } from "../support/paths";
import { startRegistry, type Registry } from "../support/registry";

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const describedSchema = v.array(
  v.object({ platforms: v.array(v.string()), annotations: v.record(v.string(), v.string()) }),
);
const multi = ["linux/amd64", "linux/arm64"];

describe("pinned-images digest", () => {
  let registry: Registry;

  beforeEach(async () => {
    registry = await startRegistry();
  });

  afterEach(async () => {
    await registry.close();
  });

  /** The command as people run it, without a word of this machine's configuration. */
  async function run(
    args: readonly string[],
    stdin = "",
    environment: Readonly<Record<string, string>> = {},
  ): Promise<Outcome> {
    const command = join(projectRoot, "dist", "cli", "index.js");
    const child = spawn(process.execPath, [command, "digest", ...args], {
      env: { PATH: process.env["PATH"], HOME: "/nonexistent", ...environment },
      timeout: 15_000,
    });
    child.stdin.on("error", () => undefined).end(stdin);
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    return { code, stdout, stderr };
  }

  it("prints 49 digests of 50, in order, and says which one failed", async () => {
    const expected: string[] = [];
    const lines = ["# what we run", ""];
    for (let n = 0; n < 50; n++) {
      const repository = `team/app${n % 5}`;
      if (n !== 17) expected.push(registry.push(repository, `t${n}`, { platforms: multi }));
      lines.push(`${n % 2 === 0 ? "" : "  "}${registry.host}/${repository}:t${n}${n % 3 === 0 ? "\r" : ""}`);
    }
    const { code, stdout, stderr } = await run(["-"], lines.join("\n"));
    assert.equal(stdout, expected.map((line) => `${line}\n`).join(""));
    assert.equal(code, 3);
    assert.match(
      stderr,
      /^cannot resolve "localhost:\d+\/team\/app2:t17": GET [^\n]* answered 404 MANIFEST_UNKNOWN\nfix: [^\n]*\n$/,
    );
    assert.equal(registry.log.length, 51);
  });

  it("reads standard input when nothing is named, and in the place of -", async () => {
    const [a, b, c] = ["a", "b", "c"].map((tag) => registry.push("api", tag));
    const name = (tag: string): string => `${registry.host}/api:${tag}`;
    assert.equal((await run([], name("a"))).stdout, `${a}\n`);
    const { stdout } = await run([name("a"), "-", name("c"), "-"], `\ufeff${name("b")}\n`);
    assert.equal(stdout, `${a}\n${b}\n${c}\n`);
    assert.deepEqual(await run(["-"], "# nothing\n"), { code: 0, stdout: "", stderr: "" });
  });

  it("refuses input without end", async () => {
    const { code, stderr } = await run(["-"], "x".repeat(9 * 1024 * 1024));
    assert.equal(code, 2);
    assert.match(stderr, /^error: standard input has more than 8388608 bytes\n$/);
  });

  it("gives one platform's digest", async () => {
    registry.push("api", "1", { platforms: multi, seed: "s" });
    const arm = registry.push("child", "1", { platforms: ["linux/arm64"], seed: "s" });
    const reference = `${registry.host}/api:1`;
    assert.equal((await run(["--platform", "linux/arm64/v8", reference])).stdout, `${arm}\n`);
    const { code, stderr } = await run(["--platform", "linux/s390x", reference]);
    assert.equal(code, 3);
    assert.match(
      stderr,
      /the image is not for linux\/s390x\nfix: choose a platform that it is for: linux\/amd64, linux\/arm64/,
    );
  });

  it("describes on one line", async () => {
    const key = "org.opencontainers.image";
    const annotations = { [`${key}.source`]: "https://git.example/api", [`${key}.revision`]: "a b\nc" };
    const found = registry.push("api", "1", { platforms: multi, annotations });
    const { stdout } = await run(["--describe", `${registry.host}/api:1`]);
    assert.match(
      stdout,
      /^sha256:[0-9a-f]{64} type=application\/vnd\.oci\.image\.index\.v1\+json size=\d+ platforms=linux\/amd64,linux\/arm64 source=https:\/\/git\.example\/api revision="a b c"\n$/,
    );
    assert.ok(stdout.startsWith(found));
  });

  it("prints JSON with a place for each, failures too", async () => {
    const found = registry.push("api", "1", { platforms: multi });
    const [good, missing, malformed] = [`${registry.host}/api:1`, `${registry.host}/api:2`, "Api:1"];
    const { code, stdout, stderr } = await run(["--json", good, missing, malformed]);
    assert.equal(code, 3);
    assert.equal(stderr.split("cannot resolve").length, 2);
    const mediaType = "application/vnd.oci.image.index.v1+json";
    assert.deepEqual(JSON.parse(stdout), [
      { reference: good, digest: found, mediaType, registry: registry.host },
      {
        reference: missing,
        error: {
          code: "not-found",
          message: `GET /v2/api/manifests/2 on ${registry.host} answered 404 MANIFEST_UNKNOWN`,
          fix: "the tag or digest does not exist in api; check its spelling, or push it",
        },
      },
      {
        reference: malformed,
        error: { code: "repository-uppercase", message: 'has upper case in its repository: "Api"' },
      },
    ]);
    const described = v.parse(
      describedSchema,
      JSON.parse((await run(["--json", "--describe", good])).stdout),
    );
    assert.deepEqual(described, [{ platforms: multi, annotations: {} }]);
  });

  it("ends quietly when its reader does", async () => {
    for (let n = 0; n < 50; n++) registry.push("api", `t${n}`);
    registry.fail({ kind: "delay", milliseconds: 300, path: "/t9" });
    const references = Array.from({ length: 50 }, (_, n) => `${registry.host}/api:t${n}`);
    const command = join(projectRoot, "dist", "cli", "index.js");
    const child = spawn(process.execPath, [command, "digest", ...references], {
      env: { PATH: process.env["PATH"], HOME: "/nonexistent" },
      timeout: 15_000,
    });
    child.stdout.once("data", () => child.stdout.destroy());
    const ended = new Promise<readonly unknown[]>((resolve) => {
      child.on("close", (...end) => {
        resolve(end);
      });
    });
    const [stderr, end] = await Promise.all([text(child.stderr), ended]);
    assert.deepEqual([stderr, ...end], ["", 0, null]);
  });

  describe("between runs", () => {
    let cache = "";

    beforeEach(async () => {
      cache = await mkdtemp(join(tmpdir(), "pinned-cli-cache-"));
    });

    afterEach(() => rm(cache, { recursive: true, force: true }));

    const runCached = (...args: readonly string[]): Promise<Outcome> =>
      run(args, "", { XDG_CACHE_HOME: cache });

    it("keeps no answers unless it is asked to", async () => {
      registry.push("api", "1");
      const answers = join(cache, "pulumi-pinned-images", "answers");
      assert.equal((await runCached(`${registry.host}/api:1`)).code, 0);
      assert.ok(!existsSync(answers));
      await runCached("--cache-for", "1h", `${registry.host}/api:1`);
      assert.ok(existsSync(answers));
    });

    it("keeps tags as long as asked, digests for ever, and needs no registry for either", async () => {
      const found = registry.push("api", "1");
      const [tag, pinned] = [`${registry.host}/api:1`, `${registry.host}/api@${found}`];
      for (const reference of [tag, pinned]) {
        assert.equal((await runCached("--cache-for", "1h", reference)).stdout, `${found}\n`);
      }
      assert.equal(registry.log.length, 2);
      assert.equal((await runCached("--cache-for", "1h", tag)).stdout, `${found}\n`);
      assert.equal(registry.log.length, 2);
      const offline = await runCached("--offline", "--cache-for", "1h", tag, pinned);
      assert.deepEqual(offline, { code: 0, stdout: `${found}\n${found}\n`, stderr: "" });
      assert.equal((await runCached("--offline", pinned)).stdout, `${found}\n`);
      assert.equal((await runCached("--offline", tag)).code, 3);
      assert.equal((await runCached("--cache-for", "0s", tag)).stdout, `${found}\n`);
      assert.equal(registry.log.length, 3);
    });

    it("answers offline from the lock", async () => {
      const [locked, arm] = [testDigest("a"), testDigest("b")];
      const lock = join(cache, "images.lock.json");
      await writeFile(
        lock,
        lockText({ "docker.io/library/nginx:1.27": locked, "docker.io/library/nginx:1.27 linux/arm64": arm }),
      );
      const offline = async (...args: readonly string[]): Promise<Outcome> =>
        run(["--offline", ...args], "", { XDG_CACHE_HOME: cache, PINNED_IMAGES_LOCK: lock });
      assert.deepEqual(await offline("nginx:1.27"), { code: 0, stdout: `${locked}\n`, stderr: "" });
      assert.equal((await offline(`nginx:1.27@${locked}`)).stdout, `${locked}\n`);
      assert.equal((await offline("--platform", "linux/arm64", "nginx:1.27")).stdout, `${arm}\n`);
      assert.equal((await offline(`nginx:1.27@${arm}`)).code, 3);
      await writeFile(lock, "{");
      const broken = await offline("nginx:1.27");
      assert.equal(broken.code, 2);
      assert.match(broken.stderr, /images\.lock\.json:1:\d+: is no JSON[^]*\nfix: /);
    });

    it("says how to fill the cache", async () => {
      const { code, stdout, stderr } = await runCached("--offline", "nginx:1.27");
      assert.deepEqual([code, stdout], [3, ""]);
      assert.match(
        stderr,
        /^cannot resolve "nginx:1\.27": .* is not in the cache, and the client is offline\nfix: ask for it once while online .*--cache-for/,
      );
    });

    it("refuses a time that is none", async () => {
      const { code, stdout, stderr } = await runCached("--cache-for", "1w", "nginx:1.27");
      assert.deepEqual([code, stdout], [2, ""]);
      assert.match(
        stderr,
        /^error: --cache-for takes a number with s, m, h or d behind it, such as 12h; it got "1w"\n$/,
      );
    });
  });

  it("draws progress on a terminal alone, and leaves nothing of it", async () => {
    for (const isTTY of [true, false]) {
      const written: string[] = [];
      const out: string[] = [];
      registry.push("api", "1");
      const references = [`${registry.host}/api:1`, `${registry.host}/api:1`];
      const code = await digest(
        references,
        {},
        {
          ...processSurroundings,
          stdout: { write: (piece) => out.push(piece) },
          stderr: { isTTY, write: (piece) => written.push(piece) },
        },
      );
      assert.equal(code, 0);
      assert.equal(out.length, 2);
      if (isTTY) {
        assert.ok(written.includes("\r\u001b[K2 of 2"));
        assert.equal(written.at(-1), "\r\u001b[K");
      } else assert.deepEqual(written, []);
    }
  });
});
