import assert from "node:assert/strict";
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  emptyLock,
  formatLock,
  LockError,
  lockTextIfThere,
  parseLock,
  readLockFile,
  readLockText,
  updateLockFile,
  type Lock,
} from "../../lock";
import { entryWith, states } from "./support/entries";
import { folderForEach } from "./support/folder";

const name = "docker.io/library/nginx:1.27";
const withNginx = ({ images, ...rest }: Lock): Lock => ({
  ...rest,
  images: new Map(images).set(name, entryWith()),
});
const nginxText = formatLock(withNginx(emptyLock()));

describe("the file of a lock", () => {
  const path = folderForEach();
  const lock = (): string => path("images.lock.json");
  const names = (): string[] => readdirSync(path()).sort();

  describe("is read", () => {
    it("as a whole, and as text", async () => {
      writeFileSync(lock(), nginxText);
      assert.deepEqual(await readLockFile(lock()), withNginx(emptyLock()));
      assert.equal(await readLockText(lock()), nginxText);
      assert.equal(await lockTextIfThere(lock()), nginxText);
    });

    it("as nothing, where there may be none", async () => {
      assert.equal(await lockTextIfThere(lock()), undefined);
    });

    const fix = "check the file and its permissions, or name the file that is the lock";
    // what, how it is made, code, message, fix
    const cases: readonly (readonly [string, () => void, string, string, string])[] = [
      ["none", () => undefined, "not-found", "there is no such lock", "begin one: pinned-images pin --lock"],
      [
        "a link that leads nowhere",
        () => {
          symlinkSync(path("nowhere"), lock());
        },
        "not-found",
        "there is no such lock",
        "begin one: pinned-images pin --lock",
      ],
      [
        "a folder",
        () => {
          mkdirSync(lock());
        },
        "unreadable",
        "is no file",
        fix,
      ],
      [
        "a link to a device that never ends",
        () => {
          symlinkSync("/dev/zero", lock());
        },
        "unreadable",
        "is no file",
        fix,
      ],
      [
        "a link to itself",
        () => {
          symlinkSync(lock(), lock());
        },
        "unreadable",
        "cannot be read (ELOOP)",
        fix,
      ],
      [
        "no UTF-8",
        () => {
          writeFileSync(lock(), Buffer.from([0x7b, 0xff, 0x7d]));
        },
        "unreadable",
        "is no UTF-8",
        fix,
      ],
      [
        "UTF-16",
        () => {
          writeFileSync(lock(), Buffer.from(`\ufeff${nginxText}`, "utf16le"));
        },
        "unreadable",
        "is no UTF-8",
        fix,
      ],
      [
        "more than any lock has",
        () => {
          writeFileSync(lock(), "");
          truncateSync(lock(), 64 * 1024 * 1024 + 1);
        },
        "unreadable",
        "has 67108865 bytes; no lock is larger than 67108864",
        fix,
      ],
      [
        "a byte-order mark",
        () => {
          writeFileSync(lock(), `\ufeff${nginxText}`);
        },
        "syntax",
        "starts with a byte-order mark",
        "save it as UTF-8 without one",
      ],
    ];
    for (const [what, make, code, problem, fix] of cases) {
      it(`with an error for ${what}, and is not changed`, async () => {
        make();
        const place = code === "syntax" ? `${lock()}:1:1` : lock();
        const expected = { name: "LockError", code, message: `${place}: ${problem}` };
        await assert.rejects(readLockFile(lock()), (error) => {
          assert.ok(error instanceof LockError);
          assert.deepEqual({ name: error.name, code: error.code, message: error.message }, expected);
          assert.ok(error.fix.startsWith(fix));
          return true;
        });
        if (code === "not-found") return;
        const before = lstatSync(lock());
        await assert.rejects(updateLockFile(lock(), withNginx), expected);
        assert.deepEqual([lstatSync(lock()).ino, lstatSync(lock()).mtimeMs], [before.ino, before.mtimeMs]);
        assert.deepEqual(names(), ["images.lock.json"]);
      });
    }
  });

  describe("is changed", () => {
    it("from nothing: a lock is begun", async () => {
      assert.deepEqual(await updateLockFile(lock(), withNginx), withNginx(emptyLock()));
      assert.equal(readFileSync(lock(), "utf8"), nginxText);
      assert.deepEqual(names(), ["images.lock.json"]);
    });

    it("from nothing, where the package is installed beside it: its schema is named", async () => {
      const schema = "node_modules/pulumi-pinned-images/schemas/images.lock.schema.json";
      mkdirSync(dirname(path(schema)), { recursive: true });
      writeFileSync(path(schema), "{}");
      await updateLockFile(lock(), withNginx);
      assert.equal((await readLockFile(lock())).$schema, schema);
      assert.ok(existsSync(join(dirname(lock()), schema)));
    });

    it("but not in what it says of its schema", async () => {
      writeFileSync(lock(), formatLock(emptyLock("https://example.com/mine.json")));
      await updateLockFile(lock(), withNginx);
      assert.equal((await readLockFile(lock())).$schema, "https://example.com/mine.json");
    });

    it("not at all when nothing changes", async () => {
      writeFileSync(lock(), nginxText);
      const before = statSync(lock());
      await updateLockFile(lock(), withNginx);
      assert.deepEqual([statSync(lock()).ino, statSync(lock()).mtimeMs], [before.ino, before.mtimeMs]);
    });

    it("from CRLF to LF", async () => {
      writeFileSync(lock(), formatLock(emptyLock()).replaceAll("\n", "\r\n"));
      await updateLockFile(lock(), withNginx);
      assert.equal(readFileSync(lock(), "utf8"), nginxText);
    });

    it("not when the change throws", async () => {
      writeFileSync(lock(), nginxText);
      const fails = (): Lock => {
        throw new Error("no");
      };
      await assert.rejects(updateLockFile(lock(), fails), { message: "no" });
      assert.equal(readFileSync(lock(), "utf8"), nginxText);
      assert.deepEqual(names(), ["images.lock.json"]);
    });

    it("not when another process took the claim over meanwhile", async () => {
      writeFileSync(lock(), formatLock(emptyLock()));
      // As when a person removes the claim because the process seemed to hang.
      const stolen = (before: Lock): Lock => {
        rmSync(path("images.lock.json.busy"));
        return withNginx(before);
      };
      await assert.rejects(updateLockFile(lock(), stolen), {
        code: "busy",
        message: `${lock()}: another process took it over`,
        fix: "run the command again",
      });
      assert.equal(readFileSync(lock(), "utf8"), formatLock(emptyLock()));
    });

    it("through a link, which stays one", async () => {
      mkdirSync(path("shared"));
      writeFileSync(path("shared", "lock.json"), formatLock(emptyLock()));
      symlinkSync(join("shared", "lock.json"), lock());
      await updateLockFile(lock(), withNginx);
      assert.ok(lstatSync(lock()).isSymbolicLink());
      assert.equal(readFileSync(path("shared", "lock.json"), "utf8"), nginxText);
      assert.deepEqual(
        [names(), readdirSync(path("shared"))],
        [["images.lock.json", "shared"], ["lock.json"]],
      );
    });

    it("through several links at once, and nothing is lost", async () => {
      writeFileSync(path("target.json"), formatLock(emptyLock()));
      const links = ["a", "b", "c"].map((link) => path(link));
      for (const link of links) symlinkSync("target.json", link);
      const all = Array.from({ length: 12 }, (_, index) => `ghcr.io/acme/service-${index}:1`);
      await Promise.all(
        all.map(async (image, index) =>
          updateLockFile(links[index % 3] ?? "", ({ images }) => ({
            images: new Map(images).set(image, entryWith()),
          })),
        ),
      );
      const { images } = await readLockFile(path("target.json"));
      assert.deepEqual([...images.keys()].sort(), all.sort());
    });

    it("with its permissions kept", async () => {
      writeFileSync(lock(), formatLock(emptyLock()));
      chmodSync(lock(), 0o640);
      await updateLockFile(lock(), withNginx);
      assert.equal(statSync(lock()).mode & 0o7777, 0o640);
    });

    it("not in a folder that may not be written", async () => {
      mkdirSync(path("closed"));
      const there = path("closed", "images.lock.json");
      writeFileSync(there, formatLock(emptyLock()));
      chmodSync(path("closed"), 0o555);
      try {
        await asSomebody(async () => {
          await assert.rejects(updateLockFile(there, withNginx), {
            code: "unwritable",
            message: `${there}: cannot be written: its folder takes no new files (EACCES)`,
          });
        });
      } finally {
        chmodSync(path("closed"), 0o755);
      }
      assert.equal(readFileSync(there, "utf8"), formatLock(emptyLock()));
      assert.deepEqual(readdirSync(path("closed")), ["images.lock.json"]);
    });

    it("not when it cannot be written, with the reason", async () => {
      writeFileSync(lock(), formatLock(emptyLock()));
      mkdirSync(path("images.lock.json.tmp"));
      await assert.rejects(updateLockFile(lock(), withNginx), {
        code: "unwritable",
        message: `${lock()}: cannot be written (ERR_FS_EISDIR)`,
        fix: "check the folder's permissions and the space left; the lock is as it was",
      });
      assert.equal(readFileSync(lock(), "utf8"), formatLock(emptyLock()));
    });
  });

  describe("with several processes", () => {
    it("holds what each of twenty adds at once", async function () {
      this.timeout(60_000);
      const images = Array.from({ length: 20 }, (_, index) => `ghcr.io/acme/service-${index}:1.0`);
      const writers = images.map((image) => start("add", lock(), image));
      await Promise.all(writers.map(async ({ ready }) => ready));
      for (const { child } of writers) child.send("go");
      assert.deepEqual(
        await Promise.all(writers.map(async ({ exit }) => exit)),
        writers.map(() => 0),
      );
      const text = readFileSync(lock(), "utf8");
      assert.deepEqual([...parseLock(text).images.keys()], images.toSorted());
      assert.equal(formatLock(parseLock(text)), text);
      assert.deepEqual(names(), ["images.lock.json"]);
    });

    it("is the old one or the new one, and can be written at once, whenever one of 500 is killed", async function () {
      this.timeout(180_000);
      const texts = states.map(formatLock);
      const lanes = 5;
      let kills = 0;
      let inTheMiddle = 0;
      const lane = async (index: number): Promise<void> => {
        const file = path(`${index}`, "images.lock.json");
        mkdirSync(dirname(file));
        writeFileSync(file, texts[0] ?? "");
        while (kills < 500) {
          kills++;
          // It is ready when it has written, and so has taken over what the one before it left behind.
          const { child, ready, exit } = start("loop", file);
          await ready;
          await sleep(Math.random() * 30);
          child.kill("SIGKILL");
          assert.equal(await exit, "SIGKILL");
          if (readdirSync(dirname(file)).length > 1) inTheMiddle++;
          assert.ok(texts.includes(readFileSync(file, "utf8")), "neither the old one nor the new one");
        }
        await updateLockFile(file, withNginx);
        assert.ok((await readLockFile(file)).images.has(name));
        assert.deepEqual(readdirSync(dirname(file)), ["images.lock.json"], "something was left behind");
      };
      await Promise.all(Array.from({ length: lanes }, async (_, index) => lane(index)));
      assert.equal(kills, 500);
      assert.ok(inTheMiddle > 100, `only ${inTheMiddle} were killed in the middle of a change`);
    });
  });
});

interface Writer {
  readonly child: ChildProcess;
  /** Settled when the writer says so; rejected when it ends before, or takes half a minute. */
  readonly ready: Promise<void>;
  /** Its exit code, or the signal that ended it. */
  readonly exit: Promise<number | string>;
}

/** Most of a short life goes into loading, so what was compiled once is kept between them, and nobody counts covered lines. */
const compiled = mkdtempSync(join(tmpdir(), "lock-compiled-"));

after(() => {
  rmSync(compiled, { recursive: true, force: true });
});

function start(...args: readonly string[]): Writer {
  const child = fork(join(__dirname, "support", "writer.js"), args, {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    env: { PATH: process.env["PATH"], NODE_COMPILE_CACHE: compiled },
  });
  const exit = once(child, "exit").then(
    ([code, signal]: (number | string | null)[]) => code ?? signal ?? "unknown",
  );
  const ended = exit.then((how) => {
    throw new Error(`the writer ended too early: ${how}`);
  });
  const late = AbortSignal.timeout(30_000);
  const ready = Promise.race([once(child, "message", { signal: late }), ended]).then(() => undefined);
  ended.catch(() => undefined);
  ready.catch(() => child.kill("SIGKILL"));
  return { child, ready, exit };
}

/** Runs as a user that folders can be closed to: root may write everywhere. */
async function asSomebody(work: () => Promise<void>): Promise<void> {
  const root = process.geteuid?.() === 0;
  if (root) process.seteuid?.(65_534);
  try {
    await work();
  } finally {
    if (root) process.seteuid?.(0);
  }
}
