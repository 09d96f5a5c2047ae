import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../support/paths";

function pinnedImages(...args: string[]) {
  const command = join(projectRoot, "dist", "cli", "index.js");
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    encoding: "utf8",
    timeout: 15_000,
  });
  return { status, stdout, stderr };
}

const cases: readonly (readonly [args: readonly string[], status: number, stdout: RegExp, stderr: RegExp])[] =
  [
    [["--help"], 0, /Usage: pinned-images/, /^$/],
    [["digest", "--help"], 0, /Examples:\n {2}\$ pinned-images digest nginx:1\.27/, /^$/],
    [["frobnicate"], 2, /^$/, /unknown command 'frobnicate'/],
    [["digest"], 2, /^$/, /^error: no references: name them, or pipe them in, one a line\n$/],
    [["digest", "--platform", "arm", "nginx"], 2, /^$/, /^error: "arm" is no platform; write it like linux/],
    [["digest", "--frob", "nginx"], 2, /^$/, /unknown option '--frob'/],
    [["digest", "Nginx:1"], 2, /^$/, /^"Nginx:1" has upper case in its repository: "Nginx"\n$/],
    [
      ["digest", "nginx@sha256:abc"],
      2,
      /^$/,
      /^"nginx@sha256:abc": the digest has 3 hex characters, sha256 needs 64\n$/,
    ],
  ];

describe("pinned-images", () => {
  for (const [args, status, stdout, stderr] of cases) {
    it(`${args.join(" ")} ends with ${status}`, () => {
      const result = pinnedImages(...args);
      assert.equal(result.status, status, result.stderr);
      assert.match(result.stdout, stdout);
      assert.match(result.stderr, stderr);
    });
  }

  it("prints the package's version", () => {
    const text = readFileSync(join(projectRoot, "package.json"), "utf8");
    assert.match(
      text,
      new RegExp(`"version": "${pinnedImages("--version").stdout.trim().replaceAll(".", "\\.")}"`),
    );
  });
});
