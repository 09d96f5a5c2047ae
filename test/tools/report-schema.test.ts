import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { renderReportSchema, reportSchemaPath } from "../../tools/report-schema";

describe("schemas/report.schema.json", () => {
  const text = readFileSync(reportSchemaPath, "utf8");

  it("is what the check prints (npm run schema writes it)", async () => {
    assert.equal(await renderReportSchema(), text);
  });

  it("says something of every field", () => {
    const silent: string[] = [];
    const look = (node: unknown, path: string): void => {
      if (typeof node !== "object" || node === null) return;
      for (const [key, value] of Object.entries(node)) {
        const at = `${path}/${key}`;
        const said = typeof value === "object" && value !== null && "description" in value;
        if (path.endsWith("/properties") && !said) silent.push(at);
        look(value, at);
      }
    };
    look(JSON.parse(text), "");
    assert.deepEqual(silent, []);
  });
});
