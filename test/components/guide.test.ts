import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as components from "../../components";
import * as docker from "../../components/docker";
import * as kubernetes from "../../components/kubernetes";
import * as testing from "../../components/testing";
import { compile } from "../support/package/compile";
import { projectRoot } from "../support/paths";

const guide = readFileSync(join(projectRoot, "docs", "guides", "components.md"), "utf8");
const snippets = [...guide.matchAll(/^```ts\n([^]*?)^```$/gm)].map(([, code = ""]) => code);

describe("docs/guides/components.md", function () {
  this.timeout(120_000);

  it("has programs that compile", () => {
    assert.ok(snippets.length >= 7);
    // Within the project, so that the package finds itself by its name.
    const folder = mkdtempSync(join(projectRoot, "build", "guide-"));
    try {
      const files = snippets.map((code, index) => {
        const file = join(folder, `snippet-${index}.cts`);
        writeFileSync(file, code);
        return file;
      });
      assert.deepEqual(compile(projectRoot, files), []);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("names everything that the entries export", () => {
    const names = [components, docker, kubernetes, testing].flatMap((entry) => Object.keys(entry));
    assert.deepEqual(
      names.filter((name) => !new RegExp(`\\b${name}\\b`).test(guide)),
      [],
    );
  });
});
