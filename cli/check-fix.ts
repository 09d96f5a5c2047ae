import type { Replacement } from "../report";
import type { TextEdit } from "../sources";
import { TextFile } from "../sources/text-file";

/** What mends a finding: for a machine, and as the lines that stand there afterwards. */
export interface Mended {
  readonly edits: readonly Replacement[];
  /** The line, or the lines, to paste. */
  readonly lines: string;
}

/** How long a line is shown; a minified file has one. */
const shown = 400;

/** What edits do to a text. They do not overlap. */
export function mend(text: string, edits: readonly TextEdit[]): Mended | undefined {
  if (edits.length === 0) return undefined;
  const ordered = edits.toSorted((a, b) => a.start - b.start);
  const file = new TextFile(text);
  const changed = new Set(ordered.map((edit) => lineAfter(text, ordered, edit)));
  return {
    edits: ordered.map((edit) => {
      const { line: endLine, column: endColumn } = file.position(edit.end);
      return { ...file.position(edit.start), endLine, endColumn, text: edit.text };
    }),
    lines: [...new Set([...changed].flatMap(linesOf))].join("; "),
  };
}

/** The lines of a text as one pastes them: an edit may put a line in, and what separates words is a space to read. */
function linesOf(text: string): readonly string[] {
  return text
    .split("\n")
    .map((line) => line.trim().replaceAll("\t", " "))
    .filter((line) => line !== "");
}

/** The line of an edit as it is when all are made. */
function lineAfter(text: string, edits: readonly TextEdit[], edit: TextEdit): string {
  const start = text.lastIndexOf("\n", edit.start - 1) + 1;
  const next = text.indexOf("\n", edit.end);
  const end = next === -1 ? text.length : next;
  let line = "";
  let from = start;
  for (const one of edits) {
    if (one.start < start || one.end > end) continue;
    line += text.slice(from, one.start) + one.text;
    from = one.end;
  }
  const whole = (line + text.slice(from, end)).trim();
  return whole.length <= shown ? whole : edit.text;
}
