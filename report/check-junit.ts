import type { CheckReport, FileFinding, Rule } from "./check-report";
import { formatFinding, formatFound, visible } from "./text";

/**
 * A report as JUnit XML, as CI servers read it: a suite for each policy, a case for each finding, and a case that passes for a
 * policy without one. What only advises passes with a note, as the build does.
 */
export function formatJunit({ rules, findings, troubles }: CheckReport): string {
  const suites = rules.map((rule) => suiteOf(rule, findings));
  const failures = findings.filter(({ level }) => level === "mandatory").length;
  const tests = suites.reduce((sum, suite) => sum + suite.tests, 0) + troubles.length;
  const errors = troubles.map(({ file, problem, fix }) => {
    const message = attribute(`${problem}; ${fix}`);
    return `    <testcase classname=${attribute(file)} name="could be checked">\n      <error message=${message}/>\n    </testcase>`;
  });
  const counted = `tests="${tests}" failures="${failures}" errors="${troubles.length}"`;
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<testsuites name="pinned-images" ${counted}>`,
    ...suites.map(({ text }) => text),
    ...(errors.length === 0
      ? []
      : [
          `  <testsuite name="files" tests="${errors.length}" failures="0" errors="${errors.length}">`,
          ...errors,
          "  </testsuite>",
        ]),
    "</testsuites>",
    "",
  ].join("\n");
}

function suiteOf(
  { name }: Rule,
  all: readonly FileFinding[],
): { readonly tests: number; readonly text: string } {
  const findings = all.filter(({ policy }) => policy === name);
  const failures = findings.filter(({ level }) => level === "mandatory").length;
  const tests = Math.max(1, findings.length);
  const cases =
    findings.length === 0
      ? [`    <testcase classname=${attribute(name)} name="all images"/>`]
      : findings.map(caseOf);
  const counted = `tests="${tests}" failures="${failures}" errors="0"`;
  return {
    tests,
    text: [`  <testsuite name=${attribute(name)} ${counted}>`, ...cases, "  </testsuite>"].join("\n"),
  };
}

function caseOf(finding: FileFinding): string {
  const { level, file, line, column, path, policy } = finding;
  const problem = formatFound(finding);
  const said = content(`${visible(file)}:${line}:${column}\n${formatFinding(finding)}`);
  const what =
    level === "mandatory"
      ? `<failure type=${attribute(policy)} message=${attribute(problem)}>${said}</failure>`
      : `<system-out>${said}</system-out>`;
  return [
    `    <testcase classname=${attribute(file)} name=${attribute(`${path} (line ${line})`.trimStart())} file=${attribute(file)} line="${line}">`,
    `      ${what}`,
    "    </testcase>",
  ].join("\n");
}

function attribute(text: string): string {
  return `"${content(visible(text))}"`;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** A visible text within XML; with `>` escaped there is no `]]>` either. */
function content(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
