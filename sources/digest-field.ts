import type { Pair, Scalar, YAMLMap } from "yaml";
import type { Fixed } from "./located";
import { scalarText } from "./scalar-text";
import type { TextEdit } from "./source";
import type { Key, Slot, YamlDocument } from "./yaml-documents";

type DigestField =
  | { readonly kind: "edits"; edits(value: string): readonly TextEdit[] }
  | { readonly kind: "fixed"; readonly fixed: Fixed };

/** The fields that say which image it is. */
const naming: ReadonlySet<Key> = new Set([
  "name",
  "newName",
  "newTag",
  "repository",
  "registry",
  "image",
  "tag",
]);

/**
 * How a digest gets into a field of its own: into the one that is there, or as a new one beside the tag. A field that a merge key has
 * brought is changed only where the whole image comes from there; otherwise the map that overrides it gets its own.
 *
 * @param keys the way to the field.
 */
export function digestEdit(document: YamlDocument, keys: readonly Key[]): DigestField {
  const name = String(keys.at(-1));
  const slots = document.slots(keys.slice(0, -1));
  const others = [...(slots ?? [])]
    .filter(([key]) => key !== name && naming.has(key))
    .map(([, slot]) => slot);
  const nearest = Math.min(...others.map(({ merges }) => merges));
  const there = slots?.get(name);
  if (there !== undefined && there.merges <= nearest)
    return { kind: "edits", edits: replaced(document, there) };
  const beside = others.findLast(({ merges }) => merges === nearest);
  const insert = beside && insertion(document, beside, name);
  if (insert !== undefined) return { kind: "edits", edits: (value) => [insert(value)] };
  return {
    kind: "fixed",
    fixed: {
      reason: `has no field "${name}", and is written so that none can be put in`,
      fix: `write "${name}:" beside the tag, and run this again`,
    },
  };
}

function replaced(document: YamlDocument, slot: Slot): (value: string) => readonly TextEdit[] {
  return (value) => {
    // An alias shares its value with other images: it is replaced, its anchor is not changed.
    const node = slot.written;
    const [start, end] = node.range ?? [0, 0];
    const { base, text } = document;
    if ("value" in node && typeof node.value === "string") {
      const scalar = scalarText(document, node);
      if (scalar === undefined || scalar.value === value) return [];
      const { offset } = scalar;
      if (offset === undefined || scalar.value === "") return [scalar.whole(value)];
      return [{ start: offset(0), end: offset(scalar.value.length), text: value }];
    }
    if (end > start) return [{ start: base + start, end: base + end, text: value }];
    // Nothing stands there: behind the colon.
    const [, keyEnd] = slot.key?.range ?? [start, start];
    const colon = text.indexOf(":", keyEnd) + 1;
    return [{ start: base + colon, end: base + colon, text: ` ${value}` }];
  };
}

/** A new field behind another, in the style of its map. */
function insertion(
  { base, text }: YamlDocument,
  { owner, key, node, written }: Slot,
  name: string,
): ((value: string) => TextEdit) | undefined {
  const [start] = key?.range ?? [];
  const [, end] = written.range ?? [];
  if (start === undefined || end === undefined || !("items" in owner)) return undefined;
  const quote = (type: Scalar["type"] | undefined): string =>
    type === "QUOTE_DOUBLE" ? '"' : type === "QUOTE_SINGLE" ? "'" : "";
  const [k, v] = [quote(key?.type), quote("type" in node ? node.type : undefined)];
  const field = (value: string): string => `${k}${name}${k}: ${v}${value}${v}`;
  if (owner.flow === true) {
    return (value) => ({ start: base + end, end: base + end, text: `, ${field(value)}` });
  }
  const indent = indentOf(text, start, owner);
  if (indent === undefined) return undefined;
  // A block scalar ends behind its line break.
  const from = text[end - 1] === "\n" ? end - 1 : end;
  const newline = text.indexOf("\n", from);
  const lineEnd = newline === -1 ? text.length : newline;
  const isWindows = newline === -1 ? text.includes("\r\n") : text[lineEnd - 1] === "\r";
  const at = newline !== -1 && isWindows ? lineEnd - 1 : lineEnd;
  return (value) => ({
    start: base + at,
    end: base + at,
    text: `${isWindows ? "\r\n" : "\n"}${indent}${field(value)}`,
  });
}

/** The indentation of a map's keys: of one that stands alone on its line, or behind the dash of a list. */
function indentOf(text: string, start: number, owner: Slot["owner"]): string | undefined {
  const before = (offset: number): string => text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset);
  const own = before(start);
  if (/^ *$/.test(own)) return own;
  const starts = isMapLike(owner)
    ? owner.items.flatMap((pair) => (isKeyed(pair) ? [pair.key.range?.[0] ?? 0] : []))
    : [];
  const alone = starts.map(before).find((prefix) => /^ +$/.test(prefix));
  if (alone !== undefined) return alone;
  return /^[ -]*$/.test(own) ? own.replace(/-/g, " ") : undefined;
}

function isMapLike(owner: Slot["owner"]): owner is YAMLMap {
  return owner.items.every((item) => typeof item === "object" && item !== null && "key" in item);
}

function isKeyed(pair: Pair): pair is Pair<Scalar> {
  return typeof pair.key === "object" && pair.key !== null && "range" in pair.key;
}
