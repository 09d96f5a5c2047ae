import { changeAt, merge, withChange, type Change } from "./change";
import { changedText } from "./changed-text";
import { union, type ImageLeaf, type Node } from "./node";
import { pathTo } from "./property-path";
import { SearchLimit } from "./search-limit";
import { FixedText, UnnamedText, type TextReader } from "./text/reader";
import { isSecretBox, isUnknown, peek } from "./unknown";
import { visitFields, visitText } from "./visit-image";
import { isQuiet, report, reportWrong, type Visitor } from "./visitor";

/**
 * Walks a resource's properties along the tree of its type. Unknown values are found at their own path, and never hide what
 * stands beside them.
 *
 * @returns what the visitor wants changed.
 */
export function walkProperties(properties: object, tree: Node, visitor: Visitor): Change | undefined {
  return new Walk(properties, visitor).value(properties, tree, "");
}

class Walk {
  private readonly limit = new SearchLimit();
  /** What stands in front of the text that is being read, and whether names match in any case there. */
  private inText: { readonly prefix?: string; readonly anyCase?: true } = {};

  constructor(
    private readonly root: object,
    private readonly visitor: Visitor,
  ) {}

  value(value: unknown, node: Node, path: string): Change | undefined {
    if (value === undefined || value === null) return undefined;
    if (isUnknown(value)) {
      if (node.runs !== undefined) this.visitor.runs?.(value, path, node.runs.as);
      return isQuiet(node) ? undefined : report(this.visitor, path, { kind: "unknown" }, node);
    }
    if (typeof value === "object") {
      if (this.visitor.isLater(value)) return this.later(value, node, path);
      if (isSecretBox(value)) {
        const change = this.value(value.value, node, path);
        return change && changeAt("value", change);
      }
    }
    if (node.look === undefined) return this.known(value, node, path);
    const found = this.isBeyond(value, node, path) ? undefined : node.look(value);
    this.limit.depth++;
    const change = this.known(value, found === undefined ? node : union(node, found), path);
    this.limit.depth--;
    return change;
  }

  private later(value: unknown, node: Node, path: string): Change {
    const {
      limit: { depth },
      inText,
    } = this;
    const then = (known: unknown): unknown => {
      [this.limit.depth, this.inText] = [depth, inText];
      return withChange(known, this.value(known, node, path));
    };
    return { replace: this.visitor.later(value, then) };
  }

  /** Whether a search has come to its limit. */
  private isBeyond(value: unknown, node: Node, path: string): boolean {
    if (typeof value !== "object") return false;
    const { isBeyond, problem } = this.limit.pass();
    if (problem !== undefined) report(this.visitor, path, { kind: "unreadable", problem }, node);
    return isBeyond;
  }

  private known(value: unknown, node: Node, path: string): Change | undefined {
    if (node.runs?.here === true) this.visitor.runs?.(value, path, node.runs.as);
    const { image, parts, texts, properties, each, values, unread } = node;
    if (image !== undefined) return this.text(value, image, node, path);
    if (each !== undefined) return this.each(value, each, node, path);
    if (texts !== undefined) return this.embedded(value, texts, node, path);
    if (unread !== undefined)
      return report(this.visitor, path, { kind: "unreadable", problem: unread }, node);
    if (properties === undefined && values === undefined && parts === undefined) return undefined;
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return reportWrong(this.visitor, path, value, "an object", node);
    }
    let change: Change | undefined;
    if (parts !== undefined) {
      for (const leaf of parts) change = merge(change, visitFields(this.visitor, value, leaf, node, path));
    }
    if (properties !== undefined) {
      if (this.inText.anyCase === true) change = this.anyCase(value, properties, path);
      else {
        for (const [name, child] of properties) change = this.property(value, name, child, path, change);
      }
    }
    if (values !== undefined) {
      for (const name of Object.keys(value)) change = this.property(value, name, values, path, change);
    }
    return change;
  }

  private property(
    object: object,
    name: string,
    node: Node,
    path: string,
    change: Change | undefined,
  ): Change | undefined {
    const value = peek(object, name);
    if (value === undefined || value === null) return change;
    const inner = this.value(value, node, pathTo(path, name));
    return inner === undefined ? change : merge(change, changeAt(name, inner));
  }

  private anyCase(object: object, properties: ReadonlyMap<string, Node>, path: string): Change | undefined {
    const lower = new Map([...properties].map(([name, node]) => [name.toLowerCase(), node]));
    return Object.keys(object).reduce<Change | undefined>((change, name) => {
      const node = lower.get(name.toLowerCase());
      return node === undefined ? change : this.property(object, name, node, path, change);
    }, undefined);
  }

  private each(value: unknown, each: Node, node: Node, path: string): Change | undefined {
    if (!Array.isArray(value)) return reportWrong(this.visitor, path, value, "an array", node);
    let within: Map<number, Change> | undefined;
    for (let i = 0; i < value.length; i++) {
      const change = this.value(peek(value, i), each, `${path}[${i}]`);
      if (change !== undefined) (within ??= new Map<number, Change>()).set(i, change);
    }
    return within && { within };
  }

  private embedded(
    value: unknown,
    texts: ReadonlyMap<TextReader, Node>,
    node: Node,
    path: string,
  ): Change | undefined {
    for (const [reader, inner] of texts) {
      // Some provider versions take the value itself where others take its JSON.
      if (typeof value === "object" && reader.takesValues === true) return this.value(value, inner, path);
      if (typeof value !== "string" || reader.isOther?.(value) === true) continue;
      if (reader.beside === undefined) return this.held(value, reader, {}, inner, path);
      const names = reader.beside;
      const values = names.map((name) => peek(this.root, name));
      const replaced = this.visitor.later(values, (known) => {
        const given: readonly unknown[] = Array.isArray(known) ? known : [];
        const beside = Object.fromEntries(names.map((name, index) => [name, given[index]]));
        return withChange(value, this.held(value, reader, beside, inner, path));
      });
      return replaced === value ? undefined : { replace: replaced };
    }
    return typeof value === "string" ? undefined : reportWrong(this.visitor, path, value, "text", node);
  }

  /** What a text holds. */
  private held(
    text: string,
    reader: TextReader,
    beside: object,
    node: Node,
    path: string,
  ): Change | undefined {
    const decoded = reader.decode(text, beside);
    if ("problem" in decoded) {
      return report(this.visitor, path, { kind: "unreadable", problem: decoded.problem }, node);
    }
    const outer = this.inText;
    this.inText = reader;
    const change = this.value(decoded.value, node, path);
    this.inText = outer;
    return change && changedText(text, reader, beside, change, this.visitor);
  }

  private text(value: unknown, leaf: ImageLeaf, node: Node, path: string): Change | undefined {
    const { visitor } = this;
    if (typeof value === "string") {
      const { prefix } = this.inText;
      const place = prefix === undefined ? undefined : ({ as: "reference", path, prefix } as const);
      return visitText(visitor, value, leaf, node, path, place);
    }
    if (value instanceof FixedText) {
      return visitText(visitor, value.text, leaf, node, path, { as: "fixed", reason: value.reason });
    }
    if (value instanceof UnnamedText) {
      return report(visitor, path, { kind: "unreadable", problem: value.problem }, node);
    }
    return reportWrong(visitor, path, value, "text", node);
  }
}
