import type * as Yaml from "yaml";
import type { Node as YamlNode, Pair, Scalar, YAMLMap, YAMLSeq } from "yaml";

/** Deeper nesting is not read, and neither is what aliases and merge keys repeat more often. */
const limits = { depth: 200, repeated: 100_000 };

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

/** The values of a document, and where they stand. */
export interface Conversion {
  /** Plain values; an alias gives the very object of its anchor, merge keys are followed. */
  readonly value: unknown;
  /** Where the value stands that these keys lead to. */
  slot(keys: readonly Key[]): Slot | undefined;
  /** The fields of a value that stands in the document. */
  slots(value: unknown): ReadonlyMap<Key, Slot> | undefined;
}

/** What cannot be read, and where: half a sentence says why. */
export interface BrokenValue {
  readonly problem: string;
  readonly offset: number;
}

/** Names the field whose value a map stands for; undefined for a map that stands for itself. */
export type Unwrap = (value: object) => string | undefined;

/** The plain values of a document. Aliases and merge keys are followed as far as the limits go. */
export function converted(
  contents: YamlNode,
  text: string,
  yaml: typeof Yaml,
  unwrap?: Unwrap,
): Conversion | BrokenValue {
  return new Converter(text, yaml, unwrap).document(contents);
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
class Converter {
  private readonly anchors = new Map<string, YamlNode>();
  private readonly done = new Map<YamlNode, Converted | undefined>();
  private readonly fields = new WeakMap<object, Map<Key, Slot>>();
  /** How many values aliases and merge keys have repeated. */
  private repeated = 0;

  constructor(
    private readonly text: string,
    private readonly yaml: typeof Yaml,
    private readonly unwrap: Unwrap | undefined,
  ) {}

  document(contents: YamlNode): Conversion | BrokenValue {
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
    const inner = slots.get(this.unwrap?.(value) ?? "");
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
