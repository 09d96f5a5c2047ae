import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";

import { cacheRoot, executableIn, toolFolder } from "../../tools/cache";
import { catalogue } from "../../tools/catalogue";
import { describeObtained, obtainTool } from "../../tools/obtain";
import type { Surroundings } from "../../tools/obtain";

const pulumi = catalogue.pulumi;

describe("obtaining a tool", function () {
  this.timeout(30_000);
  let root: string;
  let around: Surroundings;
  let said: string[];
  let done: string[];

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "pinned-images-tools-"));
    said = [];
    done = [];
    around = {
      env: { PATH: join(root, "path"), HOME: join(root, "home"), PINNED_IMAGES_TOOLS: join(root, "cache") },
      progress: (line) => said.push(line),
      download: async (tool, folder) => {
        done.push("download");
        await writeTool(executableIn(folder, tool), "v3.255.0");
      },
      build: async (_tool, executable) => {
        done.push("build");
        await writeTool(executable, "v3.255.0");
      },
    };
  });
  afterEach(async () => rm(root, { recursive: true, force: true }));

  const onPath = () => join(root, "path", "pulumi");
  const inPulumisCache = () => join(root, "home", ".pulumi", "versions", pulumi.version, "bin", "pulumi");
  const inOurCache = () => executableIn(toolFolder(around.env, pulumi), pulumi);
  const noDownload: Partial<Surroundings> = {
    download: async () => Promise.reject(new Error("no network")),
  };

  it("takes Pulumi from the PATH before anything else, whatever its version is", async () => {
    await writeTool(onPath(), "v3.222.1");
    await writeTool(inPulumisCache(), "v3.255.0");
    await writeTool(inOurCache(), "v3.255.0");
    assert.deepEqual(await obtainTool("pulumi", around), {
      path: onPath(),
      version: "3.222.1",
      way: "found on the PATH",
    });
  });

  for (const [what, printed] of [
    ["is too old", "v3.199.0"],
    ["is of another major version", "v4.0.0"],
    ["prints no version", ""],
    ["prints something else", "hello"],
  ] as const) {
    it(`passes over a Pulumi on the PATH that ${what}`, async () => {
      await writeTool(onPath(), printed);
      await writeTool(inPulumisCache(), "v3.255.0");
      await writeTool(inOurCache(), "v3.255.0");
      const { path, way } = await obtainTool("pulumi", around);
      assert.deepEqual([path, way], [inPulumisCache(), "found in Pulumi's cache"]);
    });
  }

  it("takes our cache next, without a download", async () => {
    await writeTool(inOurCache(), "v3.255.0");
    const { way } = await obtainTool("pulumi", around);
    assert.deepEqual([way, done], ["found in our cache", []]);
  });

  it("downloads Pulumi when nobody has it, and has it the next time", async () => {
    const { path, way } = await obtainTool("pulumi", around);
    assert.deepEqual([path, way], [inOurCache(), "downloaded"]);
    assert.equal((await obtainTool("pulumi", around)).way, "found in our cache");
    assert.deepEqual(done, ["download"]);
  });

  it("builds Pulumi when it cannot be downloaded, and says that this takes its time", async () => {
    const { path, way } = await obtainTool("pulumi", { ...around, ...noDownload });
    assert.deepEqual([path, way, done], [inOurCache(), "built", ["build"]]);
    assert.deepEqual(said, [
      "pulumi 3.255.0 could not be downloaded: no network",
      "building pulumi 3.255.0 from its Go module, about four minutes",
    ]);
  });

  it("leaves nothing behind when neither way works", async () => {
    const failing = { ...around, ...noDownload, build: async () => Promise.reject(new Error("no Go")) };
    await assert.rejects(obtainTool("pulumi", failing), /no Go/);
    assert.deepEqual(await readdir(dirname(toolFolder(around.env, pulumi))), []);
  });

  it("builds the others at their pinned version, even if the PATH has one", async () => {
    await writeTool(join(root, "path", "crane"), "0.1.0");
    const { way, version } = await obtainTool("crane", around);
    assert.deepEqual([way, version, done], ["built", catalogue.crane.version, ["build"]]);
  });

  it("lets two at once make the same tool", async () => {
    const both = await Promise.all([obtainTool("crane", around), obtainTool("crane", around)]);
    assert.equal(new Set(both.map(({ path }) => path)).size, 1);
    assert.match(await readFile(both[0].path, "utf8"), /v3\.255\.0/);
    assert.equal((await readdir(dirname(toolFolder(around.env, catalogue.crane)))).length, 1);
  });

  it("says in one line which way it went", () => {
    const line = describeObtained("crane", { path: "/x/crane", version: "0.22.1", way: "built" });
    assert.equal(line, "crane 0.22.1: built (/x/crane)");
  });
});

describe("the cache's folder", () => {
  const cases: [string, NodeJS.ProcessEnv, string][] = [
    ["its own variable", { PINNED_IMAGES_TOOLS: "/own", XDG_CACHE_HOME: "/xdg", HOME: "/home/me" }, "/own"],
    ["XDG", { XDG_CACHE_HOME: "/xdg", HOME: "/home/me" }, "/xdg/pulumi-pinned-images"],
    ["home", { XDG_CACHE_HOME: "", HOME: "/home/me" }, "/home/me/.cache/pulumi-pinned-images"],
  ];
  for (const [name, env, expected] of cases) {
    it(`follows ${name}`, () => {
      assert.equal(cacheRoot(env), expected);
    });
  }
});

/** An executable that prints one line, whatever it is asked. */
async function writeTool(path: string, prints: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\necho '${prints}'\n`);
  await chmod(path, 0o755);
}
