import type { Finding } from "./finding";

/** How much of a found text is shown; references that are longer are malformed anyway. */
const shown = 400;

/** A finding as the lines that people read: what and where, then why, then the fix. */
export function formatFinding(finding: Finding): string {
  const found = finding.found === undefined ? "" : `${quote(finding.found)} `;
  // "…" is a full quotation of what was found, so that it reads as `"nginx@x": the digest …` or `"nginx" is pinned …`.
  const joined = finding.problem.startsWith(": ")
    ? `${found.trimEnd()}${finding.problem}`
    : `${found}${finding.problem}`;
  return `${finding.path}: ${joined}\nwhy: ${finding.why}\nfix: ${finding.fix}`;
}

/** A text from outside in quotes: control characters escaped, so that it cannot draw on a terminal, and cut when long. */
export function quote(text: string): string {
  const cut = text.length <= shown ? text : `${text.slice(0, shown)}…`;
  const escaped = cut.replace(
    // eslint-disable-next-line no-control-regex -- control characters are what must not get through
    /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `"${escaped}"`;
}
