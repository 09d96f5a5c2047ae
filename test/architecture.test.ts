import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { architectureProblems, type SourceFile } from "./support/architecture";
import { projectRoot } from "./support/paths";

/** Not sources: installed, compiled, or measured. */
const notSources = /^(?:\..*|node_modules|dist.*|build.*|coverage)$/;

function sourcePaths(folder: string): string[] {
  return readdirSync(join(projectRoot, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return notSources.test(entry.name) ? [] : sourcePaths(path);
      return /(?<!\.d)\.[cm]?ts$/.test(entry.name) ? [path] : [];
    });
}

/** What the compiler sees: import, export from, import(), require() and import types. */
function importsOf(text: string): string[] {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
}

function source(path: string, text: string): SourceFile {
  return { path, text, imports: importsOf(text) };
}

const head = "// What it is.\n";

describe("architecture", () => {
  it("imports point one way", () => {
    const paths = sourcePaths("");
    assert.ok(paths.includes("images/reference.ts"));
    const files = paths.map((path) => source(path, readFileSync(join(projectRoot, path), "utf8")));
    assert.deepEqual(architectureProblems(files), []);
  });

  it("sees every way to import", () => {
    const text = [
      `import { a } from "a";`,
      `import type { b } from "b";`,
      `export { c } from "c";`,
      `export type { d } from "d";`,
      `import e = require("e");`,
      `const f = await import("f");`,
      `const g = require("g");`,
      `let h: import("h").H;`,
      `import "i";`,
      `export * from "j";`,
    ].join("\n");
    assert.deepEqual(importsOf(text).sort(), Array.from("abcdefghij"));
  });

  const good: readonly SourceFile[] = [
    source("index.ts", `export * from "./images";\nexport * from "./components/index";`),
    source("images/index.ts", `${head}export * from "./digest";`),
    source("images/digest.ts", ""),
    source("lock/index.ts", `/**\n * What it is.\n */\nimport "../images";\nimport "node:fs";`),
    source("registry/index.ts", `${head}import "undici";`),
    source("pinning/index.ts", `${head}import "../lock/index";\nimport "../images/digest";`),
    source("policies/index.ts", `${head}import "@pulumi/policy";\nimport "./pack";`),
    source(
      "policies/pack.ts",
      `import "@pulumi/policy";\nimport "../pinning";\nimport "../resources/kubernetes";`,
    ),
    source("components/index.ts", `${head}import "@pulumi/pulumi";`),
    source("components/docker/index.ts", `${head}import "@pulumi/docker";\nimport "../../images";`),
    source("cli/index.ts", `#!/usr/bin/env node\n${head}import "../policies";\nimport "commander";`),
    source("test/any.test.ts", `import "../cli";\nimport "undici";`),
    source("bench/any.ts", `import "@pulumi/docker";`),
  ];

  it("has nothing against a good graph", () => {
    assert.deepEqual(architectureProblems(good), []);
  });

  // path, text → the one problem
  const bad: readonly (readonly [string, string, string])[] = [
    ["images/x.ts", `import "../lock";`, "images/x.ts: images/ must not import lock/"],
    ["images/x.ts", `import type { A } from "../lock/file";`, "images/x.ts: images/ must not import lock/"],
    ["images/x.ts", `let a: import("../cli").A;`, "images/x.ts: images/ must not import cli/"],
    ["images/x.ts", `import "node:fs";`, "images/x.ts: images/ must not import node:fs"],
    ["images/x.ts", `import "valibot";`, "images/x.ts: images/ must not import valibot"],
    ["lock/x.ts", `import "../registry";`, "lock/x.ts: lock/ must not import registry/"],
    ["report/x.ts", `import "../policies/all";`, "report/x.ts: report/ must not import policies/"],
    ["pinning/x.ts", `import "../sources";`, "pinning/x.ts: pinning/ must not import sources/"],
    ["policies/x.ts", `import "../components";`, "policies/x.ts: policies/ must not import components/"],
    [
      "components/docker/x.ts",
      `import "../../cli/run";`,
      "components/docker/x.ts: components/ must not import cli/",
    ],
    [
      "cli/x.ts",
      `import "../tools/pulumi";`,
      "cli/x.ts: imports tools/pulumi, which is no folder of the table",
    ],
    ["cli/x.ts", `import "../index";`, "cli/x.ts: imports index, which is no folder of the table"],
    ["cli/x.ts", `import "..";`, "cli/x.ts: imports ., which is no folder of the table"],
    ["cli/x.ts", `import "pulumi-pinned-images/images";`, "cli/x.ts: imports the package itself"],
    [
      "policies/x.ts",
      `import type { A } from "@pulumi/policy";`,
      "policies/x.ts: @pulumi/policy is imported in policies/pack.ts and policies/index.ts alone",
    ],
    ["lock/x.ts", `require("undici");`, "lock/x.ts: undici is imported in registry/ alone"],
    [
      "resources/x.ts",
      `import "@pulumi/kubernetes/apps/v1";`,
      "resources/x.ts: @pulumi/kubernetes is imported in components/ alone",
    ],
    [
      "policies/x.ts",
      `import "@pulumi/docker";`,
      "policies/x.ts: @pulumi/docker is imported in components/ alone",
    ],
    ["helpers/index.ts", head, "helpers/index.ts: the folder helpers/ has no place in the table"],
    ["setup.ts", "", "setup.ts: only index.ts lies beside the folders"],
    ["sources/x.ts", "", "sources/: has no index.ts"],
    [
      "components/kubernetes/index.ts",
      `import "../../images";`,
      "components/kubernetes/index.ts: does not start with a comment that says what the folder is",
    ],
    ["report/index.ts", head.repeat(4), "report/index.ts: its comment has 4 lines; three are enough"],
    ["report/index.ts", "/*\n\n\n\n*/", "report/index.ts: its comment has 5 lines; three are enough"],
  ];

  for (const [path, text, problem] of bad) {
    it(`finds: ${problem}`, () => {
      const folder = path.split("/")[0] ?? "";
      const index = source(`${folder}/index.ts`, head);
      const complete =
        path.endsWith(".ts") &&
        path.includes("/") &&
        !problem.endsWith("no index.ts") &&
        ![...good, { path }].some((file) => file.path === index.path);
      assert.deepEqual(architectureProblems([...good, ...(complete ? [index] : []), source(path, text)]), [
        problem,
      ]);
    });
  }
});
