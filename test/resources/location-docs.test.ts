import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../support/paths";
import { locationRows } from "./location-rows";

describe("docs/locations.md", () => {
  it("ends with the tables as they are", () => {
    const text = readFileSync(join(projectRoot, "docs", "locations.md"), "utf8");
    // How the columns are padded is the formatter's business.
    const cells = (row: string): string => row.replace(/\s+\|/g, " |").replace(/\|\s+/g, "| ");
    const rows = text.split("\n").filter((line) => line.startsWith("| `"));
    assert.deepEqual(rows.map(cells), locationRows().map(cells));
  });
});
