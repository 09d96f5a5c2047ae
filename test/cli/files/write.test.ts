import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import promises from "node:fs/promises";
import { join } from "node:path";
import { mock } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { writeFiles, type FileChange } from "../../../cli/files";
import { unprivileged } from "../../support/unprivileged";
import { folderForEach, plant } from "./folder";

describe("writeFiles", () => {
  const path = folderForEach();
  const change = (name: string, before = `old ${name}`, after = `new ${name}`): FileChange => ({
    path: name,
    target: path(name),
    before,
    after,
  });
  /** Everything beneath the folder: what files hold, and where links lead. */
  const state = (): Record<string, string> => {
    const found: Record<string, string> = {};
    for (const entry of readdirSync(path(), { withFileTypes: true, recursive: true })) {
      const at = join(entry.parentPath, entry.name);
      const name = at.slice(path().length + 1);
      if (entry.isFile()) found[name] = readFileSync(at, "utf8");
      else if (entry.isSymbolicLink()) found[name] = `-> ${readlinkSync(at)}`;
      else found[name] = "a folder";
    }
    return found;
  };

  it("replaces every text, and leaves nothing beside them", async () => {
    plant(path(), { a: "old a", "b/c": "old b/c", d: "old d" });
    await writeFiles([change("a"), change("b/c"), change("d", "old d", "\uFEFFü\r\n")]);
    assert.deepEqual(state(), { a: "new a", b: "a folder", "b/c": "new b/c", d: "\uFEFFü\r\n" });
  });

  it("does not touch a file whose text stays", async () => {
    plant(path(), { a: "old a" });
    const before = statSync(path("a"));
    await writeFiles([change("a", "old a", "old a")], { backup: true });
    assert.deepEqual([state(), statSync(path("a")).ino], [{ a: "old a" }, before.ino]);
  });

  it("writes more files than it has open at a time", async () => {
    const names = Array.from({ length: 100 }, (_, i) => `f${i}`);
    plant(path(), Object.fromEntries(names.map((name) => [name, `old ${name}`])));
    await writeFiles(names.map((name) => change(name)));
    assert.deepEqual(state(), Object.fromEntries(names.map((name) => [name, `new ${name}`])));
  });

  for (const mode of [0o600, 0o644, 0o666, 0o755, 0o4755]) {
    it(`keeps the permissions ${mode.toString(8)}, whatever the umask`, async () => {
      plant(path(), { a: "old a" });
      chmodSync(path("a"), mode);
      await writeFiles([change("a")]);
      assert.equal(statSync(path("a")).mode & 0o7777, mode);
    });
  }

  it("keeps a link, and writes what it leads to", async () => {
    plant(path(), { "real/a": "old a" });
    symlinkSync("real/a", path("a"));
    await writeFiles([change("a")]);
    assert.deepEqual(state(), { a: "-> real/a", real: "a folder", "real/a": "new a" });
  });

  it("replaces the file: another name of it keeps the old text", async () => {
    plant(path(), { a: "old a" });
    linkSync(path("a"), path("b"));
    await writeFiles([change("a")]);
    assert.deepEqual(state(), { a: "new a", b: "old a" });
  });

  it("keeps what was there as a backup, and replaces an older one", async () => {
    plant(path(), { a: "old a", b: "old b", "a.bak": "older a" });
    chmodSync(path("a"), 0o640);
    await writeFiles([change("a"), change("b")], { backup: true });
    assert.deepEqual(state(), { a: "new a", "a.bak": "old a", b: "new b", "b.bak": "old b" });
    assert.equal(statSync(path("a.bak")).mode & 0o7777, 0o640);
  });

  it("replaces a link where a backup goes, and nothing that it leads to", async () => {
    plant(path(), { a: "old a", victim: "precious" });
    symlinkSync("victim", path("a.bak"));
    await writeFiles([change("a")], { backup: true });
    assert.deepEqual(state(), { a: "new a", "a.bak": "old a", victim: "precious" });
  });

  it("does not follow links that lie where it writes first", async () => {
    plant(path(), { a: "old a", victim: "precious" });
    symlinkSync("victim", path(".a.pinned-images.new"));
    symlinkSync("victim", path(".a.pinned-images.old"));
    await writeFiles([change("a")]);
    assert.deepEqual(state(), { a: "new a", victim: "precious" });
  });

  it("clears away what a process left that died", async () => {
    plant(path(), { a: "old a", ".a.pinned-images.new": "half of", ".a.pinned-images.old": "older" });
    await writeFiles([change("a")]);
    assert.deepEqual(state(), { a: "new a" });
  });

  // what, what is in the way of b, options → the error's code and path
  const failures: readonly (readonly [string, () => void, { backup?: boolean }, string, string])[] = [
    [
      "a folder where it writes first",
      () => {
        plant(path(), { ".b.pinned-images.new/x": "" });
      },
      {},
      "unwritable",
      "b",
    ],
    [
      "a folder where it keeps the old file",
      () => {
        plant(path(), { ".b.pinned-images.old/x": "" });
      },
      {},
      "unwritable",
      "b",
    ],
    [
      "a folder where the backup goes",
      () => {
        plant(path(), { "b.bak/x": "" });
      },
      { backup: true },
      "unwritable",
      "b",
    ],
    [
      "a file that changed",
      () => {
        plant(path(), { b: "other" });
      },
      {},
      "changed",
      "b",
    ],
    [
      "a file that is gone",
      () => {
        rmSync(path("b"));
      },
      {},
      "not-found",
      "b",
    ],
    [
      "a folder in its place",
      () => {
        rmSync(path("b"));
        mkdirSync(path("b"));
      },
      {},
      "unreadable",
      "b",
    ],
    [
      "another name of one of the files",
      () => {
        rmSync(path("b"));
        symlinkSync("a", path("b"));
      },
      {},
      "unwritable",
      "b",
    ],
  ];
  for (const [what, make, options, code, at] of failures) {
    it(`leaves every file as it was for ${what}`, async () => {
      plant(path(), { a: "old a", b: "old b", c: "old c" });
      make();
      const before = state();
      await assert.rejects(writeFiles([change("a"), change("b"), change("c")], options), { code, path: at });
      assert.deepEqual(state(), before);
    });
  }

  it("leaves every file as it was in a folder that takes no new files", async () => {
    plant(path(), { a: "old a", "b/c": "old b/c" });
    const before = state();
    chmodSync(path("b"), 0o555);
    try {
      await unprivileged(path(), async () => {
        await assert.rejects(writeFiles([change("a"), change("b/c")]), { code: "unwritable", path: "b/c" });
        assert.deepEqual(state(), before);
      });
    } finally {
      chmodSync(path("b"), 0o755);
    }
  });

  it("leaves every file as it was for a name too long to have another beside it", async () => {
    const long = "b".repeat(250);
    plant(path(), { a: "old a", [long]: `old ${long}` });
    const before = state();
    await assert.rejects(writeFiles([change("a"), change(long)]), { code: "unwritable", path: long });
    assert.deepEqual(state(), before);
  });

  /** Lets the disk fail at some renames, counted from one. */
  const renameFails = (fails: (count: number, from: string) => boolean): void => {
    const rename = promises.rename.bind(promises);
    let count = 0;
    mock.method(promises, "rename", async (from: string, to: string) => {
      if (fails(++count, from)) throw Object.assign(new Error("disk"), { code: "EIO" });
      await rename(from, to);
    });
  };
  afterEach(() => {
    mock.restoreAll();
  });

  for (const backup of [false, true]) {
    for (let failing = 1; failing <= (backup ? 6 : 3); failing++) {
      it(`gives files their old bytes back when rename ${failing} fails${backup ? ", with backups" : ""}`, async () => {
        plant(path(), { a: "old a", b: "old b", c: "old c" });
        const before = state();
        renameFails((count) => count === failing);
        const error = {
          code: "unwritable",
          path: ["a", "b", "c"][(failing - 1) % 3],
          problem: "cannot be replaced (EIO)",
        };
        await assert.rejects(writeFiles([change("a"), change("b"), change("c")], { backup }), error);
        assert.deepEqual(state(), before);
      });
    }
  }

  it("gives files their old bytes back when somebody changes a later one meanwhile", async () => {
    plant(path(), { a: "old a", b: "old b" });
    renameFails((count) => {
      if (count === 1) writeFileSync(path("b"), "somebody's");
      return false;
    });
    await assert.rejects(writeFiles([change("a"), change("b")]), { code: "changed", path: "b" });
    assert.deepEqual(state(), { a: "old a", b: "somebody's" });
  });

  it("says where the old bytes are when they cannot be given back", async () => {
    plant(path(), { a: "old a", b: "old b", c: "old c" });
    renameFails((count, from) => count === 3 || from.endsWith(".a.pinned-images.old"));
    await assert.rejects(writeFiles([change("a"), change("b"), change("c")]), {
      code: "unwritable",
      path: "a",
      fix: `move them back: a is in ${path(".a.pinned-images.old")}`,
    });
    assert.deepEqual(
      ["a", ".a.pinned-images.old", "b", "c"].map((name) => readFileSync(path(name), "utf8")),
      ["new a", "old a", "old b", "old c"],
    );
  });

  it("leaves each file whole, whenever the process is killed, and the next run completes the work", async () => {
    const names = Array.from({ length: 60 }, (_, i) => `f${i}`);
    const texts = (word: string): Record<string, string> =>
      Object.fromEntries(names.map((name) => [name, `${word} ${name} ${"x".repeat(20_000)}`]));
    const [old, fresh] = [texts("old"), texts("new")];
    const script = `
      const { writeFiles } = require(${JSON.stringify(require.resolve("../../../cli/files"))});
      const changes = JSON.parse(require("node:fs").readFileSync("changes.json", "utf8"));
      process.stdout.write("begun");
      writeFiles(changes);
    `;
    for (const wait of [0, 10, 20, 40, 60, 80]) {
      plant(path(), old);
      const all = names.map((name) => change(name, old[name], fresh[name]));
      writeFileSync(path("changes.json"), JSON.stringify(all));
      const child = spawn(process.execPath, ["-e", script], {
        cwd: path(),
        stdio: ["ignore", "pipe", "inherit"],
      });
      await Promise.race([once(child.stdout, "data"), once(child, "close")]);
      await sleep(wait);
      if (child.kill("SIGKILL")) await once(child, "close");
      const left = all.filter(({ path: name, before, after }) => {
        const text = readFileSync(path(name), "utf8");
        assert.ok(text === before || text === after, name);
        return text === before;
      });
      await writeFiles(left);
      for (const name of names) assert.equal(readFileSync(path(name), "utf8"), fresh[name]);
    }
  });
});
