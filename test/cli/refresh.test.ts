import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import { createWorkplace, type Workplace } from "../support/command-line";
import { startRegistry, type Registry } from "../support/registry";

const key = "org.opencontainers.image";
const day = 24 * 60 * 60 * 1000;

describe("pinned-images refresh", () => {
  let registry: Registry;
  let place: Workplace;
  let name: string;

  beforeEach(async () => {
    registry = await startRegistry();
    place = await createWorkplace();
    name = `${registry.host}/api:1`;
  });

  afterEach(async () => {
    await registry.close();
    await place.remove();
  });

  async function pinned(...repositories: string[]): Promise<void> {
    for (const repository of repositories) registry.push(repository, "1");
    await place.run(["pin", ...repositories.map((repository) => `${registry.host}/${repository}:1`)]);
  }

  it("shows the old and the new digest, and what changed", async () => {
    const old = registry.push("api", "1", {
      platforms: ["linux/386", "linux/amd64"],
      annotations: { [`${key}.revision`]: "aaa", [`${key}.created`]: "2026-01-01T00:00:00Z" },
    });
    await place.run(["pin", name, "--reason", "TICKET-1"]);
    const next = registry.push("api", "1", {
      platforms: ["linux/amd64", "linux/arm64"],
      annotations: { [`${key}.revision`]: 'b"\u001b[31m', [`${key}.created`]: "2026-02-01T00:00:00Z" },
    });
    const { code, stdout, stderr } = await place.run(["refresh", "--reason", "CVE-2026-1234"]);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.equal(
      stdout,
      [
        `replaced    ${name}  ${next}`,
        `            was ${old}, locked 2026-11-21 by Ann Lee <ann@example.com> because "TICKET-1"`,
        `            platforms: + linux/arm64  - linux/386`,
        `            created: "2026-01-01T00:00:00Z" -> "2026-02-01T00:00:00Z"`,
        `            revision: "aaa" -> "b" [31m"`,
        `images.lock.json: 1 replaced`,
        "",
      ].join("\n"),
    );
    const entry = (await place.lock()).images.get(name);
    assert.deepEqual(
      [entry?.digest, entry?.reason, entry?.history?.[0]?.digest],
      [next, "CVE-2026-1234", old],
    );
  });

  it("writes nothing when nothing has moved", async () => {
    await pinned("api", "web");
    const before = await place.read();
    const { code, stdout } = await place.run(["refresh"]);
    assert.deepEqual([code, stdout], [0, "images.lock.json: 2 unchanged\n"]);
    assert.equal(await place.read(), before);
  });

  it("says that the old digest is gone", async () => {
    await pinned("api");
    const old = (await place.lock()).images.get(name)?.digest ?? "";
    registry.push("api", "1", { seed: "new" });
    registry.fail({ kind: "answer", status: 404, path: old });
    const { code, stdout } = await place.run(["refresh"]);
    assert.equal(code, 0);
    assert.match(stdout, /^replaced [^]*\n +the registry does not have the old digest any more\n/);
  });

  it("loses nothing when half of the registry fails", async () => {
    await pinned("a", "b", "c", "d");
    for (const repository of ["a", "b", "c", "d"]) registry.push(repository, "1", { seed: "new" });
    registry.fail({ kind: "answer", status: 403, path: "/b/" });
    registry.fail({ kind: "answer", status: 403, path: "/d/" });
    const { code, stdout, stderr } = await place.run(["refresh"]);
    assert.equal(code, 3);
    assert.match(stdout, /\nimages\.lock\.json: 2 replaced, 2 failed\n$/);
    assert.equal(stderr.match(/^cannot resolve "localhost:\d+\/[bd]:1": HEAD .* answered 403/gm)?.length, 2);
    const moved = [...(await place.lock()).images.values()].map(({ history }) => history?.length ?? 0);
    assert.deepEqual(moved, [1, 0, 1, 0]);
  });

  it("keeps a platform's entry with its platform", async () => {
    registry.push("api", "1", { platforms: ["linux/amd64", "linux/arm64"], seed: "a" });
    await place.run(["pin", "--platform", "linux/arm64", name]);
    registry.push("api", "1", { platforms: ["linux/amd64", "linux/arm64"], seed: "b" });
    const arm = registry.push("child", "1", { platforms: ["linux/arm64"], seed: "b" });
    const { stdout } = await place.run(["refresh", name]);
    assert.match(stdout, new RegExp(`^replaced +${name} linux/arm64 +${arm}\n`));
  });

  // what is asked for → the repositories that are refreshed
  const choices: readonly (readonly [args: (host: string) => readonly string[], refreshed: string])[] = [
    [() => [], "a team/b team/c"],
    [(host) => [`${host}/a:1`], "a"],
    [(host) => ["--image", `${host}/team/*`], "team/b team/c"],
    [(host) => ["--image", `${host}/team/*`, `${host}/a:1`], "a team/b team/c"],
    [() => ["--image", "*b:1"], "team/b"],
    [() => ["--only-stale"], "a"],
    [() => ["--only-stale", "10"], "a team/b"],
    [() => ["--only-stale", "0", "--image", "*c:*"], ""],
  ];
  for (const [args, refreshed] of choices) {
    it(`${args("HOST").join(" ")} takes ${refreshed === "" ? "nothing" : refreshed}`, async () => {
      for (const [repository, age] of [
        ["a", 91],
        ["team/b", 90],
        ["team/c", 0],
      ] as const) {
        place.now = Date.parse("2026-11-21T10:00:00Z") - age * day;
        await pinned(repository);
        registry.push(repository, "1", { seed: "new" });
      }
      place.now = Date.parse("2026-11-21T10:00:00Z");
      const { code } = await place.run(["refresh", ...args(registry.host)]);
      assert.equal(code, 0);
      const moved = [...(await place.lock()).images].filter(([, { history }]) => history !== undefined);
      assert.equal(moved.map(([image]) => image.slice(registry.host.length + 1, -2)).join(" "), refreshed);
    });
  }

  // what is asked → exit code, and what standard error says
  const wrong: readonly (readonly [args: readonly string[], code: number, stderr: RegExp])[] = [
    [["nginx:1"], 2, /^"nginx:1": is not in the lock\nfix: see what is: pinned-images audit/],
    [["Nginx:1"], 2, /^"Nginx:1" has upper case in its repository/],
    [
      ["nginx:1@sha256:" + "a".repeat(64)],
      2,
      /name it without its digest; to choose a digest: pinned-images pin/,
    ],
    [["--image", "nginx:*"], 2, /^error: no image in the lock fits --image "nginx:\*"\n$/],
    [["--only-stale", "old"], 2, /^error: --only-stale takes a number of days, not "old"\n$/],
    [
      ["--lock", "no.lock.json"],
      2,
      /^error: there is no lock: looked for \S*\/no\.lock\.json\nfix: begin one/,
    ],
  ];
  for (const [args, code, stderr] of wrong) {
    it(`ends with ${code}: ${args.join(" ").slice(0, 60)}`, async () => {
      await pinned("api");
      const before = await place.read();
      const outcome = await place.run(["refresh", ...args]);
      assert.equal(outcome.code, code);
      assert.match(outcome.stderr, stderr);
      assert.equal(await place.read(), before);
    });
  }

  it("refreshes what it can beside a name that is not in the lock", async () => {
    await pinned("api");
    registry.push("api", "1", { seed: "new" });
    const { code, stdout } = await place.run(["refresh", "nginx:1", name]);
    assert.equal(code, 2);
    assert.match(stdout, /images\.lock\.json: 1 replaced, 1 failed\n$/);
  });

  it("says where it looked for a lock", async () => {
    const { code, stderr } = await place.run(["refresh"]);
    assert.equal(code, 2);
    assert.match(
      stderr,
      /^error: there is no lock: looked for \S+\/images\.lock\.json\nfix: begin one: pinned-images pin/,
    );
  });

  it("shows the diff of a dry run, and writes nothing", async () => {
    await pinned("api");
    const before = await place.read();
    const next = registry.push("api", "1", { seed: "new" });
    const { code, stdout } = await place.run(["refresh", "--dry-run"]);
    assert.equal(code, 0);
    assert.match(stdout, /\n--- a\/images\.lock\.json\n\+\+\+ b\/images\.lock\.json\n@@ /);
    assert.match(stdout, new RegExp(`^\\+      "digest": "${next}",$`, "m"));
    assert.equal(await place.read(), before);
  });

  it("says that it moves on from a rollback, and that a digest comes back", async () => {
    await pinned("api");
    const bad = registry.push("api", "1", { seed: "bad" });
    await place.run(["refresh"]);
    await place.run(["rollback", name, "--reason", "crashes"]);
    const held = await place.run(["refresh"]);
    assert.equal(held.code, 0);
    assert.match(
      held.stdout,
      new RegExp(
        `^held +${name} .*\n +the tag has ${bad}, held since 2026-11-21 by Ann Lee <ann@example\\.com> because "crashes"\n +to let it come back: pinned-images rollback --release ${name}\n`,
      ),
    );
    registry.push("api", "1", { seed: "newer" });
    const onward = await place.run(["refresh"]);
    assert.match(
      onward.stdout,
      /\n +moves on from the rollback of 2026-11-21 by Ann Lee <ann@example\.com> because "crashes"\n/,
    );
    registry.setTag("api", "1", bad);
    await place.run(["rollback", "--release", name, "--reason", "was the network"]);
    const back = await place.run(["refresh"]);
    assert.match(
      back.stdout,
      /\n +comes back: rolled back 2026-11-21, released 2026-11-21 by Ann .* because "was the network"\n/,
    );
  });

  it("prints JSON", async () => {
    const annotations = { [`${key}.revision`]: "aaa" };
    const old = registry.push("api", "1", { annotations });
    await place.run(["pin", name]);
    const next = registry.push("api", "1", { seed: "new", platforms: ["linux/arm64"] });
    const { stdout } = await place.run(["refresh", "--json"]);
    assert.deepEqual(JSON.parse(stdout), {
      version: 1,
      verb: "refresh",
      lock: "images.lock.json",
      dryRun: false,
      results: [
        {
          image: name,
          outcome: "replaced",
          digest: next,
          previousDigest: old,
          mediaType: "application/vnd.oci.image.manifest.v1+json",
          platforms: ["linux/arm64"],
          lockedAt: "2026-11-21T10:01:00Z",
          verifiedAt: "2026-11-21T10:01:00Z",
          previous: { registry: "present", annotations: { revision: "aaa" }, platforms: ["linux/amd64"] },
          present: { registry: "present", annotations: {} },
        },
      ],
    });
  });
});
