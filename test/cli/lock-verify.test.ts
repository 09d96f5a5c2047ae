import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { afterEach, beforeEach, describe, it } from "mocha";
import { createWorkplace, type Workplace } from "../support/command-line";
import { startRegistry, type Registry } from "../support/registry";

const day = 24 * 60 * 60 * 1000;
const multi = ["linux/amd64", "linux/arm64"];

describe("pinned-images lock verify", () => {
  let registry: Registry;
  let place: Workplace;
  let name: string;
  let digest: string;

  beforeEach(async () => {
    registry = await startRegistry();
    place = await createWorkplace();
    name = `${registry.host}/api:1`;
    digest = registry.push("api", "1", { platforms: multi });
    await place.run(["pin", name]);
    place.now += 2 * day;
  });

  afterEach(async () => {
    await registry.close();
    await place.remove();
  });

  async function verify(...args: string[]): ReturnType<Workplace["run"]> {
    return place.run(["lock", "verify", ...args]);
  }

  it("says who has it, and records the day", async () => {
    const { code, stdout, stderr } = await verify();
    assert.deepEqual([code, stderr], [0, ""]);
    assert.equal(
      stdout,
      `present     ${name}  ${digest}\n            ${registry.host} answered: linux/amd64, linux/arm64\nimages.lock.json: 1 present\n`,
    );
    const entry = (await place.lock()).images.get(name);
    assert.deepEqual(
      [entry?.lockedAt, entry?.verifiedAt, entry?.tagMovedAt],
      ["2026-11-21T10:00:00Z", "2026-11-23T10:01:00Z", undefined],
    );
    const before = await place.read();
    assert.equal((await verify()).code, 0);
    assert.equal(await place.read(), before, "to the day");
  });

  it("asks the mirror that the machine is configured for, and says so", async () => {
    const mirror = await startRegistry();
    try {
      mirror.push("api", "1", { platforms: multi, seed: "api:1" });
      await mkdir(place.path("home/.config/containers"), { recursive: true });
      await place.write(
        "home/.config/containers/registries.conf",
        `[[registry]]\nlocation = "${registry.host}"\n[[registry.mirror]]\nlocation = "${mirror.host}"\n`,
      );
      assert.match(
        (await verify()).stdout,
        new RegExp(`\n +${mirror.host} answered: linux/amd64, linux/arm64\n`),
      );
    } finally {
      await mirror.close();
    }
  });

  it("records when the tag was first seen elsewhere, and that it came back", async () => {
    const next = registry.push("api", "1", { seed: "new" });
    const moved = await verify();
    assert.equal(moved.code, 0);
    assert.match(moved.stdout, new RegExp(`^tag moved +${name} +${digest}\n.*\n +the tag has ${next} now\n`));
    const movedAt = async (): Promise<unknown> => (await place.lock()).images.get(name)?.tagMovedAt;
    assert.equal(await movedAt(), "2026-11-23T10:01:00Z");
    place.now += day;
    await verify();
    assert.equal(await movedAt(), "2026-11-23T10:01:00Z");
    registry.setTag("api", "1", digest);
    await verify();
    assert.equal(await movedAt(), undefined);
  });

  it("says that the tag is gone", async () => {
    registry.setTag("api", "1", undefined);
    const { code, stdout } = await verify();
    assert.equal(code, 0);
    assert.match(stdout, /^tag gone [^]*\n +the registry does not have the tag any more\n/);
    assert.equal((await place.lock()).images.get(name)?.tagMovedAt, "2026-11-23T10:01:00Z");
  });

  it("ends with 1 when a digest is missing, and does not record it as seen", async () => {
    registry.fail({ kind: "answer", status: 404, path: digest });
    const next = registry.push("api", "1", { seed: "new" });
    const { code, stdout } = await verify();
    assert.equal(code, 1);
    assert.match(
      stdout,
      new RegExp(
        `^missing +${name} .*\n +the registry does not have this digest any more: .*\n +the tag has ${next} now\n +next: pinned-images refresh ${name}, or push`,
      ),
    );
    assert.equal((await place.lock()).images.get(name)?.verifiedAt, "2026-11-21T10:00:00Z");
  });

  it("ends with 1 when the lock lists a platform that the image lacks", async () => {
    await place.write("images.lock.json", (await place.read()).replace("linux/arm64", "linux/riscv64"));
    const { code, stdout } = await verify();
    assert.equal(code, 1);
    assert.match(stdout, /^incomplete .*\n +the image is not for linux\/riscv64, which the lock lists\n/);
  });

  it("ends with 3 when somebody could not be asked, and checks the rest", async () => {
    registry.push("web", "1");
    await place.run(["pin", `${registry.host}/web:1`]);
    place.now += 2 * day;
    registry.fail({ kind: "answer", status: 403, path: "/web/" });
    const { code, stdout, stderr } = await verify();
    assert.equal(code, 3);
    assert.match(stderr, /^cannot resolve ".*\/web:1": HEAD .* answered 403/);
    assert.match(stdout, /^present .*\/api:1/);
    const { images } = await place.lock();
    assert.equal(images.get(name)?.verifiedAt, "2026-11-25T10:02:00Z");
    assert.equal(images.get(`${registry.host}/web:1`)?.verifiedAt, "2026-11-23T10:01:00Z");
  });

  it("checks one platform's image", async () => {
    await place.run(["pin", "--platform", "linux/arm64", name]);
    registry.push("api", "1", { platforms: ["linux/amd64"], seed: "new" });
    const { code, stdout } = await verify(name);
    assert.equal(code, 0);
    assert.match(
      stdout,
      new RegExp(`^tag moved +${name} +sha256:.*\n[^]*\ntag gone +${name} linux/arm64 +sha256:`),
    );
  });

  it("shows the diff of a dry run, and writes nothing", async () => {
    const before = await place.read();
    const { code, stdout } = await verify("--dry-run");
    assert.equal(code, 0);
    assert.match(
      stdout,
      /^- {6}"verifiedAt": "2026-11-21T10:00:00Z",\n\+ {6}"verifiedAt": "2026-11-23T10:01:00Z",$/m,
    );
    assert.equal(await place.read(), before);
  });

  it("prints JSON", async () => {
    const next = registry.push("api", "1", { seed: "new" });
    const { stdout } = await verify("--json");
    assert.deepEqual(JSON.parse(stdout), {
      version: 1,
      verb: "lock verify",
      lock: "images.lock.json",
      dryRun: false,
      results: [
        {
          image: name,
          outcome: "tag moved",
          digest,
          mediaType: "application/vnd.oci.image.index.v1+json",
          platforms: multi,
          lockedAt: "2026-11-21T10:00:00Z",
          verifiedAt: "2026-11-21T10:00:00Z",
          registry: registry.host,
          missingPlatforms: [],
          tag: "moved",
          tagDigest: next,
        },
      ],
    });
  });

  // what is asked → exit code, and what standard error says
  const wrong: readonly (readonly [args: readonly string[], code: number, stderr: RegExp])[] = [
    [["nginx:1"], 2, /^"nginx:1": is not in the lock\n/],
    [["--lock", "none.json"], 2, /^error: there is no lock: looked for \S*\/none\.json\n/],
    [["--image", "nginx*"], 2, /^error: no image in the lock fits --image "nginx\*"\n/],
  ];
  for (const [args, code, stderr] of wrong) {
    it(`ends with ${code}: ${args.join(" ")}`, async () => {
      const outcome = await verify(...args);
      assert.match(outcome.stderr, stderr);
      assert.equal(outcome.code, code);
    });
  }
});
