import { declined, PlainCursor } from "./plain-cursor";
import { quoted, unquotedInFlow, unquotedOnLine, type PlainScalar } from "./plain-scalar";
import type { Key } from "./yaml-conversion";

/** Deeper nesting is not read here. */
const maxDepth = 100;

/** Control characters, blanks but spaces, and what few write: letters of Europe and typographer's marks are plain. */
const beyond = /[^\n\x20-\x7e\u00a1-\u167f\u2010-\u2027\u2030-\u205e]/;

/** A value, and what it is made of. */
export type PlainNode = PlainScalar | PlainCollection | typeof nothing;

export interface PlainCollection {
  readonly value: object;
  /** Of each of its fields or elements, in their order. */
  readonly nodes: readonly PlainNode[];
}

type Fields = Record<string, unknown>;

/** Stands where nothing is written. */
const nothing = { value: null } as const;

/**
 * Reads a document of the part of YAML that most manifests keep to, many times faster than a parser of all of it: block maps and lists,
 * keys without quotes, scalars of one line without escapes, flow collections of one line, comments. It never guesses: what it reads,
 * it reads as the parser does (https://yaml.org/spec/1.2.2/), and all else, mistakes included, is the parser's.
 *
 * @returns undefined for a document that is not plain.
 */
export function plainYaml(text: string): PlainNode | undefined {
  if (beyond.test(text)) return undefined;
  try {
    return new PlainReader(text).document();
  } catch (error) {
    if (error === declined) return undefined;
    throw error;
  }
}

class PlainReader extends PlainCursor {
  document(): PlainNode {
    this.endLine();
    if (this.column === 0 && this.text.startsWith("---", this.at)) {
      this.at += 3;
      this.endLine();
    }
    const node = this.block(0);
    if (this.column !== -1) throw declined;
    return node;
  }

  private block(depth: number): PlainNode {
    if (depth > maxDepth) throw declined;
    return this.isDash() ? this.list(depth) : this.map(depth);
  }

  private map(depth: number): PlainNode {
    const { column } = this;
    const value: Fields = {};
    const nodes: PlainNode[] = [];
    do {
      const key = this.newKey(value);
      const node = this.isLineEnd() ? this.below(column, depth, true) : this.inline(column, depth);
      value[key] = node.value;
      nodes.push(node);
    } while (this.column === column);
    return this.ended(column, { value, nodes });
  }

  private list(depth: number): PlainNode {
    const { column } = this;
    const items: PlainNode[] = [];
    do {
      const dash = this.at++;
      this.skipSpaces();
      if (this.isLineEnd()) items.push(this.below(column, depth, false));
      else if (this.isDash() || this.isKey()) {
        this.column = column + this.at - dash;
        items.push(this.block(depth + 1));
      } else items.push(this.inline(column, depth));
    } while (this.column === column && this.isDash());
    return this.ended(column, listOf(items));
  }

  /** What stands on the lines below a key or a dash; a list may begin right below its key. */
  private below(column: number, depth: number, isMap: boolean): PlainNode {
    this.endLine();
    const isThere = this.column > column || (isMap && this.column === column && this.isDash());
    return isThere ? this.block(depth + 1) : nothing;
  }

  private inline(column: number, depth: number): PlainNode {
    const first = this.text.charAt(this.at);
    const node = "{[\"'".includes(first) ? this.flow(depth) : this.scalar(unquotedOnLine);
    this.endLine();
    return this.ended(column, node);
  }

  /** A line that is further in than it may be goes on with what stands before it, or is a mistake. */
  private ended(column: number, node: PlainNode): PlainNode {
    if (this.column > column) throw declined;
    return node;
  }

  private flow(depth: number): PlainNode {
    if (depth > maxDepth) throw declined;
    const open = this.text[this.at];
    if (open === "{") {
      const value: Fields = {};
      const nodes: PlainNode[] = [];
      this.elements("}", () => {
        const key = this.newKey(value);
        const node = this.flow(depth + 1);
        value[key] = node.value;
        nodes.push(node);
      });
      return { value, nodes };
    }
    if (open === "[") {
      const items: PlainNode[] = [];
      this.elements("]", () => items.push(this.flow(depth + 1)));
      return listOf(items);
    }
    return this.scalar(open === '"' || open === "'" ? quoted : unquotedInFlow);
  }

  private elements(close: string, read: () => void): void {
    this.at++;
    this.skipSpaces();
    for (let isFirst = true; this.text[this.at] !== close; isFirst = false) {
      if (!isFirst) {
        if (this.text[this.at] !== ",") throw declined;
        this.at++;
        this.skipSpaces();
      }
      read();
      this.skipSpaces();
    }
    this.at++;
  }

  /** Of a key that stands twice the parser knows what to do, and of one that is no ordinary field of an object. */
  private newKey(fields: Fields): string {
    const key = this.key();
    if (key === undefined || Object.hasOwn(fields, key) || key === "__proto__") throw declined;
    this.skipSpaces();
    return key;
  }

  private scalar(read: typeof quoted): PlainScalar {
    const scalar = read(this.text, this.at);
    if (scalar === undefined) throw declined;
    [, this.at] = scalar.range;
    return scalar;
  }
}

function listOf(items: readonly PlainNode[]): PlainCollection {
  return { value: items.map(({ value }) => value), nodes: items };
}

/** What these keys lead to. */
export function plainNodeAt(root: PlainNode, keys: readonly Key[]): PlainNode | undefined {
  return keys.reduce<PlainNode | undefined>(
    (node, key) => (node !== undefined && "nodes" in node ? within(node, key) : undefined),
    root,
  );
}

function within({ value, nodes }: PlainCollection, key: Key): PlainNode | undefined {
  const index = Array.isArray(value) ? key : Object.keys(value).findIndex((name) => name === key);
  return typeof index === "number" ? nodes[index] : undefined;
}
