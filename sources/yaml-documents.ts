import type * as Yaml from "yaml";
import type { Node as YamlNode, Pair, Scalar, YAMLMap, YAMLSeq } from "yaml";
import type { Span } from "./text-file";

/** Longer files are not read, and neither are longer documents in them: parsing takes a second for each million characters. */
const limits = { file: 10_000_000, document: 1_000_000, open: 1_000, depth: 200, repeated: 100_000 };

// Loaded by the first text that is YAML: a command that meets none need not wait for it.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const load = (): typeof Yaml => require("yaml") as typeof Yaml;

export type Key = string | number;

/** Where a value stands in the text. */
export interface Slot {
  /** The node as it is written; an alias is not followed. */
  readonly written: YamlNode;
  /** The node that holds the value. */
  readonly node: YamlNode;
  readonly key?: Scalar;
  /** The map or list that it is written in, which a merge key or an alias may have brought here. */
  readonly owner: YAMLMap | YAMLSeq;
  /** How many merge keys it came through. */
  readonly merges: number;
}

/** One document of a YAML file that was read. */
export interface YamlDocument {
  /** Where the document begins in the file: the offsets of its nodes count from there. */
  readonly base: number;
  /** The document's own text. */
  readonly text: string;
  /** Plain values; an alias gives the very object of its anchor, merge keys are followed. */
  readonly value: unknown;
  /** Where the value stands that these keys lead to. */
  slot(keys: readonly Key[]): Slot | undefined;
  /** The fields of a value that stands in the document. */
  slots(value: unknown): ReadonlyMap<Key, Slot> | undefined;
}

/** A document that cannot be read: half a sentence says why, without a word of the text, which may hold secrets. */
export interface BrokenDocument extends Span {
  readonly problem: string;
}

export interface ReadingOptions {
  /** Names the field whose value a map stands for, `fn::toJSON` for one; undefined for all others. */
  readonly unwrap?: (value: object) => string | undefined;
  /** Whether a document can be passed over, told from its text. */
  readonly skips?: (text: string) => boolean;
}

/** Reads the documents of a YAML file, one after the other. Never throws, and takes bounded time and memory. */
export function* yamlDocuments(
  text: string,
  options: ReadingOptions = {},
): Generator<YamlDocument | BrokenDocument> {
  if (text.length > limits.file) {
    yield { start: 0, end: 0, problem: `is longer than the ${limits.file} characters that are read` };
    return;
  }
  for (const { start, end } of parts(text)) {
    const part = text.slice(start, end);
    // A name may be written with escapes.
    if (options.skips?.(part) === true && !part.includes("\\")) continue;
    // Without a key there is no image.
    if (!part.includes(":") && !part.includes("[") && !part.includes("{")) continue;
    if (part.length > limits.document) {
      const problem = `is longer than the ${limits.document} characters that are read of one document`;
      yield { start, end: start, problem };
      continue;
    }
    if (opensMoreThan(part, limits.open)) {
      yield { start, end: start, problem: `has more than ${limits.open} brackets open at once` };
      continue;
    }
    yield* composed(part, start, options);
  }
}

/** A line of dashes always begins a document: the grammar forbids it within any scalar (c-forbidden). */
function* parts(text: string): Generator<Span> {
  // The byte-order mark is no part of the first document: it would shift the columns of its keys.
  let start = text.startsWith("\uFEFF") ? 1 : 0;
  for (const { index } of text.matchAll(/^---(?=\s)/gm)) {
    if (index <= start) continue;
    if (isOnlyDirectives(text.slice(start, index))) continue;
    yield { start, end: index };
    start = index;
  }
  yield { start, end: text.length };
}

/** The parser's time grows with the square of such nesting. Brackets within scalars count, too: they are mostly closed again. */
function opensMoreThan(text: string, limit: number): boolean {
  let open = 0;
  for (const [bracket] of text.matchAll(/[[{}\]]/g)) {
    if (bracket === "[" || bracket === "{") {
      if (++open > limit) return true;
    } else if (open > 0) open--;
  }
  return false;
}

/** Directives belong to the document that they stand before. */
function isOnlyDirectives(text: string): boolean {
  return text.length < 10_000 && text.split("\n").every((line) => /^\s*(?:[#%].*)?$/.test(line));
}

function* composed(
  text: string,
  base: number,
  options: ReadingOptions,
): Generator<YamlDocument | BrokenDocument> {
  const { Composer, Parser } = load();
  const at = (offset: number, problem: string): BrokenDocument => ({
    start: base + offset,
    end: base + offset,
    problem,
  });
  try {
    const composer = new Composer({
      prettyErrors: false,
      uniqueKeys: false,
      logLevel: "silent",
      resolveKnownTags: false,
    });
    for (const document of composer.compose(new Parser().parse(text))) {
      const [error] = document.errors;
      if (error !== undefined) yield at(Math.min(error.pos[0], text.length), unreadable(text));
      else if (document.contents !== null) {
        const result = new Conversion(text, options).document(document.contents);
        if ("problem" in result) yield at(result.offset, result.problem);
        else yield { ...result, base, text };
      }
    }
  } catch {
    // Nesting that no stack can hold.
    yield at(0, unreadable(text));
  }
}

function unreadable(text: string): string {
  return /\{\{|<%/.test(text)
    ? "is a template, which is not YAML before it is rendered"
    : "is not readable as YAML";
}

class Problem extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

interface Converted {
  readonly value: unknown;
  /** The node that holds the value, where the map around it only stands for it. */
  readonly node?: YamlNode;
  /** How many values it holds when every alias is written out. */
  readonly size: number;
}

/** Makes plain values of nodes and remembers where they stand. One for each document. */
class Conversion {
  private readonly anchors = new Map<string, YamlNode>();
  private readonly done = new Map<YamlNode, Converted | undefined>();
  private readonly fields = new WeakMap<object, Map<Key, Slot>>();
  /** How many values aliases and merge keys have repeated. */
  private repeated = 0;
  private readonly yaml = load();

  constructor(
    private readonly text: string,
    private readonly options: ReadingOptions,
  ) {}

  document(
    contents: YamlNode,
  ): Pick<YamlDocument, "value" | "slot" | "slots"> | { problem: string; offset: number } {
    try {
      const { value } = this.convert(contents, 0);
      const slots = (of: unknown): ReadonlyMap<Key, Slot> | undefined =>
        typeof of === "object" && of !== null ? this.fields.get(of) : undefined;
      const slot = (keys: readonly Key[]): Slot | undefined => {
        let [at, found]: [unknown, Slot | undefined] = [value, undefined];
        for (const key of keys) {
          found = slots(at)?.get(key);
          if (found === undefined) return undefined;
          at = this.done.get(found.node)?.value;
        }
        return found;
      };
      return { value, slot, slots };
    } catch (error) {
      if (error instanceof Problem) return { problem: error.message, offset: error.offset };
      throw error;
    }
  }

  private convert(node: YamlNode, depth: number): Converted {
    const { isAlias, isMap, isSeq, isScalar } = this.yaml;
    if (depth > limits.depth) {
      throw new Problem(`is nested deeper than ${limits.depth} levels`, offsetOf(node));
    }
    if (isAlias(node)) return this.alias(node);
    if ("anchor" in node && typeof node.anchor === "string") this.anchors.set(node.anchor, node);
    this.done.set(node, undefined);
    const converted = isMap(node)
      ? this.map(node, depth)
      : isSeq(node)
        ? this.list(node, depth)
        : { value: isScalar(node) ? scalarValue(node) : undefined, size: 1 };
    this.done.set(node, converted);
    return converted;
  }

  private alias(node: Yaml.Alias): Converted {
    const target = this.anchors.get(node.source);
    if (target === undefined) throw new Problem("has an alias whose anchor is not there", offsetOf(node));
    const converted = this.done.get(target);
    if (converted === undefined) throw new Problem("has an alias within its own anchor", offsetOf(node));
    this.repeat(converted.size, node);
    return converted;
  }

  private repeat(size: number, node: YamlNode): void {
    this.repeated += size;
    if (this.repeated > limits.repeated) {
      throw new Problem(`repeats more than ${limits.repeated} values through aliases`, offsetOf(node));
    }
  }

  private list(node: YAMLSeq, depth: number): Converted {
    const slots = new Map<Key, Slot>();
    let size = 1;
    const value = node.items.map((item, index) => {
      if (!this.yaml.isNode(item)) return undefined;
      const converted = this.convert(item, depth + 1);
      size += converted.size;
      slots.set(index, {
        written: item,
        node: converted.node ?? this.resolved(item),
        owner: node,
        merges: 0,
      });
      return converted.value;
    });
    this.fields.set(value, slots);
    return { value, size };
  }

  private map(node: YAMLMap, depth: number): Converted {
    const [start = 0, end = 0] = node.range ?? [];
    // What a template would fill in is a map of a map to YAML.
    if (this.text.startsWith("{{", start)) return { value: this.text.slice(start, end), size: 1 };
    const entries = new Map<string, unknown>();
    const [slots, merged] = [new Map<Key, Slot>(), new Array<YamlNode>()];
    let size = 1;
    for (const pair of node.items) {
      const key = this.keyOf(pair);
      if (!this.yaml.isNode(pair.value)) continue;
      const converted = this.convert(pair.value, depth + 1);
      size += converted.size;
      if (key === undefined) continue;
      // YAML 1.1, which a directive may ask for, reads the merge key as a symbol.
      if (typeof key.value === "symbol" || (key.value === "<<" && key.type === "PLAIN")) {
        merged.push(pair.value);
        continue;
      }
      const name = typeof key.value === "string" ? key.value : (key.source ?? "");
      entries.set(name, converted.value);
      slots.set(name, {
        written: pair.value,
        node: converted.node ?? this.resolved(pair.value),
        key,
        owner: node,
        merges: 0,
      });
    }
    for (const source of merged.flatMap((value) => this.mergeSources(value))) {
      for (const [name, slot] of this.fields.get(source) ?? []) {
        this.repeat(1, node);
        if (typeof name !== "string" || slots.has(name)) continue;
        entries.set(name, this.done.get(slot.node)?.value);
        slots.set(name, { ...slot, merges: slot.merges + 1 });
      }
    }
    const value: object = Object.fromEntries(entries);
    this.fields.set(value, slots);
    const inner = slots.get(this.options.unwrap?.(value) ?? "");
    return inner === undefined
      ? { value, size }
      : { value: this.done.get(inner.node)?.value, node: inner.node, size };
  }

  /** The maps that a merge key names. */
  private mergeSources(written: YamlNode): readonly object[] {
    const value = this.done.get(this.resolved(written))?.value;
    const all: readonly unknown[] = Array.isArray(value) ? value : [value];
    return all.filter((source) => typeof source === "object" && source !== null);
  }

  private keyOf({ key }: Pair): Scalar | undefined {
    const node = this.yaml.isAlias(key) ? this.anchors.get(key.source) : key;
    if (!this.yaml.isScalar(node)) return undefined;
    if (node.anchor !== undefined) {
      this.anchors.set(node.anchor, node);
      this.done.set(node, { value: node.value, size: 1 });
    }
    return node;
  }

  private resolved(node: YamlNode): YamlNode {
    return this.yaml.isAlias(node) ? (this.anchors.get(node.source) ?? node) : node;
  }
}

/** A block scalar mostly ends in a line break that nobody means to be a part of a reference. */
function scalarValue({ value, type }: Scalar): unknown {
  const isBlock = type === "BLOCK_LITERAL" || type === "BLOCK_FOLDED";
  return isBlock && typeof value === "string" ? value.replace(/\n$/, "") : value;
}

function offsetOf(node: YamlNode): number {
  return node.range?.[0] ?? 0;
}
