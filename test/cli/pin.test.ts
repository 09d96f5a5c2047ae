import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { chmod, mkdir } from "node:fs/promises";
import { userInfo } from "node:os";
import { afterEach, beforeEach, describe, it } from "mocha";
import { ann, createWorkplace, type Workplace } from "../support/command-line";
import { startRegistry, type Registry } from "../support/registry";

const multi = ["linux/amd64", "linux/arm64"];
const index = "application/vnd.oci.image.index.v1+json";

describe("pinned-images pin", () => {
  let registry: Registry;
  let place: Workplace;

  beforeEach(async () => {
    registry = await startRegistry();
    place = await createWorkplace();
  });

  afterEach(async () => {
    await registry.close();
    await place.remove();
  });

  it("begins a lock with what the registry says, by whom and why", async () => {
    const digest = registry.push("api", "1", { platforms: multi });
    const name = `${registry.host}/api:1`;
    const { code, stdout, stderr } = await place.run(["pin", name, "--reason", "first release"]);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.equal(
      stdout,
      `locked      ${name}  ${digest}\n            linux/amd64, linux/arm64\nimages.lock.json: 1 locked\n`,
    );
    assert.deepEqual(
      [...(await place.lock()).images],
      [
        [
          name,
          {
            digest,
            mediaType: index,
            platforms: multi,
            lockedAt: "2026-11-21T10:00:00Z",
            verifiedAt: "2026-11-21T10:00:00Z",
            how: "pin",
            by: ann,
            reason: "first release",
          },
        ],
      ],
    );
  });

  it("leaves what is locked as it is, and asks nobody", async () => {
    registry.push("api", "1");
    const name = `${registry.host}/api:1`;
    await place.run(["pin", name]);
    const before = await place.read();
    registry.push("api", "1", { seed: "moved" });
    registry.clearLog();
    const { code, stdout } = await place.run(["pin", name]);
    assert.equal(code, 0);
    assert.match(
      stdout,
      /^unchanged .*\n {12}already locked since 2026-11-21 by Ann Lee <ann@example\.com>\n/,
    );
    assert.equal(await place.read(), before);
    assert.equal(registry.log.length, 0);
  });

  it("takes the digest in the reference, if the registry has it", async () => {
    const old = registry.push("api", "1", { seed: "old" });
    const next = registry.push("api", "1", { seed: "new" });
    const name = `${registry.host}/api:1`;
    await place.run(["pin", name]);
    const chosen = await place.run(["pin", `${name}@${old}`]);
    assert.equal(chosen.code, 0);
    assert.match(chosen.stdout, new RegExp(`^replaced +${name} +${old}\n +was ${next}, locked 2026-11-21\n`));
    const entry = (await place.lock()).images.get(name);
    assert.deepEqual([entry?.digest, entry?.history?.map(({ digest }) => digest)], [old, [next]]);

    const missing = await place.run(["pin", `${name}@sha256:${"0".repeat(64)}`]);
    assert.equal(missing.code, 3);
    assert.match(missing.stderr, /answered 404 MANIFEST_UNKNOWN\nfix: /);
    assert.equal((await place.lock()).images.get(name)?.digest, old);
  });

  it("locks one platform's image under the platform's name", async () => {
    registry.push("api", "1", { platforms: multi, seed: "s" });
    const arm = registry.push("child", "1", { platforms: ["linux/arm64"], seed: "s" });
    const { code, stdout } = await place.run(["pin", "--platform", "linux/arm64", `${registry.host}/api:1`]);
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`^locked +${registry.host}/api:1 linux/arm64 +${arm}\n`));
    const entry = (await place.lock()).images.get(`${registry.host}/api:1 linux/arm64`);
    assert.deepEqual([entry?.digest, entry?.platforms], [arm, ["linux/arm64"]]);
  });

  it("loses nothing when half of the references fail", async () => {
    const words = Array.from({ length: 10 }, (_, n) => `${registry.host}/app${n}:1`);
    for (let n = 0; n < 10; n += 2) registry.push(`app${n}`, "1");
    const { code, stdout, stderr } = await place.run(["pin", "-"], {
      stdin: ["# ours", ...words].join("\n"),
    });
    assert.equal(code, 3);
    assert.deepEqual(
      [...(await place.lock()).images.keys()],
      words.filter((_, n) => n % 2 === 0),
    );
    assert.equal(stderr.match(/^cannot resolve ".*\/app[13579]:1": GET .* answered 404/gm)?.length, 5);
    assert.match(stdout, /\nimages\.lock\.json: 5 locked, 5 failed\n$/);
  });

  it("refuses a digest that was rolled back", async () => {
    registry.push("api", "1", { seed: "good" });
    const name = `${registry.host}/api:1`;
    await place.run(["pin", name]);
    const bad = registry.push("api", "1", { seed: "bad" });
    await place.run(["refresh"]);
    await place.run(["rollback", name, "--reason", "crashes"]);
    const before = await place.read();
    const { code, stderr } = await place.run(["pin", `${name}@${bad}`]);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /was rolled back on 2026-11-21 and is held: crashes\nfix: let it go first.*--release/,
    );
    assert.equal(await place.read(), before);
  });

  it("shows with --dry-run what it would write, and writes nothing", async () => {
    const digest = registry.push("api", "1");
    const { code, stdout } = await place.run(["pin", "--dry-run", `${registry.host}/api:1`]);
    assert.equal(code, 0);
    assert.match(
      stdout,
      /^images\.lock\.json, not changed \(dry run\): 1 locked\n--- \/dev\/null\n\+\+\+ b\//m,
    );
    assert.match(stdout, new RegExp(`^\\+      "digest": "${digest}",$`, "m"));
    assert.equal(existsSync(place.path("images.lock.json")), false);
  });

  it("shows with --dry-run the very bytes that it then writes", async () => {
    registry.push("api", "1");
    const schema = "node_modules/pulumi-pinned-images/schemas";
    await mkdir(place.path(schema), { recursive: true });
    await place.write(`${schema}/images.lock.schema.json`, "{}");
    const now = place.now;
    const { stdout } = await place.run(["pin", "--dry-run", `${registry.host}/api:1`]);
    place.now = now;
    await place.run(["pin", `${registry.host}/api:1`]);
    const added = stdout.split("\n").filter((line) => line.startsWith("+") && !line.startsWith("+++"));
    assert.equal(added.map((line) => `${line.slice(1)}\n`).join(""), await place.read());
  });

  it("prints JSON with a place for each", async () => {
    const digest = registry.push("api", "1", { platforms: multi });
    const name = `${registry.host}/api:1`;
    const { code, stdout } = await place.run(["pin", "--json", name, "Api:1"]);
    assert.equal(code, 2);
    assert.deepEqual(JSON.parse(stdout), {
      version: 1,
      verb: "pin",
      lock: "images.lock.json",
      dryRun: false,
      results: [
        {
          image: name,
          outcome: "locked",
          digest,
          mediaType: index,
          platforms: multi,
          lockedAt: "2026-11-21T10:00:00Z",
          verifiedAt: "2026-11-21T10:00:00Z",
        },
        {
          image: "Api:1",
          outcome: "failed",
          error: { code: "repository-uppercase", message: 'has upper case in its repository: "Api"' },
        },
      ],
    });
  });

  it("finds the lock above, in the variable, and where --lock says", async () => {
    registry.push("api", "1");
    const name = `${registry.host}/api:1`;
    await place.write("images.lock.json", '{\n  "version": 1,\n  "images": {}\n}\n');
    await mkdir(place.path("deep"));
    const above = await place.run(["pin", name], { within: "deep" });
    assert.match(above.stdout, /\n\.\.\/images\.lock\.json: 1 locked/);
    const environment = { PINNED_IMAGES_LOCK: "images.staging.lock.json" };
    assert.match(
      (await place.run(["pin", name], { environment })).stdout,
      /images\.staging\.lock\.json: 1 locked/,
    );
    const named = await place.run(["pin", "--lock", "deep/images.dev.lock.json", name], { environment });
    assert.match(named.stdout, /deep\/images\.dev\.lock\.json: 1 locked/);
  });

  // what is asked → exit code, and what standard error says
  const wrong: readonly (readonly [args: readonly string[], code: number, stderr: RegExp])[] = [
    [
      ["nginx@sha256:" + "a".repeat(64)],
      2,
      /name the tag that the digest belongs to, too: nginx:<tag>@sha256:a/,
    ],
    [["nginx@sha256:abc"], 2, /^"nginx@sha256:abc": the digest has 3 hex characters, sha256 needs 64\n$/],
    [["--platform", "arm", "nginx"], 2, /^error: "arm" is no platform; write it like linux\/amd64/],
    [["--reason", "two\nlines", "nginx"], 2, /^error: the reason has control characters\n$/],
    [["--reason", "x".repeat(1001), "nginx"], 2, /^error: the reason has more than 1,000 characters\n$/],
    [["--reason", "", "nginx"], 2, /^error: the reason is empty\n$/],
    [[], 2, /^error: no references: name them, or pipe them in, one a line\n$/],
    [
      ["localhost:1/api:1"],
      3,
      /^cannot resolve "localhost:1\/api:1": HEAD .*\nfix: check the name of the registry/,
    ],
  ];
  for (const [args, code, stderr] of wrong) {
    it(`ends with ${code}: ${args.join(" ").slice(0, 60)}`, async () => {
      const outcome = await place.run(["pin", ...args]);
      assert.equal(outcome.code, code);
      assert.match(outcome.stderr, stderr);
      assert.doesNotMatch(outcome.stderr, /^ +at /m);
      assert.equal(existsSync(place.path("images.lock.json")), false);
    });
  }

  it("leaves a broken lock alone, and says where it is broken", async () => {
    registry.push("api", "1");
    await place.write("images.lock.json", '{\n  "version": 1,\n  "images": {\n');
    const { code, stderr } = await place.run(["pin", `${registry.host}/api:1`]);
    assert.equal(code, 2);
    assert.match(
      stderr,
      /^error: \S*images\.lock\.json:4:1: is no JSON: it ends too early\nfix: mend it by hand/,
    );
    assert.equal(await place.read(), '{\n  "version": 1,\n  "images": {\n');
  });

  it("records the system's user where git knows no name", async () => {
    registry.push("api", "1");
    await place.run(["pin", `${registry.host}/api:1`], { environment: { PATH: "/nonexistent" } });
    const [entry] = (await place.lock()).images.values();
    assert.equal(entry?.by, userInfo().username);
  });

  it("does not wait long for a git that hangs", async () => {
    registry.push("api", "1");
    await mkdir(place.path("bin"));
    await place.write("bin/git", "#!/bin/sh\nexec sleep 20\n");
    await chmod(place.path("bin/git"), 0o755);
    const environment = { PATH: `${place.path("bin")}:${process.env["PATH"] ?? ""}` };
    const { code } = await place.run(["pin", `${registry.host}/api:1`], { environment });
    assert.equal(code, 0);
    const [entry] = (await place.lock()).images.values();
    assert.equal(entry?.by, userInfo().username);
  }).timeout(15_000);

  it("loses none of twenty that are pinned at once", async function () {
    this.timeout(60_000);
    const names = Array.from({ length: 20 }, (_, n) => `${registry.host}/app${n}:1`);
    names.forEach((_, n) => registry.push(`app${n}`, "1"));
    const outcomes = await Promise.all(names.map(async (name) => place.spawn(["pin", name])));
    assert.deepEqual(
      outcomes.filter(({ code }) => code !== 0),
      [],
    );
    assert.deepEqual([...(await place.lock()).images.keys()].sort(), names.toSorted());
  });
});
