import type { Scalar } from "yaml";
import type { PlainScalar } from "./plain-scalar";
import type { TextEdit } from "./source";
import type { Span } from "./text-file";
import type { YamlDocument } from "./yaml-documents";

/** What a scalar says, and where each of its characters stands in the file. */
export interface ScalarText {
  readonly value: string;
  /** The scalar as a whole, its quotes or its block header included. */
  readonly span: Span;
  /**
   * The offset in the file of each character of the value, and of the end behind the last; undefined when the value is not
   * written as it reads: with escapes, or folded over several lines.
   */
  readonly offset: ((index: number) => number) | undefined;
  /** What ends a line and begins the next one within it. */
  readonly lineBreak: string;
  /** The edit that puts another value in place of the whole scalar, in its style. */
  whole(value: string): TextEdit;
}

/** The text of a scalar; undefined for one that holds no string. */
export function scalarText({ base, text }: YamlDocument, node: Scalar | PlainScalar): ScalarText | undefined {
  const { range } = node;
  if (range === null || range === undefined) return undefined;
  const [start, end] = range;
  const isBlock = node.type === "BLOCK_LITERAL" || node.type === "BLOCK_FOLDED";
  if (typeof node.value !== "string") return undefined;
  const value = isBlock ? node.value.replace(/\n$/, "") : node.value;
  const within = isBlock ? blockOffsets(text, start, end, value) : flowOffset(text, start, end, value);
  return {
    value,
    span: { start: base + start, end: base + end },
    offset: within && ((index) => base + within(index)),
    lineBreak: within && isBlock ? breakOf(text, within(value.search(/[^\n]|$/))) : "\n",
    whole: (put) => ({ start: base + start, end: base + end, text: styled(node.type, put, isBlock) }),
  };
}

function flowOffset(
  text: string,
  start: number,
  end: number,
  value: string,
): ((index: number) => number) | undefined {
  if (text.slice(start, end) === value) return (index) => start + index;
  return text.slice(start + 1, end - 1) === value ? (index) => start + 1 + index : undefined;
}

/** Each line of a literal block is the end of a line of the file; a folded one has but one line that reads as it is written. */
function blockOffsets(
  text: string,
  start: number,
  end: number,
  value: string,
): ((index: number) => number) | undefined {
  const starts: { readonly inValue: number; readonly inText: number }[] = [];
  let [inValue, lineStart] = [0, text.indexOf("\n", start) + 1];
  for (const line of value.split("\n")) {
    if (lineStart === 0 || lineStart > end) return undefined;
    const newline = text.indexOf("\n", lineStart);
    const lineEnd = newline === -1 ? text.length : newline;
    const written = text.slice(lineStart, text[lineEnd - 1] === "\r" ? lineEnd - 1 : lineEnd);
    if (!written.endsWith(line) || (line !== "" && !/^ *$/.test(written.slice(0, -line.length)))) {
      return undefined;
    }
    starts.push({ inValue, inText: lineStart + written.length - line.length });
    inValue += line.length + 1;
    lineStart = newline + 1;
  }
  return (index) => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle]?.inValue ?? 0) <= index) low = middle;
      else high = middle;
    }
    const line = starts[low];
    return line === undefined ? start : line.inText + index - line.inValue;
  };
}

/** The line break in front of a line of a block, with the indentation behind it. */
function breakOf(text: string, at: number): string {
  const feed = text.lastIndexOf("\n", at - 1);
  return text.slice(text[feed - 1] === "\r" ? feed - 1 : feed, at);
}

function styled(type: Scalar["type"], value: string, isBlock: boolean): string {
  if (type === "QUOTE_DOUBLE") return JSON.stringify(value);
  if (type === "QUOTE_SINGLE") return `'${value}'`;
  // A block scalar's range holds its last line break.
  return isBlock ? `${value}\n` : value;
}
