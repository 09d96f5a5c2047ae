import type * as Jsonc from "jsonc-parser";
import { splice, type TextReader } from "./reader";

/** JSON. The providers decode it in Go, where names match in any case: `"Image"` is as good as `"image"`. */
export const json: TextReader = {
  anyCase: true,
  takesValues: true,

  decode(text) {
    if (isDeep(text)) return { problem: `is nested deeper than ${maxDepth} levels` };
    try {
      const value: unknown = JSON.parse(text);
      return { value };
    } catch {
      // The parser's message quotes the text, which may hold secrets; the caller says what is needed.
      return { problem: "is not readable as JSON" };
    }
  },

  encode(text, edits) {
    // Loaded by the first rewrite: a pack that only looks needs none of it.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { parseTree } = require("jsonc-parser") as typeof Jsonc;
    const root = parseTree(text);
    const spans = edits.flatMap(({ keys, value }) => {
      const node = keys.reduce(childOf, root);
      if (node === undefined) return [];
      return [{ start: node.offset, end: node.offset + node.length, text: JSON.stringify(value) }];
    });
    return splice(text, spans);
  },
};

/** Nobody writes such a text; the library that finds places in it goes down level by level, and would run out of stack. */
const maxDepth = 500;

/** Counts brackets, without parsing. */
function isDeep(text: string): boolean {
  let [depth, inString] = [0, false];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x22) inString = !inString;
    else if (inString) i += code === 0x5c ? 1 : 0;
    else if (code === 0x5b || code === 0x7b) {
      if (++depth > maxDepth) return true;
    } else if (code === 0x5d || code === 0x7d) depth--;
  }
  return false;
}

/** Of a name that stands twice, the last counts, as it does for JSON.parse and for Go. */
function childOf(node: Jsonc.Node | undefined, key: string | number): Jsonc.Node | undefined {
  if (typeof key === "number") return node?.children?.[key];
  return node?.children?.findLast((property) => property.children?.[0]?.value === key)?.children?.[1];
}
