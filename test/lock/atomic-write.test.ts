import assert from "node:assert/strict";
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { writeAtomically } from "../../lock/atomic-write";
import { folderForEach } from "./support/folder";

describe("writeAtomically", () => {
  const path = folderForEach();
  const file = (): string => path("file");

  it("makes a file, and leaves nothing beside it", async () => {
    await writeAtomically(file(), "new ü\n");
    assert.equal(readFileSync(file(), "utf8"), "new ü\n");
    assert.deepEqual(readdirSync(path()), ["file"]);
  });

  for (const mode of [0o600, 0o640, 0o666, 0o755]) {
    it(`keeps the permissions ${mode.toString(8)}, whatever the umask`, async () => {
      writeFileSync(file(), "old");
      chmodSync(file(), mode);
      await writeAtomically(file(), "new");
      assert.deepEqual([readFileSync(file(), "utf8"), statSync(file()).mode & 0o7777], ["new", mode]);
    });
  }

  it("replaces the file: who has the old one open reads the old one", async () => {
    writeFileSync(file(), "old");
    const before = statSync(file()).ino;
    await writeAtomically(file(), "new");
    assert.notEqual(statSync(file()).ino, before);
  });

  it("does not follow a link that lies where it writes first", async () => {
    writeFileSync(path("victim"), "precious");
    symlinkSync(path("victim"), path("file.tmp"));
    await writeAtomically(file(), "new");
    assert.deepEqual(
      [readFileSync(file(), "utf8"), readFileSync(path("victim"), "utf8")],
      ["new", "precious"],
    );
    assert.deepEqual(readdirSync(path()).sort(), ["file", "victim"]);
  });

  it("removes what a process left there that died", async () => {
    writeFileSync(path("file.tmp"), "half of somethi");
    await writeAtomically(file(), "new");
    assert.deepEqual(readdirSync(path()), ["file"]);
  });

  // what, what is in the way, code
  const inTheWay: readonly (readonly [string, () => void, string])[] = [
    [
      "a folder where it writes first",
      () => {
        mkdirSync(path("file.tmp"));
      },
      "ERR_FS_EISDIR",
    ],
    [
      "a folder where the file should be",
      () => {
        mkdirSync(path("file"));
        mkdirSync(path("file", "full"));
      },
      "EISDIR",
    ],
  ];
  for (const [what, make, code] of inTheWay) {
    it(`throws for ${what}, and changes nothing`, async () => {
      make();
      const before = readdirSync(path(), { recursive: true });
      await assert.rejects(writeAtomically(file(), "new"), { code });
      assert.deepEqual(readdirSync(path(), { recursive: true }), before);
    });
  }

  it("throws for a folder that is not there", async () => {
    await assert.rejects(writeAtomically(path("no", "file"), "new"), { code: "ENOENT" });
  });
});
