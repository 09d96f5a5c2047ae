import type { ParseError } from "jsonc-parser";
import { LockError, shown, type LockErrorCode } from "./error";
import { jsonc } from "./jsonc";
import { walkJson, type JsonPath } from "./walk";

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
  const twice = nameTwice(text, value);
  if (twice !== undefined) {
    const fix = "keep the one that is right, and remove the other";
    throw lockError(source, "invalid", twice.offset, `${shown(twice.name, 300)} stands twice`, fix);
  }
  return value;
}

/**
 * The first name that stands a second time in its object, and where.
 *
 * @param text Is known to be JSON.
 * @param value What JSON.parse made of it.
 */
export function nameTwice(
  text: string,
  value: unknown,
): { readonly name: string; readonly offset: number } | undefined {
  if (namesIn(text) === namesOf(value)) return undefined;
  return walkJson(text).twice ?? { name: "", offset: 0 };
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
export function offsetOf({ text }: Source, path: JsonPath): number {
  return walkJson(text, path).offset;
}

function syntaxError(source: Source, cause: unknown): LockError {
  const conflict = /^(?:<{7}|\|{7}|={7}|>{7})(?: |\r?$)/m.exec(source.text);
  if (conflict !== null) {
    const fix = "keep one side of each entry as a whole, and remove the lines of <, = and >";
    return lockError(source, "syntax", conflict.index, "has a merge conflict of git", fix, cause);
  }
  if (source.text.trim() === "") return lockError(source, "syntax", 0, "is empty", handFix, cause);
  const offset = offsetOfError(source.text);
  const near = /\S{1,20}/.exec(source.text.slice(offset))?.[0];
  const what = near === undefined ? "it ends too early" : `there is something wrong at ${shown(near)}`;
  return lockError(source, "syntax", offset, `is no JSON: ${what}`, handFix, cause);
}

function offsetOfError(text: string): number {
  const errors: ParseError[] = [];
  try {
    jsonc().parseTree(text, errors, { disallowComments: true });
  } catch (error) {
    // Nested beyond what a parser that recurses can follow; the errors before that are there.
    if (!(error instanceof RangeError)) throw error;
  }
  return errors[0]?.offset ?? 0;
}

/** How many names stand in a text that is known to be JSON: strings with a colon behind them. */
function namesIn(text: string): number {
  let count = 0;
  for (let open = text.indexOf('"'); open !== -1;) {
    let close = text.indexOf('"', open + 1);
    while (text[close - 1] === "\\" && isEscaped(text, close)) close = text.indexOf('"', close + 1);
    let next = close + 1;
    while (isSpace(text[next])) next++;
    if (text[next] === ":") count++;
    open = text.indexOf('"', next);
  }
  return count;
}

function isEscaped(text: string, index: number): boolean {
  let start = index;
  while (text[start - 1] === "\\") start--;
  return (index - start) % 2 === 1;
}

function isSpace(character: string | undefined): boolean {
  return character === " " || character === "\n" || character === "\r" || character === "\t";
}

/** How many names are left in what the text became. */
function namesOf(value: unknown): number {
  let count = 0;
  // Not by recursion: how deep a file goes is up to whoever wrote it. `in`, as it makes no list: a preview waits for this.
  const open: unknown[] = [value];
  const add = (item: unknown): void => {
    if (typeof item === "object" && item !== null) open.push(item);
  };
  for (let next = open.pop(); typeof next === "object" && next !== null; next = open.pop()) {
    if (Array.isArray(next)) {
      next.forEach(add);
      continue;
    }
    for (const name in next) {
      count++;
      add(Reflect.get(next, name));
    }
  }
  return count;
}
