import type { Replacement } from "../report";
import type { TextEdit } from "../sources";

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
  const changed = new Set(ordered.map((edit) => lineAfter(text, ordered, edit)));
  return {
    edits: ordered.map((edit) => ({
      ...startOf(text, edit.start),
      ...endOf(text, edit.end),
      text: edit.text,
    })),
    lines: [...changed].join("; "),
  };
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

function startOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const { line, column } = placeOf(text, offset);
  return { line, column };
}

function endOf(text: string, offset: number): { readonly endLine: number; readonly endColumn: number } {
  const { line, column } = placeOf(text, offset);
  return { endLine: line, endColumn: column };
}

/** Line and column, from one, in UTF-16 units. */
function placeOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  let line = 1;
  let start = 0;
  for (let next = text.indexOf("\n"); next !== -1 && next < offset; next = text.indexOf("\n", next + 1)) {
    line++;
    start = next + 1;
  }
  return { line, column: offset - start + 1 };
}
