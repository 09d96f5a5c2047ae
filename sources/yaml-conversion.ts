import type * as Yaml from "yaml";
import type { Node as YamlNode, Scalar, YAMLMap, YAMLSeq } from "yaml";
import type { PlainScalar } from "./plain-scalar";
import { YamlNodes, YamlProblem, type Converted } from "./yaml-nodes";

/** Deeper nesting is not read. */
const maxDepth = 200;

export type Key = string | number;

/** Where a value stands in the text. */
export interface Place {
  /** The node that holds the value. */
  readonly node: YamlNode | PlainScalar;
  /** How many merge keys it came through. */
  readonly merges: number;
}

/** A place, and what is written around it. */
export interface Slot extends Place {
  readonly node: YamlNode;
  /** The node as it is written; an alias is not followed. */
  readonly written: YamlNode;
  readonly key?: Scalar;
  /** The map or list that it is written in, which a merge key or an alias may have brought here. */
  readonly owner: YAMLMap | YAMLSeq;
}

/** The values of a document, and where they stand. */
export interface Conversion {
  /** Plain values; an alias gives the very object of its anchor, merge keys are followed. */
  readonly value: unknown;
  /** Where the value stands that these keys lead to. */
  slot(keys: readonly Key[]): Place | undefined;
  /** The fields of the value that these keys lead to. */
  slots(keys: readonly Key[]): ReadonlyMap<Key, Slot> | undefined;
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

/** Makes plain values of nodes and remembers where they stand. One for each document. */
class Converter {
  private readonly nodes: YamlNodes;
  private readonly fields = new WeakMap<object, Map<Key, Slot>>();

  constructor(
    private readonly text: string,
    private readonly yaml: typeof Yaml,
    private readonly unwrap: Unwrap | undefined,
  ) {
    this.nodes = new YamlNodes(yaml);
  }

  document(contents: YamlNode): Conversion | BrokenValue {
    try {
      const { value } = this.convert(contents, 0);
      const fields = (of: unknown): ReadonlyMap<Key, Slot> | undefined =>
        typeof of === "object" && of !== null ? this.fields.get(of) : undefined;
      const slot = (keys: readonly Key[]): Slot | undefined => {
        let [at, found]: [unknown, Slot | undefined] = [value, undefined];
        for (const key of keys) {
          found = fields(at)?.get(key);
          if (found === undefined) return undefined;
          at = this.nodes.valueOf(found.node);
        }
        return found;
      };
      const slots = (keys: readonly Key[]): ReadonlyMap<Key, Slot> | undefined => {
        const found = slot(keys);
        return fields(
          found === undefined ? (keys.length === 0 ? value : undefined) : this.nodes.valueOf(found.node),
        );
      };
      return { value, slot, slots };
    } catch (error) {
      if (error instanceof YamlProblem) return { problem: error.message, offset: error.offset };
      throw error;
    }
  }

  private convert(node: YamlNode, depth: number): Converted {
    const { isAlias, isMap, isSeq, isScalar } = this.yaml;
    if (depth > maxDepth) throw new YamlProblem(`is nested deeper than ${maxDepth} levels`, node);
    if (isAlias(node)) return this.nodes.aliased(node);
    this.nodes.begin(node);
    const converted = isMap(node)
      ? this.map(node, depth)
      : isSeq(node)
        ? this.list(node, depth)
        : { value: isScalar(node) ? scalarValue(node) : undefined, size: 1 };
    this.nodes.end(node, converted);
    return converted;
  }

  private list(node: YAMLSeq, depth: number): Converted {
    const slots = new Map<Key, Slot>();
    let size = 1;
    const value = node.items.map((item, index) => {
      if (!this.yaml.isNode(item)) return undefined;
      const converted = this.convert(item, depth + 1);
      size += converted.size;
      slots.set(index, this.slot(item, converted, node));
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
      const key = this.nodes.keyOf(pair);
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
      slots.set(name, { ...this.slot(pair.value, converted, node), key });
    }
    for (const source of merged.flatMap((value) => this.mergeSources(value))) {
      for (const [name, slot] of this.fields.get(source) ?? []) {
        this.nodes.repeat(1, node);
        if (typeof name !== "string" || slots.has(name)) continue;
        entries.set(name, this.nodes.valueOf(slot.node));
        slots.set(name, { ...slot, merges: slot.merges + 1 });
      }
    }
    const value: object = Object.fromEntries(entries);
    this.fields.set(value, slots);
    const inner = slots.get(this.unwrap?.(value) ?? "");
    return inner === undefined
      ? { value, size }
      : { value: this.nodes.valueOf(inner.node), node: inner.node, size };
  }

  /** The maps that a merge key names. */
  private mergeSources(written: YamlNode): readonly object[] {
    const value = this.nodes.valueOf(this.nodes.resolved(written));
    const all: readonly unknown[] = Array.isArray(value) ? value : [value];
    return all.filter((source) => typeof source === "object" && source !== null);
  }

  private slot(written: YamlNode, { node }: Converted, owner: YAMLMap | YAMLSeq): Slot {
    return { written, node: node ?? this.nodes.resolved(written), owner, merges: 0 };
  }
}

/** A block scalar mostly ends in a line break that nobody means to be a part of a reference. */
function scalarValue({ value, type }: Scalar): unknown {
  const isBlock = type === "BLOCK_LITERAL" || type === "BLOCK_FOLDED";
  return isBlock && typeof value === "string" ? value.replace(/\n$/, "") : value;
}
