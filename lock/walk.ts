import { SyntaxKind } from "jsonc-parser";
import { jsonc } from "./jsonc";

/** A list of names and indices, from the outermost value inwards. */
export type JsonPath = readonly (string | number)[];

/** An object or an array that the walk is in. */
interface Level {
  readonly kind: "object" | "array";
  /** Where the walk is in it: the name, or the index. */
  key: string | number;
  /** In an object: whether a name comes next. */
  nameNext: boolean;
  /** The names so far; made when there is one. */
  names?: Set<string>;
  /** Whether the level itself lies on the path that is looked for. */
  readonly onPath: boolean;
}

/**
 * Walks through a text that is known to be JSON. Not by recursion: how deep a file goes is up to whoever wrote it.
 *
 * @param path What is looked for.
 * @returns the offset of the value at the path, or of the nearest one around it that is there; and the first name that stands a
 * second time in its object.
 */
export function walkJson(
  text: string,
  path: JsonPath = [],
): { readonly offset: number; readonly twice?: { readonly name: string; readonly offset: number } } {
  const scanner = jsonc().createScanner(text, true);
  const levels: Level[] = [];
  let found = { depth: 0, offset: 0 };
  /** Whether the value that begins here lies on the path. */
  const begin = (level: Level | undefined, offset: number): boolean => {
    const depth = levels.length;
    const onPath = level === undefined || (level.onPath && path[depth - 1] === level.key);
    if (onPath && depth > found.depth) found = { depth, offset };
    return onPath;
  };
  for (let token = scanner.scan(); token !== SyntaxKind.EOF; token = scanner.scan()) {
    const offset = scanner.getTokenOffset();
    const level = levels.at(-1);
    switch (token) {
      case SyntaxKind.OpenBraceToken:
        levels.push({ kind: "object", key: "", nameNext: true, onPath: begin(level, offset) });
        break;
      case SyntaxKind.OpenBracketToken:
        levels.push({ kind: "array", key: 0, nameNext: false, onPath: begin(level, offset) });
        break;
      case SyntaxKind.CloseBraceToken:
      case SyntaxKind.CloseBracketToken:
        levels.pop();
        break;
      case SyntaxKind.CommaToken:
        if (level?.kind === "object") level.nameNext = true;
        else if (typeof level?.key === "number") level.key++;
        break;
      case SyntaxKind.ColonToken:
        break;
      default: {
        if (level?.nameNext !== true) {
          begin(level, offset);
          break;
        }
        const name = scanner.getTokenValue();
        level.names ??= new Set();
        if (level.names.has(name)) return { offset: found.offset, twice: { name, offset } };
        level.names.add(name);
        level.key = name;
        level.nameNext = false;
      }
    }
  }
  return { offset: found.offset };
}
