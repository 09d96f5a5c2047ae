import type * as Yaml from "yaml";
import type { Document, Node as YamlNode, Pair, Scalar, YAMLMap } from "yaml";
import { opensMoreThan } from "./brackets";
import { splice, type TextReader } from "./reader";

/** Longer texts are not read: parsing them would hold up the deployment for seconds. In characters. */
const maxLength = 100_000;
/** Keys that are written with a question mark take the parser ten times as long for every few more of them. */
const maxComplexKeys = 20;
const maxOpen = 1_000;
/** How often aliases may be expanded before the text counts as one that was made to explode. */
const maxAliasCount = 1_000;

// Loaded by the first text that is YAML, so that a pack which meets none need not wait for it.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const load = (): typeof Yaml => require("yaml") as typeof Yaml;

function parse(text: string): Document.Parsed {
  // Kubernetes, Compose and Helm all take the merge key of YAML 1.1.
  return load().parseDocument(text, { merge: true, uniqueKeys: false, logLevel: "error" });
}

/** One YAML document. */
export const yaml: TextReader = {
  takesValues: true,

  decode(text) {
    if (text.length > maxLength)
      return { problem: `is longer than the ${maxLength} characters that are read` };
    if (opensMoreThan(text, maxOpen)) return { problem: `has more than ${maxOpen} brackets open at once` };
    if ((text.match(/(?<=^|[\s[{,?-])\?\s/g)?.length ?? 0) > maxComplexKeys) {
      return { problem: `has more than the ${maxComplexKeys} complex keys that are read` };
    }
    try {
      const document = parse(text);
      if (document.errors.length > 0) return { problem: "is not readable as YAML" };
      const value: unknown = document.toJS({ maxAliasCount });
      return { value };
    } catch {
      // Aliases that explode, or nesting that no stack can hold. The message quotes the text, which may hold secrets.
      return { problem: "is not readable as YAML" };
    }
  },

  encode(text, edits) {
    const document = parse(text);
    return splice(
      text,
      edits.flatMap(({ keys, value }) => span(text, document, keys, String(value)) ?? []),
    );
  },
};

interface Span {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function span(
  text: string,
  document: Document.Parsed,
  keys: readonly (string | number)[],
  value: string,
): Span | undefined {
  const { isMap, isScalar } = load();
  const parent = keys
    .slice(0, -1)
    .reduce<YamlNode | undefined>(
      (node, key) => childOf(document, node, key),
      resolved(document, document.contents),
    );
  const key = keys.at(-1);
  const node = key === undefined ? undefined : childOf(document, parent, key, false);
  if (node !== undefined) {
    if (node.range === null || node.range === undefined) return undefined;
    const [start, end] = node.range;
    return { start, end, text: isScalar(node) ? styled(node, value) : value };
  }
  return isMap(parent) && typeof key === "string" ? insertion(text, parent, key, value) : undefined;
}

/** The value as the scalar that it replaces was written. */
function styled({ type }: Scalar, value: string): string {
  if (type === "QUOTE_DOUBLE") return JSON.stringify(value);
  if (type === "QUOTE_SINGLE") return `'${value}'`;
  // A block scalar's range holds its last line break.
  return type === "BLOCK_FOLDED" || type === "BLOCK_LITERAL" ? `${value}\n` : value;
}

/** A new field behind the last one that is a simple value, in the style of its map. */
function insertion(text: string, map: YAMLMap, key: string, value: string): Span | undefined {
  const { isScalar } = load();
  const last = map.items.findLast(
    (pair): pair is Pair<Scalar, Scalar> =>
      isScalar(pair.key) &&
      isScalar(pair.value) &&
      Array.isArray(pair.key.range) &&
      Array.isArray(pair.value.range),
  );
  const [start] = last?.key.range ?? [];
  const [, end] = last?.value?.range ?? [];
  if (start === undefined || end === undefined) return undefined;
  if (map.flow === true) return { start: end, end, text: `, ${key}: ${value}` };
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  // What stands before the key may be the dash of a list.
  const indent = text.slice(lineStart, start).replace(/\S/g, " ");
  const newline = text.indexOf("\n", end);
  const lineEnd = newline === -1 ? text.length : newline;
  const at = text[lineEnd - 1] === "\r" ? lineEnd - 1 : lineEnd;
  return { start: at, end: at, text: `${at < lineEnd ? "\r\n" : "\n"}${indent}${key}: ${value}` };
}

/** `follow` says whether an alias is followed; the last step of a way is the alias itself, which is what gets replaced. */
function childOf(
  document: Document.Parsed,
  node: YamlNode | undefined,
  key: string | number,
  follow = true,
): YamlNode | undefined {
  const { isMap, isScalar, isSeq } = load();
  let child: unknown;
  if (isSeq(node) && typeof key === "number") child = node.items[key];
  else if (isMap(node)) {
    // The library reads the merge key as a symbol.
    const nameOf = ({ key: name }: Pair): string | undefined =>
      !isScalar(name) ? undefined : typeof name.value === "symbol" ? "<<" : String(name.value);
    child = node.items.findLast((pair) => nameOf(pair) === String(key))?.value;
    if (child === undefined) {
      const merged = node.items
        .filter((pair) => nameOf(pair) === "<<")
        .flatMap((pair) => sources(document, pair.value));
      return merged
        .map((source) => childOf(document, source, key, follow))
        .find((found) => found !== undefined);
    }
  }
  return follow ? resolved(document, child) : asNode(child);
}

/** The maps that a merge key names. */
function sources(document: Document.Parsed, value: unknown): readonly YamlNode[] {
  const { isSeq } = load();
  const source = resolved(document, value);
  const all: readonly unknown[] = isSeq(source) ? source.items : [source];
  return all.flatMap((item) => resolved(document, item) ?? []);
}

function resolved(document: Document.Parsed, value: unknown): YamlNode | undefined {
  const { isAlias } = load();
  return isAlias(value) ? value.resolve(document) : asNode(value);
}

function asNode(value: unknown): YamlNode | undefined {
  return load().isNode(value) ? value : undefined;
}
