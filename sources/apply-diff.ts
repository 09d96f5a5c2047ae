import { formatPatch, type StructuredPatchHunk } from "diff";
import { applyEdits, orderedEdits } from "./apply";
import type { TextEdit } from "./source";

/** Unchanged lines around a change, as `diff -u` shows them. */
const context = 3;

/** Lines that change together: from the line `first` on, `removed` become `added`. */
interface ChangedLines {
  readonly first: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/**
 * What edits change in a file, as a unified diff with `a/` and `b/` in front of its path; empty when they change nothing. Line
 * endings are shown as they are. Taken from the edits themselves, in linear time: searching two texts for their differences takes
 * minutes where thousands of lines change.
 *
 * @throws EditError as `applyEdits` does.
 */
export function editsDiff(path: string, text: string, edits: readonly TextEdit[]): string {
  const lines = linesOf(text);
  const changes = changedLines(lines, text, edits);
  if (changes.length === 0) return "";
  return formatPatch({
    oldFileName: `a/${path}`,
    newFileName: `b/${path}`,
    oldHeader: undefined,
    newHeader: undefined,
    hunks: hunksOf(lines, changes),
  }).replace(/^=+\n/, "");
}

/** The lines with their endings; the last one has none when the text does not end in one. */
function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function changedLines(lines: readonly string[], text: string, edits: readonly TextEdit[]): ChangedLines[] {
  const groups: { first: number; last: number; start: number; edits: TextEdit[] }[] = [];
  let [line, start] = [0, 0];
  const lengthAt = (index: number): number => lines[index]?.length ?? 0;
  for (const edit of orderedEdits(text, edits)) {
    while (line < lines.length - 1 && start + lengthAt(line) <= edit.start) start += lengthAt(line++);
    const group = groups.at(-1);
    const begun = group !== undefined && group.last >= line ? group : undefined;
    if (begun !== undefined) begun.edits.push(edit);
    else groups.push({ first: line, last: line, start, edits: [edit] });
    while (line < lines.length - 1 && start + lengthAt(line) < edit.end) start += lengthAt(line++);
    const current = groups.at(-1);
    if (current !== undefined) current.last = line;
  }
  return groups.map((group) => {
    const removed = lines.slice(group.first, group.last + 1);
    const moved = group.edits.map((edit) => ({
      start: edit.start - group.start,
      end: edit.end - group.start,
      text: edit.text,
    }));
    return { first: group.first, removed, added: linesOf(applyEdits(removed.join(""), moved)) };
  });
}

/** Changes whose contexts meet share a hunk. */
function hunksOf(lines: readonly string[], changes: readonly ChangedLines[]): StructuredPatchHunk[] {
  const hunks: ChangedLines[][] = [];
  let end = -Infinity;
  for (const change of changes) {
    const hunk = hunks.at(-1);
    if (hunk !== undefined && change.first <= end + 2 * context) hunk.push(change);
    else hunks.push([change]);
    end = change.first + change.removed.length;
  }
  let moved = 0;
  return hunks.map((hunk) => {
    const [first, last] = [hunk[0]?.first ?? 0, hunk.at(-1)];
    const from = Math.max(0, first - context);
    const to = Math.min(lines.length, (last?.first ?? 0) + (last?.removed.length ?? 0) + context);
    const shown: string[] = [];
    let [at, added] = [from, 0];
    for (const change of hunk) {
      push(shown, " ", lines.slice(at, change.first));
      push(shown, "-", change.removed);
      push(shown, "+", change.added);
      at = change.first + change.removed.length;
      added += change.added.length - change.removed.length;
    }
    push(shown, " ", lines.slice(at, to));
    const oldLines = to - from;
    const result = {
      oldStart: from + 1,
      oldLines,
      newStart: from + 1 + moved,
      newLines: oldLines + added,
      lines: shown,
    };
    moved += added;
    return result;
  });
}

function push(shown: string[], sign: string, lines: readonly string[]): void {
  for (const line of lines) {
    if (line.endsWith("\n")) shown.push(sign + line.slice(0, -1));
    else shown.push(sign + line, "\\ No newline at end of file");
  }
}
