import assert from "node:assert/strict";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { plainYaml } from "../../sources/plain-yaml";
import { createWorkplace, type Workplace } from "../support/command-line";
import { fixture } from "../support/paths";

/** Makes a document one for the parser, and changes nothing else: no plain document has an emoji in it. */
const mark = " # \u{1F642}";

describe("pinned-images check: plain YAML", () => {
  let place: Workplace;

  beforeEach(async () => {
    place = await createWorkplace();
  });

  afterEach(async () => {
    await place.remove();
  });

  /** Marks the plain documents of a file behind a line that no image stands on. */
  function markPlain(path: string): number {
    let marked = 0;
    const parts = readFileSync(path, "utf8").split(/^(?=---\s)/m);
    const changed = parts.map((part) => {
      if (plainYaml(part) === undefined) return part;
      const lines = part.split("\n");
      const at = lines.findIndex(
        (line) => /^(?:---|\w+:.*)$/.test(line) && !/#|image|repository|digest|tag/.test(line),
      );
      if (at === -1) return part;
      lines[at] = `${lines[at] ?? ""}${mark}`;
      marked++;
      return lines.join("\n");
    });
    writeFileSync(path, changed.join(""));
    return marked;
  }

  it("says byte for byte in every format what it says by the parser", async () => {
    for (const folder of ["sources", "check"])
      cpSync(fixture(folder), place.path(folder), { recursive: true });
    const formats = ["text", "json", "sarif", "junit", "github"];
    const reports = async (): Promise<readonly string[]> => {
      const all: string[] = [];
      for (const format of formats) {
        for (const preset of ["production", "development"]) {
          const { stdout } = await place.run(["check", "--offline", "--format", format, "--preset", preset]);
          all.push(stdout);
        }
      }
      return all;
    };
    const plain = await reports();
    const marked = readdirSync(place.folder, { recursive: true, encoding: "utf8" })
      .filter((name) => /\.ya?ml$/.test(name))
      .map((name) => markPlain(join(place.folder, name)))
      .reduce((sum, count) => sum + count, 0);
    assert.ok(marked > 20, `only ${marked} documents were plain`);
    const parsed = await reports();
    for (const [index, report] of plain.entries()) {
      assert.ok(report.length > 10_000, `the report says ${report.slice(0, 1_000)}`);
      assert.equal(parsed[index], report);
    }
  });
});
