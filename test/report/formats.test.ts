import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import Ajv from "ajv";
import * as v from "valibot";
import type { CheckReport } from "../../report";
import { checkJsonSchema } from "../../report/check-json";
import { reportFormats } from "../../report/formats";
import { fixture } from "../support/paths";
import { reports } from "./support/reports";

const extensions = {
  text: "txt",
  json: "json",
  sarif: "sarif",
  junit: "xml",
  github: "annotations",
} as const;
const objectSchema = v.looseObject({});

function parsed(path: string): Record<string, unknown> {
  return v.parse(objectSchema, JSON.parse(readFileSync(path, "utf8")));
}

function formats(): readonly (readonly [keyof typeof reportFormats, (report: CheckReport) => string])[] {
  return [
    ["text", reportFormats.text],
    ["json", reportFormats.json],
    ["sarif", reportFormats.sarif],
    ["junit", reportFormats.junit],
    ["github", reportFormats.github],
  ];
}

const sarifSchema = v.object({
  runs: v.tuple([
    v.object({
      tool: v.object({ driver: v.object({ rules: v.array(v.object({ id: v.string() })) }) }),
      results: v.array(
        v.object({
          ruleId: v.string(),
          ruleIndex: v.number(),
          level: v.string(),
          partialFingerprints: v.record(v.string(), v.string()),
          fixes: v.optional(
            v.array(
              v.object({
                artifactChanges: v.array(
                  v.object({
                    replacements: v.array(v.object({ insertedContent: v.object({ text: v.string() }) })),
                  }),
                ),
              }),
            ),
          ),
        }),
      ),
    }),
  ]),
});

describe("report formats", () => {
  for (const [name, report] of Object.entries(reports)) {
    for (const [format, write] of formats()) {
      it(`${name} as ${format} is as recorded`, () => {
        const path = fixture("report", `${name}.${extensions[format]}`);
        const text = write(report);
        // RECORD=1 records anew; the difference is reviewed as part of its commit.
        if (process.env["RECORD"] === "1") writeFileSync(path, text);
        assert.equal(text, readFileSync(path, "utf8"));
      });

      it(`${name} as ${format} cannot draw on a terminal`, () => {
        // eslint-disable-next-line no-control-regex -- these are what must not get through
        assert.doesNotMatch(write(report), /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
      });
    }

    it(`${name} as JSON is of its schema`, () => {
      const json: unknown = JSON.parse(reportFormats.json(report));
      assert.ok(v.is(checkJsonSchema, json));
      const ajv = new Ajv();
      assert.ok(
        ajv.validate(parsed(fixture("..", "..", "schemas", "report.schema.json")), json),
        ajv.errorsText(),
      );
    });

    it(`${name} as SARIF is of the schema of SARIF 2.1.0`, () => {
      const ajv = new Ajv({ schemaId: "auto", meta: false, unknownFormats: "ignore" });
      ajv.addMetaSchema(parsed(require.resolve("ajv/lib/refs/json-schema-draft-04.json")));
      const schema = parsed(fixture("sarif", "sarif-2.1.0-rtm.5.json"));
      assert.ok(ajv.validate(schema, JSON.parse(reportFormats.sarif(report))), ajv.errorsText());
    });

    it(`${name} as SARIF names the rule, the fingerprint and the fix of each finding`, () => {
      const [{ tool, results }] = v.parse(sarifSchema, JSON.parse(reportFormats.sarif(report))).runs;
      const said = results.map(({ ruleId, ruleIndex, level, partialFingerprints, fixes = [] }) => ({
        rules: [ruleId, tool.driver.rules[ruleIndex]?.id],
        level,
        fingerprinted: partialFingerprints["pinnedImages/v1"] !== undefined,
        texts: fixes.flatMap(({ artifactChanges }) =>
          artifactChanges.flatMap(({ replacements }) => replacements.map((one) => one.insertedContent.text)),
        ),
      }));
      assert.deepEqual(
        said,
        report.findings.map(({ policy, level, edits = [] }) => ({
          rules: [policy, policy],
          level: level === "mandatory" ? "error" : "warning",
          fingerprinted: true,
          texts: edits.map(({ text }) => text),
        })),
      );
    });

    it(`${name} as JUnit has a case for each finding, and nothing that XML 1.0 refuses`, () => {
      const xml = reportFormats.junit(report);
      const refused = /&(?!(?:amp|lt|gt|quot|apos);)|[\ufffe\uffff]|\p{Surrogate}|\]\]>/u;
      assert.doesNotMatch(xml, refused);
      // Tags balance: whatever an attribute or a text holds, it opens none.
      const open = [...xml.matchAll(/<(\/?)([a-z-]+)((?:[^<>"]|"[^<>"]*")*?)(\/?)>/g)];
      const depth = open.reduce(
        (sum, [, end, , , empty]) => sum + (end === "/" ? -1 : empty === "/" ? 0 : 1),
        0,
      );
      assert.equal(depth, 0);
      assert.equal(xml.replace(/<\?.*?\?>/, "").match(/</g)?.length, open.length);
      assert.equal(
        xml.match(/<failure /g)?.length ?? 0,
        report.findings.filter((f) => f.level === "mandatory").length,
      );
    });

    it(`${name} as annotations has one line for each finding and trouble`, () => {
      const lines = reportFormats.github(report).split("\n").slice(0, -1);
      assert.equal(lines.length, report.findings.length + report.troubles.length);
      for (const line of lines)
        assert.match(line, /^::(?:error|warning) file=[^:,]*(?:,\w+=[^:,]*)*::[^\n]*$/);
    });
  }
});

describe("the fingerprints of SARIF", () => {
  const fingerprints = (report: CheckReport) =>
    v
      .parse(sarifSchema, JSON.parse(reportFormats.sarif(report)))
      .runs[0].results.map(({ partialFingerprints }) => partialFingerprints["pinnedImages/v1"]);

  const { findings: base } = reports;
  assert.ok(base);
  const [first] = base.findings;
  assert.ok(first);
  const one = (change: object): CheckReport => ({ ...base, findings: [{ ...first, ...change }] });

  // what has changed, whether it is the same finding
  const table: readonly (readonly [string, object, boolean])[] = [
    ["the line", { line: 90, endLine: 90, column: 1, endColumn: 4 }, true],
    ["the words", { problem: "locked 91 days ago", why: "", fix: "" }, true],
    ["the level", { level: "advisory" }, true],
    ["the file", { file: "other.yml" }, false],
    ["the policy", { policy: "image-tag-stated" }, false],
    ["the place", { path: "services.api.image" }, false],
    ["the image", { found: "nginx:1.28" }, false],
  ];
  for (const [what, change, same] of table) {
    it(`are ${same ? "the same" : "others"} when ${what} changes`, () => {
      assert.equal(fingerprints(one(change))[0] === fingerprints(one({}))[0], same);
    });
  }

  it("tell apart what stands alike twice in a file", () => {
    const twice = fingerprints({ ...base, findings: [first, { ...first, line: 20, endLine: 20 }] });
    assert.equal(new Set(twice).size, 2);
  });
});
