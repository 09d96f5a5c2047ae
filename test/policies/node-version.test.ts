import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeProblem, oldestNode } from "../../policies/node-version";
import { projectRoot } from "../support/paths";

describe("nodeProblem", () => {
  for (const version of ["22.19.0", "22.20.1", "24.0.0", "26.1.0"]) {
    it(`accepts ${version}`, () => {
      assert.equal(nodeProblem(version), undefined);
    });
  }
  for (const version of ["22.18.9", "20.20.2", "18.0.0"]) {
    it(`refuses ${version} in one sentence`, () => {
      assert.match(
        nodeProblem(version) ?? "",
        /^pulumi-pinned-images needs Node\.js 22\.19 or newer, and this is [\d.]+: /,
      );
    });
  }

  it("is in step with package.json", () => {
    const { engines } = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as {
      engines: { node: string };
    };
    assert.equal(engines.node, `>=${oldestNode.join(".")}.0`);
  });

  it("is what the pack says before it loads anything else", () => {
    const folder = mkdtempSync(join(tmpdir(), "pinned-images-node-"));
    try {
      const old = join(folder, "old-node.cjs");
      writeFileSync(old, `Object.defineProperty(process.versions, "node", { value: "20.1.0" });`);
      const pack = join(projectRoot, "dist", "policies", "index.js");
      const { status, stdout, stderr } = spawnSync(process.execPath, ["--require", old, pack], {
        encoding: "utf8",
        timeout: 15_000,
      });
      assert.equal(status, 1);
      assert.equal(stdout, "");
      assert.match(
        stderr,
        /^pulumi-pinned-images needs Node\.js 22\.19 or newer, and this is 20\.1\.0: .*\n$/,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
