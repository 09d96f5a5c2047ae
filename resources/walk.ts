import { imageState, parseDigest, type ImageState } from "../images";
import { changeAt, editsOf, merge, withChange, type Change } from "./change";
import { digestField, fieldNames, fieldValues, readFields } from "./fields";
import { placedText, type FoundImage, type Place, type Unreadable } from "./found";
import type { ReferenceFields, Runtime } from "./location";
import { union, type ImageLeaf, type Node } from "./node";
import { FixedText, UnnamedText, type TextReader } from "./text/reader";
import { isSecretBox, isUnknown, peek } from "./unknown";

/** What is done at each image: the one difference between reading, rewriting in place and rewriting a program's inputs. */
export interface Visitor {
  /**
   * @returns the digest to put there, or a promise or output of it where {@link Visitor.isLater} knows those; undefined to
   * leave the image as it is.
   */
  image(found: FoundImage): unknown;
  /** What runs containers; a value that is not known, and may hold such a thing, too. */
  runs?(value: unknown, path: string, as: Runtime): void;
  /** Whether a value is known only later (a promise, an output), so that the walker must not look into it. */
  isLater(value: unknown): boolean;
  /** What `then` makes of a value, or of an array of values, once it is known. */
  later(value: unknown, then: (known: unknown) => unknown): unknown;
}

/** How far a search by shape goes. What lies further is reported as unread. */
const limits = { depth: 64, values: 200_000 };

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
  private depth = 0;
  private searched = 0;
  private readonly limitsTold = new Set<string>();
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
      return isQuiet(node) ? undefined : this.report(path, { kind: "unknown" }, node);
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
    this.depth++;
    const change = this.known(value, found === undefined ? node : union(node, found), path);
    this.depth--;
    return change;
  }

  private later(value: unknown, node: Node, path: string): Change {
    const { depth, inText } = this;
    const then = (known: unknown): unknown => {
      [this.depth, this.inText] = [depth, inText];
      return withChange(known, this.value(known, node, path));
    };
    return { replace: this.visitor.later(value, then) };
  }

  /** Whether a search has come to its limit. That is said once: the whole resource counts as not read. */
  private isBeyond(value: unknown, node: Node, path: string): boolean {
    if (typeof value !== "object") return false;
    const problem =
      this.depth > limits.depth
        ? `is nested deeper than ${limits.depth} levels, where nobody looked for images`
        : ++this.searched > limits.values
          ? `comes after ${limits.values} other values, where nobody looked for images`
          : undefined;
    if (problem === undefined) return false;
    if (!this.limitsTold.has(problem)) this.report(path, { kind: "unreadable", problem }, node);
    this.limitsTold.add(problem);
    return true;
  }

  private known(value: unknown, node: Node, path: string): Change | undefined {
    if (node.runs?.here === true) this.visitor.runs?.(value, path, node.runs.as);
    const { image, parts, texts, properties, each, values, unread } = node;
    if (image !== undefined) return this.text(value, image, node, path);
    if (each !== undefined) return this.each(value, each, node, path);
    if (texts !== undefined) return this.embedded(value, texts, node, path);
    if (unread !== undefined) return this.report(path, { kind: "unreadable", problem: unread }, node);
    if (properties === undefined && values === undefined && parts === undefined) return undefined;
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return this.wrong(value, "an object", node, path);
    }
    let change: Change | undefined;
    if (parts !== undefined) {
      for (const leaf of parts) change = merge(change, this.fields(value, leaf, node, path));
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
    const inner = this.value(value, node, join(path, name));
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
    if (!Array.isArray(value)) return this.wrong(value, "an array", node, path);
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
    return typeof value === "string" ? undefined : this.wrong(value, "text", node, path);
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
      return this.report(path, { kind: "unreadable", problem: decoded.problem }, node);
    }
    const outer = this.inText;
    this.inText = reader;
    const change = this.value(decoded.value, node, path);
    this.inText = outer;
    if (change === undefined) return undefined;
    const edits = editsOf(change);
    const encode = (values: readonly unknown[]): string =>
      reader.encode(
        text,
        edits.map(({ keys }, index) => ({ keys, value: values[index] })),
        beside,
      );
    const values = edits.map((edit) => edit.value);
    const isLater = values.some((value) => this.visitor.isLater(value));
    if (!isLater) return { replace: encode(values) };
    return { replace: this.visitor.later(values, (known) => encode(Array.isArray(known) ? known : [])) };
  }

  private text(value: unknown, leaf: ImageLeaf, node: Node, path: string): Change | undefined {
    if (typeof value === "string") {
      const { prefix } = this.inText;
      return this.reference(
        value,
        leaf,
        node,
        path,
        prefix === undefined ? undefined : { as: "reference", path, prefix },
      );
    }
    if (value instanceof FixedText) {
      return this.reference(value.text, leaf, node, path, { as: "fixed", reason: value.reason });
    }
    if (value instanceof UnnamedText) {
      return this.report(path, { kind: "unreadable", problem: value.problem }, node);
    }
    return this.wrong(value, "text", node, path);
  }

  private reference(
    text: string,
    leaf: ImageLeaf,
    node: Node,
    path: string,
    place: Place | undefined,
  ): Change | undefined {
    if (leaf.except?.some((start) => text.startsWith(start)) === true) return undefined;
    const state = imageState(text);
    if (node.advice === true && !mayBeImage(state)) return undefined;
    return this.placed(this.found(path, state, node, place), text);
  }

  private fields(object: object, leaf: ImageLeaf, node: Node, path: string): Change | undefined {
    const { fields } = leaf;
    if (fields === undefined) return undefined;
    const field = digestField(fields);
    const values = fieldValues(object, fields);
    const old = field === undefined ? undefined : peek(object, field);
    const put = (known: readonly unknown[]): Change | undefined =>
      this.joined(known, fields, node, path, old);
    let change: Change | undefined;
    if (!values.some((part) => this.visitor.isLater(part))) change = put(values);
    else if (field !== undefined) {
      const index = fieldNames(fields).indexOf(field);
      const then = (known: unknown): unknown => {
        const parts: readonly unknown[] = Array.isArray(known) ? known : [];
        return withChange(parts[index], put(parts));
      };
      change = { replace: this.visitor.later(values, then) };
    }
    if (change === undefined || field === undefined) return undefined;
    const boxed = typeof old === "object" && old !== null && isSecretBox(old);
    return changeAt(field, boxed ? changeAt("value", change) : change);
  }

  private joined(
    values: readonly unknown[],
    fields: ReferenceFields,
    node: Node,
    path: string,
    old: unknown,
  ): Change | undefined {
    const read = readFields(values, fields, (field) => join(path, field));
    switch (read.kind) {
      case "none":
        return undefined;
      case "unknown":
        return this.report(join(path, read.field), { kind: "unknown" }, node);
      case "unreadable":
        return this.wrong(read.value, "text", node, join(path, read.field));
      case "reference": {
        // An object with a repository is the image itself; otherwise the image is a field of a larger thing.
        const where = fields.name === "repository" && path !== "" ? path : join(path, fields.name);
        return this.placed(this.found(where, imageState(read.text), node, read.place), old);
      }
    }
  }

  /** The change that puts the visitor's digest where this image takes it. */
  private placed(found: FoundImage, old: unknown): Change | undefined {
    const digest = this.visitor.image(found);
    if (digest === undefined) return undefined;
    const put = (known: unknown): unknown => {
      const text = typeof known === "string" ? placedText(found, parseDigest(known)) : undefined;
      return text ?? old;
    };
    if (this.visitor.isLater(digest)) return { replace: this.visitor.later(digest, put) };
    const text = put(digest);
    return text === old ? undefined : { replace: text };
  }

  private wrong(value: unknown, expected: string, node: Node, path: string): Change | undefined {
    if (isQuiet(node)) return undefined;
    const actual = Array.isArray(value)
      ? "an array"
      : typeof value === "object"
        ? "an object"
        : `a ${typeof value}`;
    const problem = `is ${actual} where ${expected} was expected`;
    return this.report(path, { kind: "unreadable", problem }, node);
  }

  /** Tells of what is no text. There is nothing to change. */
  private report(
    path: string,
    state: Unreadable | { readonly kind: "unknown" },
    node: Node,
  ): Change | undefined {
    this.visitor.image(this.found(path, state, node));
    return undefined;
  }

  private found(
    path: string,
    state: FoundImage["state"],
    { image, advice }: Node,
    place?: Place,
  ): FoundImage {
    const found = {
      path,
      form: image?.form ?? "tag-and-digest",
      takesLocalIds: image?.takesLocalIds ?? false,
      state,
    };
    if (advice === undefined && place === undefined) return found;
    return { ...found, ...(advice && { advice }), ...(place && { place }) };
  }
}

/** Whether what cannot be read is no finding here: the place was searched, or what stands there would only be advice. */
function isQuiet({ quiet, advice }: Node): boolean {
  return quiet === true || advice === true;
}

/** Whether a text whose name promises an image holds one: `true`, `12` and `/srv/base.img` do not. */
function mayBeImage(state: ImageState): boolean {
  if (state.kind === "malformed") return state.error.inDigest;
  return state.kind !== "untagged" || !/^(?:true|false|none|yes|no|on|off|\d+)$/.test(state.text);
}

/** Names that were found plain: those of the tables come up again and again. Bounded, since others come from programs. */
const plain = new Set<string>();

function isPlain(name: string): boolean {
  if (plain.has(name)) return true;
  if (!/^[\w-]+$/.test(name)) return false;
  if (plain.size < 1_000) plain.add(name);
  return true;
}

/** `a.b`, and `a["b.c/d"]` for a name that would read as several. */
function join(path: string, name: string): string {
  if (!isPlain(name)) return `${path}[${JSON.stringify(name.slice(0, 200))}]`;
  return path === "" ? name : `${path}.${name}`;
}
