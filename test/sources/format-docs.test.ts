import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { allFormats } from "../../sources";
import { fixture, projectRoot } from "../support/paths";
import { fixtureCases } from "./fixture-case";

describe("docs/formats.md", () => {
  const text = readFileSync(join(projectRoot, "docs", "formats.md"), "utf8");

  it("names files that are there for what others miss", () => {
    const [, failures = ""] = text.split("## What others miss");
    const names = [...failures.matchAll(/`([a-z-]+\/[\w.-]+)`/g)].map(([, name = ""]) => name);
    assert.ok(names.length > 20);
    assert.deepEqual(
      names.filter((name) => !existsSync(fixture("sources", ...name.split("/")))),
      [],
    );
  });

  it("has a row for each format", () => {
    const [table = ""] = text.split("## How they are changed");
    const names = new Set(allFormats.map(({ name }) => name));
    assert.equal(table.split("\n").filter((line) => line.startsWith("| ")).length - 2, names.size);
  });
});

describe("golden files", () => {
  for (const { name } of allFormats) {
    it(`hold ${name} in more than one way`, () => {
      assert.ok(fixtureCases(name).length >= 8, "eight cases at least");
    });
  }
});
