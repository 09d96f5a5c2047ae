// pin, refresh and lock verify over files: they take their digests from the lock, and never disagree with it.
import assert from "node:assert/strict";
import { mkdir, stat } from "node:fs/promises";
import * as v from "valibot";
import { createWorkplace, type Workplace } from "../support/command-line";
import { startRegistry, type Registry } from "../support/registry";

describe("a lock and the files that take their digests from it", function () {
  this.timeout(30_000);
  let registry: Registry;
  let place: Workplace;
  let web: string;
  let base: string;

  const compose = (image: string): string =>
    `# what we run\r\nservices:\r\n  web:  # the front\r\n    image:   "${image}"   # keep me\r\n  built:\r\n    build: .\r\n`;
  const dockerfile = (image: string): string =>
    `ARG REVISION\nFROM ${image} AS build\nCOPY --from=build /a /b\n`;

  beforeEach(async () => {
    registry = await startRegistry();
    place = await createWorkplace();
    web = registry.push("web", "1", { platforms: ["linux/amd64", "linux/arm64"] });
    base = registry.push("base", "2", { seed: "base" });
    await place.write("compose.yml", compose(tag("web", "1")));
    await place.write("Dockerfile", dockerfile(tag("base", "2")));
  });
  afterEach(async () => {
    await registry.close();
    await place.remove();
  });
  const tag = (repository: string, name: string): string => `${registry.host}/${repository}:${name}`;

  it("pin --in locks what the files name and writes the digests in, byte for byte, once", async () => {
    const { code, stdout, stderr } = await place.run(["pin", "--in", ".", "--reason", "first"]);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /^locked +\S+\/base:2 [^]*\nimages\.lock\.json: 2 locked\n/);
    assert.match(stdout, /\nrewritten +compose\.yml:4 +"\S+\/web:1" +sha256:/);
    assert.equal(await place.read("compose.yml"), compose(`${tag("web", "1")}@${web}`));
    assert.equal(await place.read("Dockerfile"), dockerfile(`${tag("base", "2")}@${base}`));
    assert.equal((await place.lock()).images.get(tag("web", "1"))?.digest, web);

    const asked = registry.log.length;
    const again = await place.run(["pin", "--in", "."]);
    assert.deepEqual(again, { code: 0, stdout: "images.lock.json: nothing to do\n", stderr: "" });
    assert.equal(registry.log.length, asked, "and asks nobody");
  });

  it("pin --in --dry-run shows one diff, and changes nothing", async () => {
    const { code, stdout } = await place.run(["pin", "--in", ".", "--dry-run"]);
    assert.equal(code, 0);
    assert.match(stdout, /\n\+\+\+ b\/images\.lock\.json\n/);
    assert.match(stdout, /\n--- a\/compose\.yml\n\+\+\+ b\/compose\.yml\n/);
    assert.ok(stdout.includes(`\n+FROM ${tag("base", "2")}@${base} AS build\n`), stdout);
    assert.equal(await place.read("compose.yml"), compose(tag("web", "1")));
    await assert.rejects(stat(place.path("images.lock.json")), { code: "ENOENT" });
  });

  it("pin --in --form digest --backup writes the other style, and keeps the files", async () => {
    assert.equal((await place.run(["pin", "--in", "compose.yml", "--form", "digest", "--backup"])).code, 0);
    assert.equal(await place.read("compose.yml"), compose(`${registry.host}/web@${web}`));
    assert.equal(await place.read("compose.yml.bak"), compose(tag("web", "1")));
    assert.equal(await place.read("Dockerfile"), dockerfile(tag("base", "2")), "which was not named");
  });

  describe("an image that a comment leaves alone", () => {
    // what stands behind it → whether pin --in writes its digest
    const cases: readonly (readonly [string, boolean])[] = [
      ['owner=web expires=2026-12-31 reason="soon"', false],
      ['owner=web expires=2020-12-31 reason="soon"', true],
      ['expires=2026-12-31 reason="soon"', true],
      ["", true],
    ];
    for (const [said, isPinned] of cases) {
      it(`${isPinned ? "is pinned all the same" : "stays"} with "${said}"`, async () => {
        const line = (image: string): string =>
          `services:\n  web:\n    image: ${image} # pinned-images: ignore ${said}\n`;
        await place.write("compose.yml", line(tag("web", "1")));
        assert.equal((await place.run(["pin", "--in", "compose.yml"])).code, 0);
        const expected = isPinned ? `${tag("web", "1")}@${web}` : tag("web", "1");
        assert.equal(await place.read("compose.yml"), line(expected));
      });
    }
  });

  it("refresh --in takes the files along", async () => {
    await place.run(["pin", "--in", "."]);
    const moved = registry.push("web", "1", { seed: "moved" });
    const { code, stdout, stderr } = await place.run(["refresh", "--in", "."]);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /\nrewritten +compose\.yml:4 /);
    assert.equal(await place.read("compose.yml"), compose(`${tag("web", "1")}@${moved}`));
    assert.equal((await place.run(["rollback", "--offline", tag("web", "1")])).code, 0);
    assert.equal((await place.run(["pin", "--in", "."])).code, 0);
    assert.equal(
      await place.read("compose.yml"),
      compose(`${tag("web", "1")}@${web}`),
      "and a rollback, too",
    );
  });

  it("leaves a digest that the lock never had, says so, and lock verify does, too", async () => {
    await place.run(["pin", "--in", "."]);
    const other = registry.push("web", "other", { seed: "other" });
    await place.write("compose.yml", compose(`${tag("web", "1")}@${other}`));
    for (const verb of [["pin"], ["refresh"], ["lock", "verify"]]) {
      const { code, stdout } = await place.run([...verb, "--in", "."]);
      assert.equal(code, 1, verb.join(" "));
      assert.match(stdout, /\ndiffers +compose\.yml:4 +"\S+\/web:1@sha256:[^]*\n +the lock has sha256:/);
      assert.equal(await place.read("compose.yml"), compose(`${tag("web", "1")}@${other}`));
    }
    await place.write("compose.yml", compose(`${tag("web", "1")}@${web}`));
    const { code, stdout } = await place.run(["lock", "verify", "--in", "."]);
    assert.deepEqual([code, stdout.includes("differs")], [0, false]);
  });

  describe("of images whose digest has lost its tag", () => {
    beforeEach(async () => {
      await place.write("compose.yml", compose(`${registry.host}/web`));
      web = registry.push("web", "latest", { seed: "same" });
      await place.run(["pin", "--in", ".", "--form", "digest"]);
      assert.equal(await place.read("compose.yml"), compose(`${registry.host}/web@${web}`));
    });

    it("refresh --in takes them along, and lock verify knows them", async () => {
      const moved = registry.push("base", "2", { seed: "moved" });
      const { code, stdout } = await place.run(["refresh", "--in", "."]);
      assert.equal(code, 0);
      assert.match(stdout, /\nrewritten +Dockerfile:2 +"\S+\/base@sha256:/);
      assert.equal(await place.read("Dockerfile"), dockerfile(`${registry.host}/base@${moved}`));
      assert.equal((await place.run(["lock", "verify", "--in", "."])).code, 0);
    });

    it("leaves a digest that the lock never had, and lock verify says so", async () => {
      const foreign = `${registry.host}/web@sha256:${"1".repeat(64)}`;
      await place.write("compose.yml", compose(foreign));
      for (const verb of [["pin"], ["refresh"], ["lock", "verify"]]) {
        const { code, stdout } = await place.run([...verb, "--in", "."]);
        assert.equal(code, 1, verb.join(" "));
        assert.match(stdout, /\ndiffers +compose\.yml:4 [^]*pinned-images pin "\S+\/web:<tag>@sha256:1{64}"/);
        assert.equal(await place.read("compose.yml"), compose(foreign));
      }
    });

    it("asks which tag is meant where two have followed it", async () => {
      registry.push("web", "1", { seed: "same" });
      await place.run(["pin", tag("web", "1")]);
      registry.push("web", "1", { seed: "one" });
      registry.push("web", "latest", { seed: "two" });
      const { code, stdout } = await place.run(["refresh", "--in", "."]);
      assert.equal(code, 1);
      assert.match(
        stdout,
        /\ndiffers +compose\.yml:4 [^]*for \S+\/web:1, sha256:\w{64} for \S+\/web:latest;/,
      );
      assert.equal(await place.read("compose.yml"), compose(`${registry.host}/web@${web}`));
    });

    it("says that the lock has nothing of the repository", async () => {
      await place.write("compose.yml", compose(`${registry.host}/other@${web}`));
      const { code, stdout } = await place.run(["pin", "--in", "compose.yml"]);
      assert.equal(code, 1);
      assert.match(
        stdout,
        /\nnot in lock compose\.yml:4 [^]*add it: pinned-images pin "\S+\/other:<tag>@sha256:/,
      );
    });
  });

  describe("says what takes no digest", () => {
    // what stands in compose.yml → what is said of it
    const cases: readonly (readonly [string, RegExp])[] = [
      ["${IMAGE}", /\nfixed +compose\.yml:4 +"services\.web\.image"\n +takes IMAGE from outside, /],
      [
        "nginx@sha256:abc",
        /\nmalformed +compose\.yml:4 +"nginx@sha256:abc"\n +the digest has 3 hex characters/,
      ],
      ['"', /\nfixed +compose\.yml:\d+\n +is not readable as YAML; correct the file/],
      ["Nginx:1", /\nmalformed +compose\.yml:4 +"Nginx:1"\n/],
    ];
    for (const [image, expected] of cases) {
      it(image, async () => {
        await place.run(["pin", tag("web", "1")]);
        await place.write("compose.yml", compose(image));
        for (const verb of [["pin"], ["refresh"], ["lock", "verify"]]) {
          const { code, stdout } = await place.run([...verb, "--in", "compose.yml"]);
          assert.equal(code, 1, verb.join(" "));
          assert.match(stdout, expected);
        }
        assert.equal(await place.read("compose.yml"), compose(image));
      });
    }

    it("what a variable says that comes from another file, until its value has the lock's digest", async () => {
      await place.write("compose.yml", compose("${IMAGE}"));
      await place.write(".env", `IMAGE=${tag("web", "1")}@${web}\n`);
      assert.equal((await place.run(["pin", "--in", "."])).code, 0);
      const moved = registry.push("web", "1", { seed: "moved" });
      for (const verb of [["refresh"], ["pin"], ["lock", "verify"]]) {
        const { code, stdout } = await place.run([...verb, "--in", "."]);
        assert.equal(code, 1, verb.join(" "));
        assert.match(
          stdout,
          new RegExp(`\\nfixed +compose\\.yml:4 [^]*the lock has ${moved}; ends in what IMAGE says`),
        );
      }
      await place.write(".env", `IMAGE=${tag("web", "1")}@${moved}\n`);
      assert.equal((await place.run(["lock", "verify", "--in", "."])).code, 0);
    });
  });

  it("says what it could not write, with the line", async () => {
    await place.write("Dockerfile", `ARG TAG=2\nFROM ${registry.host}/base:$TAG\n`);
    const { code, stdout } = await place.run(["pin", "--in", "Dockerfile"]);
    assert.equal(code, 1);
    assert.match(stdout, /\nfixed +Dockerfile:2 /);
  });

  it("loses nothing for the others when one cannot be resolved", async () => {
    await place.write("Dockerfile", dockerfile(tag("base", "gone")));
    const { code, stdout, stderr } = await place.run(["pin", "--in", "."]);
    assert.equal(code, 3);
    assert.match(stderr, /cannot resolve "\S+\/base:gone"/);
    assert.match(stdout, /\nnot in lock Dockerfile:2 /);
    assert.equal(await place.read("compose.yml"), compose(`${tag("web", "1")}@${web}`));
  });

  it("leaves lock and files as they were when one of them cannot be written", async () => {
    // In the way of the new text of the second file.
    await mkdir(place.path(".compose.yml.pinned-images.new/x"), { recursive: true });
    const { code, stderr } = await place.run(["pin", "--in", "Dockerfile", "compose.yml"]);
    assert.equal(code, 3, stderr);
    assert.match(stderr, /compose\.yml[^]*no file was changed/);
    assert.equal(await place.read("Dockerfile"), dockerfile(tag("base", "2")));
    assert.equal(await place.read("compose.yml"), compose(tag("web", "1")));
    await assert.rejects(stat(place.path("images.lock.json")), { code: "ENOENT" });
  });

  it("tells tools of each image, and of what it could not read", async () => {
    await place.write("b.Dockerfile", "FROM a\0:1\n");
    await place.write("c.Dockerfile", "FROM nginx@sha256:abc\n");
    const { code, stdout } = await place.run(["pin", "--in", ".", "--json"]);
    assert.equal(code, 3);
    const json = v.parse(
      v.object({
        files: v.array(v.looseObject({ file: v.string(), line: v.number(), outcome: v.string() })),
        unread: v.array(v.looseObject({ file: v.string(), problem: v.string() })),
      }),
      JSON.parse(stdout),
    );
    assert.deepEqual(
      json.files.map(({ file, line, outcome }) => `${file}:${line} ${outcome}`),
      ["Dockerfile:2 rewritten", "compose.yml:4 rewritten", "c.Dockerfile:1 malformed"],
    );
    assert.deepEqual(
      json.unread.map(({ file, problem }) => `${file} ${problem}`),
      ["b.Dockerfile is binary: it holds a NUL byte"],
    );
  });

  it("takes no options of files where none are named", async () => {
    await place.run(["pin", tag("web", "1")]);
    for (const verb of [["pin", tag("web", "1")], ["refresh"]]) {
      for (const option of [["--form", "digest"], ["--backup"]]) {
        const { code, stderr } = await place.run([...verb, ...option]);
        assert.deepEqual([code, stderr], [2, `error: ${option[0]} is for files; name them: --in <path>\n`]);
      }
    }
  });

  it("takes no platform for files, and no path that is not there", async () => {
    const platform = await place.run(["pin", "--in", ".", "--platform", "linux/arm64"]);
    assert.deepEqual(
      [platform.code, platform.stderr.startsWith("error: --platform is for references")],
      [2, true],
    );
    const nowhere = await place.run(["pin", "--in", "nowhere.yml"]);
    assert.deepEqual(
      [nowhere.code, nowhere.stderr.startsWith('error: there is no file or folder "nowhere.yml"')],
      [2, true],
    );
  });
});
