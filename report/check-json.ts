import * as v from "valibot";
import { countLevels, type CheckReport, type Replacement } from "./check-report";
import { jsonText } from "./json-text";

const text = (description: string) => v.pipe(v.string(), v.description(description));
const number = (description: string, least: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.description(description));
const level = v.picklist(["mandatory", "advisory"]);

const range = {
  line: number("The line on which it begins, from 1.", 1),
  column: number("The column at which it begins, from 1, in UTF-16 units.", 1),
  endLine: number("The line on which it ends.", 1),
  endColumn: number("The column behind its end.", 1),
};

/** The JSON of a check. Tools read it: a field that goes, or means something else, takes a new version. */
export const checkJsonSchema = v.strictObject({
  version: v.pipe(v.literal(1), v.description("The version of this format.")),
  verb: v.pipe(v.literal("check"), v.description("The verb of the command line that wrote it.")),
  tool: v.pipe(
    v.strictObject({ name: text("Always pinned-images."), version: text("The version of the tool.") }),
    v.description("Who wrote it."),
  ),
  summary: v.pipe(
    v.strictObject({
      files: number("How many files were read.", 0),
      images: number("How many images stand in them.", 0),
      mandatory: number("How many findings stop a build.", 0),
      advisory: number("How many findings advise.", 0),
      failed: number("How much could not be checked.", 0),
    }),
    v.description("Numbers."),
  ),
  findings: v.pipe(
    v.array(
      v.strictObject({
        policy: text("The name of the policy."),
        level: v.pipe(level, v.description("Whether it stops a build, or advises.")),
        file: text("The file, relative to where the check began, with forward slashes."),
        ...range,
        path: text("What the place is called in the file: services.web.image."),
        found: v.optional(text("The text that was found, where there is one.")),
        problem: text("What is wrong with it: half a sentence to stand behind what was found."),
        why: text("Why that matters."),
        fix: text("What to do, or the line to paste."),
        edits: v.pipe(
          v.array(v.strictObject({ ...range, text: text("What to put there.") })),
          v.description("What mends it, where a machine can; empty otherwise."),
        ),
      }),
    ),
    v.description("What was found, by file, then by place."),
  ),
  failed: v.pipe(
    v.array(
      v.strictObject({
        file: text("What could not be checked."),
        problem: text("Why not."),
        fix: text("What to do about it."),
      }),
    ),
    v.description("What could not be checked."),
  ),
});

export type CheckJson = v.InferOutput<typeof checkJsonSchema>;

/** A report as JSON of a published schema. */
export function formatCheckJson(report: CheckReport): string {
  const { version, files, images, findings, troubles } = report;
  const json: CheckJson = {
    version: 1,
    verb: "check",
    tool: { name: "pinned-images", version },
    summary: { files, images, ...countLevels(findings), failed: troubles.length },
    findings: findings.map(({ edits = [], ...finding }) => ({
      policy: finding.policy,
      level: finding.level,
      file: finding.file,
      ...rangeOf(finding),
      path: finding.path,
      ...(finding.found === undefined ? {} : { found: finding.found }),
      problem: finding.problem,
      why: finding.why,
      fix: finding.fix,
      edits: edits.map((edit) => ({ ...rangeOf(edit), text: edit.text })),
    })),
    failed: troubles.map(({ file, problem, fix }) => ({ file, problem, fix })),
  };
  return jsonText(json);
}

function rangeOf({ line, column, endLine, endColumn }: Omit<Replacement, "text">) {
  return { line, column, endLine, endColumn };
}
