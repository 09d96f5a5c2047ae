import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { lstatSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { LockError } from "../../lock";
import { exclusively } from "../../lock/mutex";
import { folderForEach } from "./support/folder";

const short = 50;

describe("exclusively", () => {
  const path = folderForEach();
  const lock = (): string => path("images.lock.json");
  const claim = (): string => path("images.lock.json.busy");
  const owner = (changes: object = {}): string =>
    JSON.stringify({ pid: process.pid, host: hostname(), nonce: "0", ...changes });
  /** The number of a process that was there and is not any more. */
  const deadPid = (): number => spawnSync(process.execPath, ["--version"]).pid;

  it("gives what the work gives, and leaves nothing behind", async () => {
    const result = await exclusively(lock(), async (stillMine) => {
      assert.deepEqual(readdirSync(path()), ["images.lock.json.busy"]);
      return [await stillMine(), "done"];
    });
    assert.deepEqual(result, [true, "done"]);
    assert.deepEqual(readdirSync(path()), []);
  });

  it("throws what the work throws, and leaves nothing behind", async () => {
    await assert.rejects(
      exclusively(lock(), () => Promise.reject(new Error("no"))),
      { message: "no" },
    );
    assert.deepEqual(readdirSync(path()), []);
  });

  it("lets one work after the other", async () => {
    let inside = 0;
    const works = Array.from({ length: 20 }, async () =>
      exclusively(lock(), async () => {
        assert.equal(++inside, 1);
        await new Promise(setImmediate);
        inside--;
      }),
    );
    await Promise.all(works);
    assert.deepEqual(readdirSync(path()), []);
  });

  it("does not wait for another file's claim", async () => {
    await exclusively(lock(), async () => {
      assert.equal(await exclusively(path("other.lock.json"), () => Promise.resolve(1), short), 1);
    });
  });

  it("tells the work when its claim is not its own any more, and leaves the other one alone", async () => {
    await exclusively(lock(), async (stillMine) => {
      rmSync(claim());
      symlinkSync(owner({ host: "elsewhere" }), claim());
      assert.equal(await stillMine(), false);
    });
    assert.ok(lstatSync(claim()).isSymbolicLink());
  });

  // what, how the claim is made
  const abandoned: readonly (readonly [string, () => void])[] = [
    [
      "a claim of a process that died",
      () => {
        symlinkSync(owner({ pid: deadPid() }), claim());
      },
    ],
    [
      "one in a file, as on systems without links",
      () => {
        writeFileSync(claim(), owner({ pid: deadPid() }));
      },
    ],
  ];
  for (const [what, make] of abandoned) {
    it(`takes ${what} over at once`, async () => {
      make();
      assert.equal(await exclusively(lock(), () => Promise.resolve("done"), short), "done");
      assert.deepEqual(readdirSync(path()), []);
    });
  }

  it("lets one alone take over what a dead process left behind", async () => {
    symlinkSync(owner({ pid: deadPid() }), claim());
    let inside = 0;
    const works = Array.from({ length: 20 }, async () =>
      exclusively(lock(), async (stillMine) => {
        assert.equal(++inside, 1);
        await new Promise(setImmediate);
        assert.ok(await stillMine());
        inside--;
      }),
    );
    await Promise.all(works);
    assert.deepEqual(readdirSync(path()), []);
  });

  const nobody = "which one, nobody knows";
  // what, how the claim is made, who has it
  const busy: readonly (readonly [string, () => void, string])[] = [
    [
      "a living process",
      () => {
        symlinkSync(owner(), claim());
      },
      `process ${process.pid} on ${hostname()}`,
    ],
    [
      "a process of another machine",
      () => {
        symlinkSync(owner({ pid: 1_000_000, host: "build-7" }), claim());
      },
      "process 1000000 on build-7",
    ],
    [
      "a file with nothing in it",
      () => {
        writeFileSync(claim(), "");
      },
      nobody,
    ],
    [
      "a link to something else",
      () => {
        symlinkSync("/dev/zero", claim());
      },
      nobody,
    ],
    [
      "a host name that a terminal would obey",
      () => {
        symlinkSync(owner({ host: "\u001b[31m" }), claim());
      },
      nobody,
    ],
    [
      "a group of processes",
      () => {
        writeFileSync(claim(), owner({ pid: -1 }));
      },
      nobody,
    ],
  ];
  for (const [what, make, who] of busy) {
    it(`waits for ${what} as long as it is told, then says what to do`, async () => {
      make();
      await assert.rejects(
        exclusively(lock(), () => Promise.reject(new Error("it ran")), short),
        {
          name: "LockError",
          code: "busy",
          path: lock(),
          message: `${lock()}: is being written by another process (${who})`,
          fix: `try again; if no such process runs, remove ${claim()}`,
        },
      );
      assert.deepEqual(readdirSync(path()), ["images.lock.json.busy"]);
    });
  }

  it("waits for a folder in the claim's place, too", async () => {
    mkdirSync(claim());
    await assert.rejects(
      exclusively(lock(), () => Promise.resolve(), short),
      { code: "busy" },
    );
  });

  it("gets the claim as soon as it is free", async () => {
    symlinkSync(owner(), claim());
    const done = exclusively(lock(), () => Promise.resolve("done"));
    setTimeout(() => {
      rmSync(claim());
    }, 20);
    assert.equal(await done, "done");
  });

  it("says when no claim can be made", async () => {
    const there = path("no-such-folder", "images.lock.json");
    await assert.rejects(
      exclusively(there, () => Promise.resolve()),
      (error) => {
        assert.ok(error instanceof LockError);
        assert.equal(error.code, "unwritable");
        assert.equal(error.message, `${there}: cannot be written: its folder takes no new files (ENOENT)`);
        assert.equal(error.fix, "check the folder's permissions and the space left");
        return true;
      },
    );
  });
});
