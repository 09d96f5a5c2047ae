import type { TextEdit } from "./source";

/** Two edits want the same characters, or one lies outside of its text: whoever made them read another text. */
export class EditError extends Error {
  override readonly name = "EditError";
}

/**
 * The text with all of these edits made; every other character stays. Their order does not matter, and one that is given twice is
 * made once. Linear in the text.
 *
 * @throws EditError when two of them overlap, or one lies outside of the text.
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const edit of orderedEdits(text, edits)) {
    parts.push(text.slice(from, edit.start), edit.text);
    from = edit.end;
  }
  parts.push(text.slice(from));
  return parts.join("");
}

/**
 * These edits in the order of the text, each once, those that change nothing left out.
 *
 * @throws EditError as {@link applyEdits} does.
 */
export function orderedEdits(text: string, edits: readonly TextEdit[]): readonly TextEdit[] {
  const ordered: TextEdit[] = [];
  let last: TextEdit | undefined;
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (!(edit.start >= 0 && edit.start <= edit.end && edit.end <= text.length)) {
      throw new EditError(`the edit of ${edit.start} to ${edit.end} lies outside of the text`);
    }
    if (last !== undefined && isSame(last, edit)) continue;
    // Two insertions at one place have no order between them.
    if (last !== undefined && (edit.start < last.end || edit.start === last.start)) {
      throw new EditError(`two edits overlap at ${edit.start}`);
    }
    last = edit;
    if (text.slice(edit.start, edit.end) !== edit.text) ordered.push(edit);
  }
  return ordered;
}

function isSame(a: TextEdit, b: TextEdit): boolean {
  return a.start === b.start && a.end === b.end && a.text === b.text;
}
