import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import { createWorkplace, type Workplace } from "../support/command-line";
import { startRegistry, type Registry } from "../support/registry";

describe("pinned-images rollback", () => {
  let registry: Registry;
  let place: Workplace;
  let name: string;
  let first: string;
  let second: string;
  let third: string;

  /** A lock that has been at three digests. */
  beforeEach(async () => {
    registry = await startRegistry();
    place = await createWorkplace();
    name = `${registry.host}/api:1`;
    first = registry.push("api", "1", { seed: "1" });
    await place.run(["pin", name]);
    second = registry.push("api", "1", { seed: "2" });
    await place.run(["refresh"]);
    third = registry.push("api", "1", { seed: "3" });
    await place.run(["refresh", "--reason", "weekly"]);
  });

  afterEach(async () => {
    await registry.close();
    await place.remove();
  });

  async function locked(): Promise<string | undefined> {
    return (await place.lock()).images.get(name)?.digest;
  }

  it("goes back one step, and holds what it left", async () => {
    const { code, stdout, stderr } = await place.run(["rollback", name, "--reason", "INC-42"]);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.equal(
      stdout,
      [
        `rolled back ${name}  ${second}`,
        `            was ${third}, locked 2026-11-21 by Ann Lee <ann@example.com> because "weekly"; held from now on`,
        `            the registry has it (${registry.host} answered)`,
        `            next: pulumi preview, then pulumi up`,
        `            when ${third.slice(0, 19)}… is good again: pinned-images rollback --release ${name}`,
        `images.lock.json: 1 rolled back`,
        "",
      ].join("\n"),
    );
    const entry = (await place.lock()).images.get(name);
    assert.deepEqual([entry?.digest, entry?.how, entry?.reason], [second, "rollback", "INC-42"]);
    assert.deepEqual(
      entry?.held?.map(({ digest, reason }) => [digest, reason]),
      [[third, "INC-42"]],
    );
    await place.run(["rollback", name]);
    assert.equal(await locked(), first);
  });

  it("goes to a named digest, even one that was never locked", async () => {
    assert.equal((await place.run(["rollback", name, "--to", first])).code, 0);
    assert.equal(await locked(), first);
    const other = registry.push("api", "0.9", { seed: "0", platforms: ["linux/amd64", "linux/arm64"] });
    assert.equal((await place.run(["rollback", name, "--to", other])).code, 0);
    const entry = (await place.lock()).images.get(name);
    assert.deepEqual([entry?.digest, entry?.platforms], [other, ["linux/amd64", "linux/arm64"]]);
  });

  it("is not done twice by two who name what is to go", async () => {
    assert.equal((await place.run(["rollback", `${name}@${third}`])).code, 0);
    const again = await place.run(["rollback", `${name}@${third}`]);
    assert.equal(again.code, 2);
    assert.match(
      again.stderr,
      /is not the digest in the lock, which is sha256:\w+ \(rollback 2026-11-21 by Ann/,
    );
    assert.equal(await locked(), second);
  });

  it("refuses to go back to what is gone, but for --offline", async () => {
    registry.fail({ kind: "answer", status: 404, path: second });
    const refused = await place.run(["rollback", name]);
    assert.equal(refused.code, 1);
    assert.match(
      refused.stderr,
      new RegExp(`^error: the registry does not have ${second} any more.*\nfix: choose another one`),
    );
    assert.equal(await locked(), third);
    const { code, stdout } = await place.run(["rollback", name, "--offline"]);
    assert.equal(code, 0);
    assert.match(stdout, /\n +WARNING: nobody has checked that the registry still has it \(--offline\)\n/);
    assert.equal(await locked(), second);
  });

  it("does not wait long for a registry that does not answer, and warns", async function () {
    this.timeout(15_000);
    registry.fail({ kind: "hang" });
    const before = Date.now();
    const { code, stdout } = await place.run(["rollback", name]);
    assert.ok(Date.now() - before < 10_000);
    assert.equal(code, 0);
    assert.match(stdout, /\n +WARNING: nobody has checked that the registry still has it \(.+\)\n/);
    assert.equal(await locked(), second);
  });

  it("asks nobody with --offline", async () => {
    registry.clearLog();
    assert.equal((await place.run(["rollback", name, "--offline"])).code, 0);
    assert.equal(registry.log.length, 0);
    const verifiedAt = (await place.lock()).images.get(name)?.verifiedAt;
    assert.equal(verifiedAt, "2026-11-21T10:01:00Z", "when it was locked, since nobody has seen it after");
  });

  it("lets go of one digest, or of all", async () => {
    await place.run(["rollback", name]);
    await place.run(["rollback", name]);
    const one = await place.run(["rollback", "--release", `${name}@${third}`, "--reason", "fixed"]);
    assert.equal(one.code, 0);
    assert.match(one.stdout, new RegExp(`^released +${name} .*\n +released ${third}, held since 2026-11-21`));
    const held = async (): Promise<unknown> =>
      (await place.lock()).images
        .get(name)
        ?.held?.map(({ digest, releaseReason }) => [digest, releaseReason]);
    assert.deepEqual(await held(), [
      [third, "fixed"],
      [second, undefined],
    ]);
    assert.equal((await place.run(["rollback", "--release", name])).code, 0);
    const none = await place.run(["rollback", "--release", name]);
    assert.equal(none.code, 2);
    assert.match(none.stderr, /^error: no digest is held\nfix: see what is held: pinned-images audit\n$/);
  });

  it("shows the diff of a dry run, and writes nothing", async () => {
    const before = await place.read();
    const { code, stdout } = await place.run(["rollback", name, "--dry-run"]);
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`^-      "digest": "${third}",\n\\+      "digest": "${second}",$`, "m"));
    assert.equal(await place.read(), before);
  });

  it("prints JSON", async () => {
    const { stdout } = await place.run(["rollback", name, "--json"]);
    assert.deepEqual(JSON.parse(stdout), {
      version: 1,
      verb: "rollback",
      lock: "images.lock.json",
      dryRun: false,
      results: [
        {
          image: name,
          outcome: "rolled back",
          digest: second,
          previousDigest: third,
          mediaType: "application/vnd.oci.image.manifest.v1+json",
          platforms: ["linux/amd64"],
          lockedAt: "2026-11-21T10:03:00Z",
          verifiedAt: "2026-11-21T10:03:00Z",
          registry: "present",
        },
      ],
    });
  });

  // what is asked → exit code, and what standard error says
  const wrong: readonly (readonly [
    args: (name: string) => readonly string[],
    code: number,
    stderr: RegExp,
  ])[] = [
    [() => ["nginx:1"], 2, /^error: docker\.io\/library\/nginx:1 is not in the lock\nfix: /],
    [() => ["Nginx:1"], 2, /^error: "Nginx:1" has upper case in its repository: "Nginx"\n$/],
    [() => [], 2, /missing required argument 'reference'/],
    [
      (image) => [image, "--to", "sha256:abc"],
      2,
      /^error: --to "sha256:abc": the digest has 3 hex characters/,
    ],
    [(image) => [image, "--to", `sha256:${"0".repeat(64)}`], 1, /does not have sha256:0+ any more/],
    [
      (image) => [image, "--offline", "--to", `sha256:${"0".repeat(64)}`],
      2,
      /sha256:0+ was never locked\nfix: name one from the history/,
    ],
    [(image) => [image, "--release"], 2, /^error: no digest is held\n/],
    [(image) => [image, "--release", "--offline"], 2, /^error: --release goes without --to and --offline/],
    [(image) => [image, "--platform", "linux/arm64"], 2, /:1 linux\/arm64 is not in the lock\n/],
  ];
  for (const [args, code, stderr] of wrong) {
    it(`ends with ${code}: ${args("IMAGE").join(" ").slice(0, 60)}`, async () => {
      const before = await place.read();
      const outcome = await place.run(["rollback", ...args(name)]);
      assert.match(outcome.stderr, stderr);
      assert.equal(outcome.code, code);
      assert.equal(await place.read(), before);
    });
  }
});
