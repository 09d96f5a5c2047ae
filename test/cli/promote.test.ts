import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { afterEach, beforeEach, describe, it } from "mocha";
import { createWorkplace, type Workplace } from "../support/command-line";
import { startRegistry, type Registry } from "../support/registry";

const staging = "images.staging.lock.json";
const production = "images.production.lock.json";
const both = ["--from", staging, "--to", production];

describe("pinned-images promote", () => {
  let registry: Registry;
  let place: Workplace;
  let api: string;
  let web: string;
  let digests: Record<"api" | "web", string>;

  beforeEach(async () => {
    registry = await startRegistry();
    place = await createWorkplace();
    api = `${registry.host}/api:1`;
    web = `${registry.host}/web:1`;
    digests = { api: registry.push("api", "1"), web: registry.push("web", "1") };
    await place.run(["pin", "--lock", staging, "--reason", "release 13", api, web]);
  });

  afterEach(async () => {
    await registry.close();
    await place.remove();
  });

  async function moveOn(repository: string, seed: string): Promise<string> {
    const digest = registry.push(repository, "1", { seed });
    await place.run(["refresh", "--lock", staging, `${registry.host}/${repository}:1`]);
    return digest;
  }

  it("begins the target with all that the source has, and asks no registry", async () => {
    registry.clearLog();
    const { code, stdout, stderr } = await place.run(["promote", ...both, "--reason", "release 14"]);
    assert.deepEqual([code, stderr], [0, ""]);
    const since = `            in ${staging} since 2026-11-21 by Ann Lee <ann@example.com> because "release 13"`;
    assert.equal(
      stdout,
      [
        `added       ${api}  ${digests.api}`,
        since,
        `added       ${web}  ${digests.web}`,
        since,
        `${production}: 2 added`,
        "",
      ].join("\n"),
    );
    const entry = (await place.lock(production)).images.get(api);
    assert.deepEqual([entry?.how, entry?.from, entry?.reason], ["promote", staging, "release 14"]);
    assert.equal(registry.log.length, 0);
  });

  it("moves what has changed, and counts what has not", async () => {
    await place.run(["promote", ...both]);
    const next = await moveOn("api", "2");
    const { code, stdout } = await place.run(["promote", ...both]);
    assert.equal(code, 0);
    assert.match(
      stdout,
      new RegExp(`^replaced +${api} +${next}\n +was ${digests.api}, locked 2026-11-21 by Ann`),
    );
    assert.match(stdout, new RegExp(`\n${production}: 1 replaced, 1 unchanged\n$`));
    const entry = (await place.lock(production)).images.get(api);
    assert.deepEqual(
      entry?.history?.map(({ digest, how, from }) => [digest, how, from]),
      [[digests.api, "promote", staging]],
    );
  });

  // what is asked for → what the target has then
  const choices: readonly (readonly [
    args: (host: string) => readonly string[],
    promoted: readonly string[],
  ])[] = [
    [(host) => [`${host}/api:1`], ["api"]],
    [() => ["--image", "*/w*"], ["web"]],
    [(host) => [`${host}/api:1`, "--image", "*/w*"], ["api", "web"]],
  ];
  for (const [args, promoted] of choices) {
    it(`${args("HOST").join(" ")} takes ${promoted.join(" and ")}`, async () => {
      assert.equal((await place.run(["promote", ...both, ...args(registry.host)])).code, 0);
      const names = [...(await place.lock(production)).images.keys()];
      assert.deepEqual(
        names,
        promoted.map((name) => `${registry.host}/${name}:1`),
      );
    });
  }

  it("refuses what is held in the target, and promotes the rest", async () => {
    await place.run(["promote", ...both]);
    const bad = await moveOn("api", "bad");
    await place.run(["promote", ...both]);
    await place.run(["rollback", "--lock", production, api, "--reason", "INC-42"]);
    const next = await moveOn("web", "2");
    const { code, stdout, stderr } = await place.run(["promote", ...both]);
    assert.equal(code, 1);
    assert.match(
      stderr,
      new RegExp(`^"${api}": ${bad} was rolled back on 2026-11-21 and is held: INC-42\nfix: let it go first`),
    );
    assert.match(
      stdout,
      new RegExp(`^replaced +${web} +${next}\n[^]*\n${production}: 1 failed, 1 replaced\n$`),
    );
    assert.equal((await place.lock(production)).images.get(api)?.digest, digests.api);
  });

  it("takes over what is held in the source", async () => {
    await place.run(["promote", ...both]);
    const bad = await moveOn("api", "bad");
    await place.run(["rollback", "--lock", staging, api, "--reason", "INC-42"]);
    const { code, stdout } = await place.run(["promote", ...both]);
    assert.equal(code, 0);
    assert.match(
      stdout,
      new RegExp(
        `^held +${api} .*\n +from now on held here, too: ${bad} by Ann Lee <ann@example\\.com> because "INC-42"\n`,
      ),
    );
    assert.equal((await place.lock(production)).images.get(api)?.held?.[0]?.digest, bad);
  });

  it("shows the diff of a dry run, and begins nothing", async () => {
    const { code, stdout } = await place.run(["promote", ...both, "--dry-run"]);
    assert.equal(code, 0);
    assert.match(
      stdout,
      new RegExp(
        `\n${production}, not changed \\(dry run\\): 2 added\n--- /dev/null\n\\+\\+\\+ b/${production}\n`,
      ),
    );
    assert.equal(existsSync(place.path(production)), false);
  });

  it("prints JSON", async () => {
    const { stdout } = await place.run(["promote", ...both, "--json", api]);
    assert.deepEqual(JSON.parse(stdout), {
      version: 1,
      verb: "promote",
      lock: production,
      dryRun: false,
      from: staging,
      results: [
        {
          image: api,
          outcome: "added",
          digest: digests.api,
          mediaType: "application/vnd.oci.image.manifest.v1+json",
          platforms: ["linux/amd64"],
          lockedAt: "2026-11-21T10:01:00Z",
          verifiedAt: "2026-11-21T10:00:00Z",
        },
      ],
    });
  });

  // what is asked → exit code, and what standard error says
  const wrong: readonly (readonly [args: readonly string[], code: number, stderr: RegExp])[] = [
    [["--from", staging], 2, /required option '--to <lock>' not specified/],
    [["--from", staging, "--to", `./${staging}`], 2, /^error: --from and --to are the same lock\n$/],
    [
      ["--from", "none.json", "--to", production],
      2,
      /^error: there is no lock: looked for \S*\/none\.json\n/,
    ],
    [["--from", "broken.json", "--to", production], 2, /^error: \S*broken\.json:1:1: is empty\n/],
    [["--from", staging, "--to", "broken.json"], 2, /^error: \S*broken\.json:1:1: is empty\n/],
    [[...both, "nginx:1"], 2, /^"nginx:1": is not in the lock\n/],
  ];
  for (const [args, code, stderr] of wrong) {
    it(`ends with ${code}: ${args.join(" ")}`, async () => {
      await place.write("broken.json", "");
      const outcome = await place.run(["promote", ...args]);
      assert.match(outcome.stderr, stderr);
      assert.equal(outcome.code, code);
      assert.equal(existsSync(place.path(production)), false);
    });
  }
});
