import type { CheckReport, FileFinding } from "./check-report";
import { formatProblem, visible } from "./text";

/**
 * A report as annotations of GitHub Actions: one workflow command a line.
 * https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
 */
export function formatGithub({ findings, troubles }: CheckReport): string {
  const lines = [
    ...findings.map(annotation),
    ...troubles.map(({ file, problem, fix }) =>
      command("error", { file, title: "could not be checked" }, [problem, `fix: ${fix}`]),
    ),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function annotation(finding: FileFinding): string {
  const { level, file, line, column, endLine, endColumn, policy, why, fix } = finding;
  // GitHub takes columns only where both lie on one line; its end is the last column of the place itself.
  const columns = line === endLine ? { col: column, endColumn: Math.max(column, endColumn - 1) } : {};
  return command(
    level === "mandatory" ? "error" : "warning",
    { file, line, endLine, ...columns, title: policy },
    [formatProblem(finding), `why: ${why}`, `fix: ${fix}`],
  );
}

function command(
  name: string,
  properties: Readonly<Record<string, string | number>>,
  lines: readonly string[],
): string {
  const stated = Object.entries(properties).map(
    ([key, value]) => `${key}=${property(visible(String(value)))}`,
  );
  return `::${name} ${stated.join(",")}::${data(lines.map(visible).join("\n"))}`;
}

/** What the runner takes back out again (actions/runner, ActionCommand). */
function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
