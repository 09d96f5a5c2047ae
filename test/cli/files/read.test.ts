import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { readBeside, readText } from "../../../cli/files";
import { folderForEach } from "./folder";

describe("readText", () => {
  const path = folderForEach();

  // what, bytes → text
  const texts: readonly (readonly [string, Buffer, string])[] = [
    ["nothing", Buffer.from(""), ""],
    ["text", Buffer.from("ü\n"), "ü\n"],
    ["a byte-order mark, which stays", Buffer.from("\uFEFFa: 1\r\n"), "\uFEFFa: 1\r\n"],
    ["a NUL byte far behind, as git does", Buffer.from(`${"a".repeat(8000)}\0`), `${"a".repeat(8000)}\0`],
  ];
  for (const [what, bytes, text] of texts) {
    it(`reads ${what}`, () => {
      writeFileSync(path("file"), bytes);
      assert.equal(readText(path("file"), "file"), text);
    });
  }

  // what, how it comes about, code
  const bad: readonly (readonly [string, (file: string) => void, string])[] = [
    [
      "a NUL byte",
      (file) => {
        writeFileSync(file, "a\0b");
      },
      "binary",
    ],
    [
      "UTF-16",
      (file) => {
        writeFileSync(file, Buffer.from("\uFEFFa: 1", "utf16le"));
      },
      "binary",
    ],
    [
      "Latin-1",
      (file) => {
        writeFileSync(file, Buffer.from("ü", "latin1"));
      },
      "not-utf8",
    ],
    [
      "half a character at the end",
      (file) => {
        writeFileSync(file, Buffer.from("ü").subarray(0, 1));
      },
      "not-utf8",
    ],
    [
      "a surrogate in UTF-8",
      (file) => {
        writeFileSync(file, Buffer.from([0xed, 0xa0, 0x80]));
      },
      "not-utf8",
    ],
    [
      "a folder",
      (file) => {
        mkdirSync(file);
      },
      "unreadable",
    ],
    ["nothing there", () => undefined, "not-found"],
    [
      "a link to nowhere",
      (file) => {
        symlinkSync("nowhere", file);
      },
      "not-found",
    ],
    [
      "a link to itself",
      (file) => {
        symlinkSync(file, file);
      },
      "unreadable",
    ],
    ["a pipe, without waiting for somebody to write", (file) => execFileSync("mkfifo", [file]), "unreadable"],
    [
      "a device that never ends",
      (file) => {
        symlinkSync("/dev/zero", file);
      },
      "unreadable",
    ],
    [
      "50 megabytes",
      (file) => {
        writeFileSync(file, "");
        truncateSync(file, 50e6);
      },
      "too-large",
    ],
  ];
  for (const [what, make, code] of bad) {
    it(`refuses ${what}`, () => {
      make(path("file"));
      assert.throws(() => readText(path("file"), "shown"), { name: "FileError", code, path: "shown" });
    });
  }
});

describe("readBeside", () => {
  const path = folderForEach();

  // what, path → text
  const cases: readonly (readonly [string, string, string | undefined])[] = [
    ["a file beside", "beside.yml", "beside"],
    ["a file beneath", "deep/beneath.yml", "beneath"],
    ["a file above, within the tree", "../above.yml", "above"],
    ["a link within the tree", "link.yml", "above"],
    ["a file that is not there", "no.yml", undefined],
    ["a file outside of the tree", "../../outside.yml", undefined],
    ["a link that leads out", "out.yml", undefined],
    ["an absolute path", "/etc/hostname", undefined],
    ["a folder", "deep", undefined],
  ];
  for (const [what, name, text] of cases) {
    it(`${text === undefined ? "does not read" : "reads"} ${what}`, () => {
      mkdirSync(path("tree", "a", "deep"), { recursive: true });
      writeFileSync(path("outside.yml"), "outside");
      writeFileSync(path("tree", "above.yml"), "above");
      writeFileSync(path("tree", "a", "beside.yml"), "beside");
      writeFileSync(path("tree", "a", "deep", "beneath.yml"), "beneath");
      symlinkSync("../above.yml", path("tree", "a", "link.yml"));
      symlinkSync("../../outside.yml", path("tree", "a", "out.yml"));
      assert.equal(readBeside(path("tree"), path("tree", "a", "compose.yml"), name), text);
    });
  }
});
