import assert from "node:assert/strict";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { findLockFile, lockFileName } from "../../lock";

describe("findLockFile", () => {
  let root: string;
  const path = (...parts: readonly string[]): string => join(root, ...parts);

  // root/ ├ images.lock.json
  //       └ repository/ ├ .git/
  //                     ├ production.lock.json
  //                     └ apps/web/ └ web.lock.json
  before(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), "find-lock-")));
    await mkdir(path("repository", ".git"), { recursive: true });
    await mkdir(path("repository", "apps", "web"), { recursive: true });
    await writeFile(path(lockFileName), "");
    await writeFile(path("repository", "production.lock.json"), "");
    await writeFile(path("repository", "apps", "web", "web.lock.json"), "");
  });
  after(async () => {
    await rm(root, { recursive: true });
  });

  it("finds one in the folder itself", () => {
    const folder = path("repository", "apps", "web");
    assert.deepEqual(findLockFile("web.lock.json", folder), { path: join(folder, "web.lock.json") });
  });

  it("finds one further up", () => {
    assert.deepEqual(findLockFile("production.lock.json", path("repository", "apps", "web")), {
      path: path("repository", "production.lock.json"),
    });
  });

  it("stops at the root of the repository, and says where it looked", () => {
    assert.deepEqual(findLockFile(lockFileName, path("repository", "apps", "web")), {
      lookedIn: [
        path("repository", "apps", "web", lockFileName),
        path("repository", "apps", lockFileName),
        path("repository", lockFileName),
      ],
    });
  });

  it("stops where .git is a file, as in a work tree or a submodule", async () => {
    await mkdir(path("submodule", "app"), { recursive: true });
    await writeFile(path("submodule", ".git"), "gitdir: ../elsewhere\n");
    assert.deepEqual(findLockFile(lockFileName, path("submodule", "app")), {
      lookedIn: [path("submodule", "app", lockFileName), path("submodule", lockFileName)],
    });
  });

  it("goes up to the root of the file system where there is no repository", async () => {
    await mkdir(path("plain", "app"), { recursive: true });
    assert.deepEqual(findLockFile(lockFileName, path("plain", "app")), { path: path(lockFileName) });
    const looked = findLockFile("no-such.lock.json", path("plain"));
    assert.ok("lookedIn" in looked);
    assert.equal(looked.lookedIn.at(-1), join("/", "no-such.lock.json"));
  });

  it("looks for an absolute name there alone", () => {
    const there = path("repository", "production.lock.json");
    assert.deepEqual(findLockFile(there, path("plain")), { path: there });
    const absent = path("repository", "apps", "production.lock.json");
    assert.deepEqual(findLockFile(absent, path("repository")), { lookedIn: [absent] });
  });

  it("takes a folder relative to the present one, and a name with a folder", () => {
    const folder = relative(process.cwd(), path("repository"));
    assert.deepEqual(findLockFile(join("apps", "web", "web.lock.json"), folder), {
      path: path("repository", "apps", "web", "web.lock.json"),
    });
  });

  it("looks in a folder that is not there, and above it", () => {
    assert.deepEqual(findLockFile("production.lock.json", path("repository", "no", "such")), {
      path: path("repository", "production.lock.json"),
    });
  });
});
