import type { Finding } from "./finding";

/** How much of a found text is shown; references that are longer are malformed anyway. */
const shown = 400;

/** A finding as the lines that people read: what and where, then why, then the fix. */
export function formatFinding(finding: Finding): string {
  return `${formatProblem(finding)}\nwhy: ${visible(finding.why)}\nfix: ${visible(finding.fix)}`;
}

/** Where it is, what was found and what is wrong with it, on one line. What concerns a file as a whole has no path. */
export function formatProblem(finding: Finding): string {
  const said = formatFound(finding);
  return finding.path === "" ? said : `${visible(finding.path)}: ${said}`;
}

/** What was found and what is wrong with it, on one line. */
export function formatFound(finding: Finding): string {
  const found = finding.found === undefined ? "" : `${quote(finding.found)} `;
  const problem = visible(finding.problem);
  // "…" is a full quotation of what was found, so that it reads as `"nginx@x": the digest …` or `"nginx" is pinned …`.
  return problem.startsWith(": ") ? `${found.trimEnd()}${problem}` : `${found}${problem}`;
}

/** A text from outside in quotes: control characters escaped, so that it cannot draw on a terminal, and cut when long. */
export function quote(text: string): string {
  return `"${visible(text.length <= shown ? text : `${text.slice(0, shown)}…`)}"`;
}

/**
 * A text on one line, in which everything is escaped that could draw on a terminal or turn the reading direction, and what no
 * encoding has: lone surrogates and U+FFFE.
 */
export function visible(text: string): string {
  return text.replace(
    // eslint-disable-next-line no-control-regex -- control characters are what must not get through
    /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffe\uffff]|\p{Surrogate}/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
