import type * as Yaml from "yaml";
import type { Node as YamlNode, Pair, Scalar } from "yaml";

/** What aliases and merge keys repeat more often is not read. */
const maxRepeated = 100_000;

/** What a node became. */
export interface Converted {
  readonly value: unknown;
  /** The node that holds the value, where the map around it only stands for it. */
  readonly node?: YamlNode;
  /** How many values it holds when every alias is written out. */
  readonly size: number;
}

/** Why a document cannot be read: half a sentence, and where. */
export class YamlProblem extends Error {
  readonly offset: number;

  constructor(message: string, node: YamlNode) {
    super(message);
    this.offset = node.range?.[0] ?? 0;
  }
}

/** What the nodes of a document became, and what its aliases stand for. */
export class YamlNodes {
  private readonly anchors = new Map<string, YamlNode>();
  private readonly done = new Map<YamlNode, Converted | undefined>();
  /** How many values aliases and merge keys have repeated. */
  private repeated = 0;

  constructor(private readonly yaml: Pick<typeof Yaml, "isAlias" | "isScalar">) {}

  /** Says that a node is under way: an alias within it leads nowhere. */
  begin(node: YamlNode): void {
    if ("anchor" in node && typeof node.anchor === "string") this.anchors.set(node.anchor, node);
    this.done.set(node, undefined);
  }

  end(node: YamlNode, converted: Converted): void {
    this.done.set(node, converted);
  }

  valueOf(node: YamlNode): unknown {
    return this.done.get(node)?.value;
  }

  /** What an alias stands for. @throws YamlProblem */
  aliased(alias: Yaml.Alias): Converted {
    const target = this.anchors.get(alias.source);
    if (target === undefined) throw new YamlProblem("has an alias whose anchor is not there", alias);
    const converted = this.done.get(target);
    if (converted === undefined) throw new YamlProblem("has an alias within its own anchor", alias);
    this.repeat(converted.size, alias);
    return converted;
  }

  /** Counts values that stand there once more. @throws YamlProblem when they are too many. */
  repeat(size: number, node: YamlNode): void {
    this.repeated += size;
    if (this.repeated > maxRepeated) {
      throw new YamlProblem(`repeats more than ${maxRepeated} values through aliases`, node);
    }
  }

  /** The node itself, or the one that an alias names. */
  resolved(node: YamlNode): YamlNode {
    return this.yaml.isAlias(node) ? (this.anchors.get(node.source) ?? node) : node;
  }

  /** The key of a pair, which an alias may name; undefined for one that is no scalar. */
  keyOf({ key }: Pair): Scalar | undefined {
    const node = this.yaml.isAlias(key) ? this.anchors.get(key.source) : key;
    if (!this.yaml.isScalar(node)) return undefined;
    if (node.anchor !== undefined) {
      this.begin(node);
      this.end(node, { value: node.value, size: 1 });
    }
    return node;
  }
}
