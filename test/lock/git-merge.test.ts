// What git makes of two branches that both change the lock: git itself, in a repository of its own.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Digest } from "../../images";
import {
  formatLock,
  parseLock,
  pinEntry,
  refreshEntry,
  signedEntry,
  timestamp,
  type Lock,
  type Seen,
} from "../../lock";
import { testDigest } from "../support/fake-registry-client";

const [a, b, c] = [testDigest("a"), testDigest("b"), testDigest("c")];
const seen = (digest: Digest): Seen => ({
  digest,
  mediaType: "application/vnd.oci.image.index.v1+json",
  platforms: ["linux/amd64"],
});
const at = (hour: number) => ({
  now: timestamp(Date.UTC(2026, 10, 21, hour)),
  by: "Ann Lee <ann@example.com>",
});

const names = ["ghcr.io/acme/api:1", "ghcr.io/acme/db:1", "ghcr.io/acme/web:1"];
const base: Lock = { images: new Map(names.map((name) => [name, pinEntry(undefined, seen(a), at(1))])) };

function refreshed(lock: Lock, name: string, digest: Digest, hour: number): Lock {
  const entry = lock.images.get(name);
  assert.ok(entry !== undefined);
  return { images: new Map([...lock.images, [name, refreshEntry(entry, seen(digest), at(hour)).entry]]) };
}

function signed(lock: Lock, name: string): Lock {
  const entry = lock.images.get(name);
  assert.ok(entry !== undefined);
  const signatures = { by: [{ who: "key SHA256:x", how: "key" as const }], evidence: "AAAA" };
  return { images: new Map([...lock.images, [name, signedEntry(entry, signatures, at(4).now)]]) };
}

function pinned(lock: Lock, name: string): Lock {
  return { images: new Map([...lock.images, [name, pinEntry(undefined, seen(b), at(3))]]) };
}

describe("a lock that two branches change", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "pinned-images-merge-"));
    git("init", "--quiet", "--initial-branch", "main");
  });
  afterEach(async () => rm(folder, { recursive: true, force: true }));

  function git(...args: readonly string[]): number | null {
    const identity = [
      "-c",
      "user.name=Ann",
      "-c",
      "user.email=ann@example.com",
      "-c",
      "commit.gpgsign=false",
    ];
    const env = { PATH: process.env["PATH"], HOME: folder, GIT_CONFIG_NOSYSTEM: "1" };
    return spawnSync("git", [...identity, ...args], { cwd: folder, env, timeout: 15_000 }).status;
  }
  const file = (): string => join(folder, "images.lock.json");
  async function commit(lock: Lock): Promise<void> {
    await writeFile(file(), formatLock(lock));
    git("add", "images.lock.json");
    assert.equal(git("commit", "--quiet", "--message", "lock"), 0);
  }
  /** Commits the one on a branch, the other on main, merges, and gives git's exit code. */
  async function merge(ours: Lock, theirs: Lock): Promise<number | null> {
    await commit(base);
    git("switch", "--quiet", "--create", "theirs");
    await commit(theirs);
    git("switch", "--quiet", "main");
    await commit(ours);
    return git("merge", "--quiet", "--no-edit", "theirs");
  }

  const clean: readonly (readonly [title: string, ours: Lock, theirs: Lock, expected: Lock])[] = [
    [
      "refresh two images",
      refreshed(base, "ghcr.io/acme/api:1", b, 2),
      refreshed(base, "ghcr.io/acme/db:1", c, 3),
      refreshed(refreshed(base, "ghcr.io/acme/api:1", b, 2), "ghcr.io/acme/db:1", c, 3),
    ],
    [
      "refresh one and add another",
      refreshed(base, "ghcr.io/acme/web:1", b, 2),
      pinned(base, "ghcr.io/acme/cache:1"),
      pinned(refreshed(base, "ghcr.io/acme/web:1", b, 2), "ghcr.io/acme/cache:1"),
    ],
    [
      "refresh one and verify the signatures of another",
      refreshed(base, "ghcr.io/acme/api:1", b, 2),
      signed(base, "ghcr.io/acme/db:1"),
      signed(refreshed(base, "ghcr.io/acme/api:1", b, 2), "ghcr.io/acme/db:1"),
    ],
    [
      "add two images",
      pinned(base, "ghcr.io/acme/cache:1"),
      pinned(base, "ghcr.io/acme/queue:1"),
      pinned(pinned(base, "ghcr.io/acme/cache:1"), "ghcr.io/acme/queue:1"),
    ],
  ];
  for (const [title, ours, theirs, expected] of clean) {
    it(`merges by itself when they ${title}`, async () => {
      assert.equal(await merge(ours, theirs), 0);
      assert.equal(await readFile(file(), "utf8"), formatLock(expected));
    });
  }

  for (const [title, theirs] of [
    ["refresh the same image", refreshed(base, "ghcr.io/acme/db:1", c, 3)],
    ["refresh an image and verify its signatures", signed(base, "ghcr.io/acme/db:1")],
  ] as const) {
    it(`is refused with the line of the conflict when they ${title}, and the conflict stays within it`, async () => {
      const ours = refreshed(base, "ghcr.io/acme/db:1", b, 2);
      assert.equal(await merge(ours, theirs), 1);
      const text = await readFile(file(), "utf8");
      const lines = text.split("\n");
      const conflict = lines.findIndex((line) => line.startsWith("<<<<<<<"));
      assert.throws(() => parseLock(text, "images.lock.json"), {
        code: "syntax",
        message: `images.lock.json:${conflict + 1}:1: has a merge conflict of git`,
      });
      const inside = lines.slice(
        conflict,
        lines.findLastIndex((line) => line.startsWith(">>>>>>>")),
      );
      assert.ok(!inside.some((line) => line.includes("ghcr.io/")), inside.join("\n"));
    });
  }
});
