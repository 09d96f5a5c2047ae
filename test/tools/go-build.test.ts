import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";

import { goPeers } from "../../bench/peers";
import { catalogue, type GoProgram } from "../../tools/catalogue";
import { buildFromGoModule } from "../../tools/go-build";
import { projectRoot } from "../support/paths";

describe("building a tool from its Go module", () => {
  it("says what to do when there is no Go", async () => {
    await assert.rejects(buildFromGoModule(catalogue.crane, "/nowhere/crane", { PATH: "/nowhere" }), {
      name: "ToolError",
      message: /Go is not on the PATH.*Install Go 1\.2\d or newer\.$/,
    });
  });

  const programs: readonly GoProgram[] = [...Object.values(catalogue), ...Object.values(goPeers)];
  for (const tool of programs) {
    it(`has a module for ${tool.name} that requires the stated version and fixes every checksum`, () => {
      const folder = join(projectRoot, tool.module ?? `tools/go/${tool.name}`);
      const goMod = readFileSync(join(folder, "go.mod"), "utf8");
      const [, required = "", version] = /^require (\S+) v(\S+)$/m.exec(goMod) ?? [];
      assert.equal(version, tool.version);
      assert.ok(tool.command.startsWith(required));
      assert.ok(readFileSync(join(folder, "tools.go"), "utf8").includes(`import _ "${tool.command}"`));
      assert.ok(existsSync(join(folder, "go.sum")));
    });
  }
});
