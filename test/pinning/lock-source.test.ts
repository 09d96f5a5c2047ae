import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LockError } from "../../lock";
import { locateLock, openLock } from "../../pinning";
import { testDigest } from "../support/fake-registry-client";
import { lockText } from "../support/lock";

const key = "docker.io/library/nginx:1";

describe("locateLock", () => {
  let root: string;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), "pinned-images-lock-"));
    await mkdir(join(root, "repo", ".git"), { recursive: true });
    await mkdir(join(root, "repo", "app", "infra"), { recursive: true });
    await mkdir(join(root, "bare"));
    await writeFile(join(root, "images.lock.json"), lockText({}));
    await writeFile(join(root, "repo", "images.lock.json"), lockText({}));
    await writeFile(join(root, "repo", "app", "images.production.lock.json"), lockText({}));
  });
  after(async () => rm(root, { recursive: true, force: true }));

  const one = (file: string) => ({ file, by: "somebody" });
  const found: readonly (readonly [
    says: string,
    named: Parameters<typeof locateLock>[0],
    from: string,
    at: string,
  ])[] = [
    ["around the folder", [], "repo/app/infra", "repo/images.lock.json"],
    [
      "by a relative name, around the folder",
      [one("images.production.lock.json")],
      "repo/app/infra",
      "repo/app/images.production.lock.json",
    ],
    [
      "by the first who names one",
      [undefined, one(""), one("images.lock.json"), one("nowhere.json")],
      "repo/app",
      "repo/images.lock.json",
    ],
  ];
  for (const [says, named, from, at] of found) {
    it(`finds it ${says}`, () => {
      assert.equal(locateLock(named, join(root, from)).path, join(root, at));
    });
  }
  it("finds it by an absolute name", () => {
    const path = join(root, "images.lock.json");
    assert.equal(locateLock([one(path)], join(root, "repo")).path, path);
  });
  it("does not leave the repository", () => {
    const folder = join(root, "repo", "app");
    assert.throws(
      () => locateLock([one("other.lock.json")], folder),
      (error) => {
        assert.ok(error instanceof LockError);
        assert.equal(error.code, "not-found");
        assert.equal(
          error.message,
          `somebody names the lock "other.lock.json", which is not there; looked in ${join(folder, "other.lock.json")}, ${join(root, "repo", "other.lock.json")}`,
        );
        return true;
      },
    );
  });
  it("says where it looked when nobody named one", () => {
    const located = locateLock([], join(tmpdir(), "no-such-folder"));
    assert.ok(located.path === undefined);
    assert.equal(located.lookedIn[0], join(tmpdir(), "no-such-folder", "images.lock.json"));
  });
});

describe("openLock", () => {
  it("reads again what somebody has written", async () => {
    const folder = await mkdtemp(join(tmpdir(), "pinned-images-lock-"));
    try {
      const path = join(folder, "images.lock.json");
      await writeFile(path, lockText({ [key]: testDigest("a") }));
      assert.equal((await openLock(path).view()).get(key)?.digest, testDigest("a"));
      assert.equal(await openLock(path).view(), await openLock(path).view());
      await writeFile(
        path,
        lockText({ [key]: testDigest("b"), "docker.io/library/redis:7": testDigest("a") }),
      );
      assert.equal((await openLock(path).view()).get(key)?.digest, testDigest("b"));
      await rm(path);
      await assert.rejects(openLock(path).view(), { code: "not-found" });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
