import { countLevels, type CheckReport, type FileFinding } from "./check-report";
import { formatProblem, visible } from "./text";

/** How a part of the text is drawn; plain text when there is no colour. */
export type Paint = (style: "bold" | "red" | "yellow" | "green", text: string) => string;

const plain: Paint = (_, text) => text;

/** A report for people: the findings, each with its place as terminals and editors open it, and a summary. */
export function formatCheckText(report: CheckReport, paint: Paint = plain): string {
  const findings = report.findings.map((finding) => `${findingText(finding, paint)}\n\n`);
  return `${findings.join("")}${summaryOf(report, paint)}`;
}

/** What could not be checked, and the numbers. */
export function summaryOf(report: CheckReport, paint: Paint = plain): string {
  const troubles = report.troubles.map(
    ({ file, problem, fix }) =>
      `${paint("bold", visible(file))} could not be checked: ${visible(problem)}\n  fix: ${visible(fix)}\n\n`,
  );
  return `${troubles.join("")}${numbers(report, paint)}\n`;
}

function findingText(finding: FileFinding, paint: Paint): string {
  const { policy, level, file, line, column } = finding;
  const mark = level === "mandatory" ? paint("red", "error") : paint("yellow", "advice");
  return [
    `${paint("bold", `${visible(file)}:${line}:${column}`)} ${mark} ${policy}`,
    `  ${formatProblem(finding)}`,
    `  why: ${visible(finding.why)}`,
    `  fix: ${visible(finding.fix)}`,
  ].join("\n");
}

function numbers({ findings, troubles, files, images }: CheckReport, paint: Paint): string {
  const { mandatory, advisory } = countLevels(findings);
  const seen = `${count(images, "image")} in ${count(files, "file")}`;
  const failed = troubles.length === 0 ? "" : `; ${troubles.length} could not be checked`;
  if (findings.length === 0) return paint(failed === "" ? "green" : "red", `${seen}: nothing found${failed}`);
  const found = [
    ...(mandatory === 0 ? [] : [count(mandatory, "error")]),
    ...(advisory === 0 ? [] : [`${advisory} for advice`]),
  ].join(", ");
  return paint(mandatory === 0 && failed === "" ? "yellow" : "red", `${seen}: ${found}${failed}`);
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}
