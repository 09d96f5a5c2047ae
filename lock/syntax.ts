import { findNodeAtLocation, parseTree, type Node, type ParseError } from "jsonc-parser";
import { LockError, type LockErrorCode } from "./error";

/** The text of a lock, and the file that it came from, for errors. */
export interface Source {
  readonly text: string;
  readonly path?: string;
}

const handFix = "mend it by hand, or take the last good one back: git checkout -- <the file>";

/** Parses strict JSON in which no name stands twice. Every error has its line and column. */
export function parseJson(source: Source): unknown {
  const { text } = source;
  if (text.startsWith("\ufeff")) {
    throw lockError(source, "syntax", 0, "starts with a byte-order mark", "save it as UTF-8 without one");
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw syntaxError(source, cause);
  }
  // JSON.parse takes the last of two and is silent: a merge that went wrong would deploy whatever came last.
  if (namesIn(text) !== namesOf(value)) throw duplicateName(source);
  return value;
}

/** An error at an offset of the text. */
export function lockError(
  { text, path }: Source,
  code: LockErrorCode,
  offset: number,
  problem: string,
  fix: string = handFix,
  cause?: unknown,
): LockError {
  const before = text.slice(0, offset);
  const place = { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
  return new LockError({ code, ...(path === undefined ? {} : { path }), ...place, problem, fix, cause });
}

/** Where a value stands, or the nearest one around it that is there. */
export function offsetOf({ text }: Source, path: readonly (string | number)[]): number {
  const tree = treeOf(text);
  for (let length = path.length; tree !== undefined && length > 0; length--) {
    const node = findNodeAtLocation(tree, path.slice(0, length));
    if (node !== undefined) return node.offset;
  }
  return 0;
}

function syntaxError(source: Source, cause: unknown): LockError {
  const conflict = /^(?:<{7}|={7}|>{7})(?: |\r?$)/m.exec(source.text);
  if (conflict !== null) {
    const fix = "keep one side of each entry as a whole, and remove the lines of <, = and >";
    return lockError(source, "syntax", conflict.index, "has a merge conflict of git", fix, cause);
  }
  if (source.text.trim() === "") return lockError(source, "syntax", 0, "is empty", handFix, cause);
  const errors: ParseError[] = [];
  treeOf(source.text, errors);
  const [first] = errors;
  // What one parser refuses and the other takes is in the details: control characters, numbers.
  const offset = first?.offset ?? 0;
  const near = /\S{1,20}/.exec(source.text.slice(offset))?.[0];
  const what =
    near === undefined ? "it ends too early" : `there is something wrong at ${JSON.stringify(near)}`;
  return lockError(source, "syntax", offset, `is no JSON: ${what}`, handFix, cause);
}

/** How many names stand in a text that is known to be JSON. */
function namesIn(text: string): number {
  let count = 0;
  for (const [, colon] of text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)) if (colon !== undefined) count++;
  return count;
}

function namesOf(value: unknown): number {
  let count = 0;
  // Not by recursion: how deep a file goes is up to whoever wrote it.
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next !== "object" || next === null) continue;
    const items: readonly unknown[] = Object.values(next);
    if (!Array.isArray(next)) count += items.length;
    for (const item of items) open.push(item);
  }
  return count;
}

function duplicateName(source: Source): LockError {
  const tree = treeOf(source.text);
  const found = tree === undefined ? undefined : secondOf(tree);
  const name = JSON.stringify(found?.value ?? "a name");
  const fix = "keep the one that is right, and remove the other";
  return lockError(source, "invalid", found?.offset ?? 0, `${name} stands twice`, fix);
}

/** The first name that stands a second time in its object. */
function secondOf(node: Node): Node | undefined {
  const seen = new Set<unknown>();
  for (const child of node.children ?? []) {
    if (node.type === "object") {
      const [name] = child.children ?? [];
      if (name !== undefined && seen.has(name.value)) return name;
      seen.add(name?.value);
    }
    const inner = secondOf(child);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

/** The text with its offsets; undefined for one that is nested beyond reason, which the parser cannot walk. */
function treeOf(text: string, errors: ParseError[] = []): Node | undefined {
  try {
    return parseTree(text, errors, { disallowComments: true });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
