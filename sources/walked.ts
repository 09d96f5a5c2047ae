import { placement, walkProperties, type FoundImage, type Node } from "../resources";
import { digestEdit } from "./digest-field";
import { outward } from "./inline-text";
import { endEdits, type Finding, type Fixed } from "./located";
import { keysOf, pathOf } from "./property-path";
import type { ScalarText } from "./scalar-text";
import { spanOf, textOf } from "./slots";
import type { TextEdit } from "./source";
import { filledIn, placeholderIn } from "./template-text";
import { yamlDocuments, type Key, type Place, type YamlDocument } from "./yaml-documents";

/**
 * Finds the images of a value in a document along a tree of locations, as the pack finds them in a resource's properties.
 *
 * @param keys the way to the value.
 * @param fix what to do about a reference that is filled in from outside.
 * @param expression finds what a text with an expression in it means, by the way to the text; undefined where that is not known.
 */
export function walked(
  document: YamlDocument,
  keys: readonly Key[],
  value: object,
  tree: Node,
  fix: string,
  expression?: (keys: readonly Key[]) => readonly Finding[] | undefined,
): readonly Finding[] {
  const found: FoundImage[] = [];
  walkProperties(value, tree, {
    image(image) {
      found.push(image);
      return undefined;
    },
    isLater: () => false,
    later: (known, then) => then(known),
  });
  return found.flatMap((image) => {
    const own = [...keys, ...keysOf(image.path)];
    const known = image.advice === true ? undefined : expression?.(own);
    if (known !== undefined) return known.map((finding) => ({ ...finding, form: image.form }));
    const target =
      image.place !== undefined && "path" in image.place ? [...keys, ...keysOf(image.place.path)] : own;
    const at = { image, keys: own, target };
    return [{ ...place(document, at, fix), path: pathOf(at.keys) }];
  });
}

/** What was found, with the ways to it and to where its digest goes. */
interface At {
  readonly image: FoundImage;
  readonly keys: readonly Key[];
  readonly target: readonly Key[];
}

function place(document: YamlDocument, at: At, fix: string): Omit<Finding, "path"> {
  const { image } = at;
  const { slot, length } = nearest(document, at.keys);
  const isInside = length < at.keys.length;
  if (isInside && slot !== undefined) {
    const found = held(document, slot, at, length, fix);
    if (found !== undefined) return found;
  }
  const name = isInside ? undefined : partsName(document, at);
  const shown = name ?? slot;
  const scalar = shown && textOf(document, shown);
  const span =
    shown === undefined ? { start: document.base, end: document.base } : spanOf(document, shown, scalar);
  const common = { ...span, form: image.form, advice: image.advice ?? false };

  const placeholder = "text" in image.state ? placeholderIn(image.state.text) : undefined;
  if (placeholder !== undefined && image.state.kind === "malformed" && !image.state.error.inDigest) {
    const fixed = filledIn(placeholder, fix);
    return { ...common, state: { kind: "unreadable", problem: fixed.reason }, fixed };
  }
  const fixed = isInside ? insideText : fixedAt(image);
  if (fixed !== undefined || slot === undefined) return { ...common, state: image.state, fixed };
  return { ...common, state: image.state, ...editsOf(document, at, scalar) };
}

/** The documents that texts within a document hold, each read once. */
const documents = new WeakMap<Place["node"], readonly YamlDocument[]>();

/** What stands in a text within the document, where that is YAML or JSON itself. */
function held(
  document: YamlDocument,
  slot: Place,
  { image, keys, target }: At,
  length: number,
  fix: string,
): Omit<Finding, "path"> | undefined {
  const scalar = textOf(document, slot);
  if (scalar === undefined) return undefined;
  let all = documents.get(slot.node);
  if (all === undefined) {
    all = Array.from(yamlDocuments(scalar.value)).filter((each) => "value" in each);
    documents.set(slot.node, all);
  }
  const [inner, ...others] = all;
  const way = keys.slice(length);
  if (inner?.slot(way) === undefined || others.length > 0) return undefined;
  const found = place(inner, { image, keys: way, target: target.slice(length) }, fix);
  return outward(scalar, { ...found, path: "" });
}

const insideText: Fixed = {
  reason: "stands in a text within the file, which is not rewritten",
  fix: "write the digest behind the tag there by hand",
};

function fixedAt({ place, state }: FoundImage): Fixed | undefined {
  if (place?.as === "fixed") {
    const { reason, fix = "write the whole reference, with its digest, into the field of the name" } = place;
    return { reason, fix };
  }
  if (place?.as !== "digest" || state.kind !== "untagged") return undefined;
  return {
    reason: "has no tag here, so that a default counts which stands elsewhere",
    fix: "write the tag that is meant beside it, and run this again",
  };
}

function editsOf(
  document: YamlDocument,
  { image: found, target }: At,
  scalar: ScalarText | undefined,
): Pick<Finding, "edits" | "fixed"> {
  if (found.place === undefined) {
    if (scalar === undefined) return {};
    return {
      edits: (digest, form) => {
        const { state } = found;
        const spliced = scalar.offset && endEdits(state, digest, form, scalar.offset);
        const placed = placement({ ...found, form }, digest);
        if (spliced !== undefined || placed === undefined) return spliced ?? [];
        return placed.value === scalar.value ? [] : [scalar.whole(placed.value)];
      },
    };
  }
  const { place } = found;
  if (place.as === "fixed") return {};
  if (place.as === "reference") {
    const slot = document.slot(target);
    const text = slot && textOf(document, slot);
    return {
      edits: (digest, form) => {
        const placed = placement({ ...found, form }, digest);
        return placed === undefined || text === undefined || placed.value === text.value
          ? []
          : [text.whole(placed.value)];
      },
    };
  }
  const field = digestEdit(document, target);
  if (field.kind === "fixed") return { fixed: field.fixed };
  const emptied = emptyEdits(document, target, place.insteadOf);
  return {
    edits: (digest) => {
      const placed = placement(found, digest);
      return placed === undefined ? [] : [...emptied, ...field.edits(placed.value)];
    },
  };
}

/** Empties the field beside the digest that its consumer would refuse there. */
function emptyEdits(
  document: YamlDocument,
  digest: readonly Key[],
  insteadOf: string | undefined,
): readonly TextEdit[] {
  if (insteadOf === undefined) return [];
  const slot = document.slot([...digest.slice(0, -1), ...keysOf(insteadOf).slice(-1)]);
  // However it is written: a tag like 1.27 is a number to YAML.
  return slot === undefined ? [] : [{ ...spanOf(document, slot, undefined), text: '""' }];
}

/** The field to point at, where the reference stands in parts: the repository, or what a map says for itself beside a merge key. */
function partsName(document: YamlDocument, { keys, image }: At): Place | undefined {
  const slot = document.slot(keys);
  if (image.place === undefined || slot === undefined || !("items" in slot.node)) return undefined;
  return ["repository", "tag", "digest"]
    .flatMap((name) => document.slot([...keys, name]) ?? [])
    .reduce<Place | undefined>((best, next) => (best && best.merges <= next.merges ? best : next), undefined);
}

/** Where the longest part of a way leads that leads anywhere, and how long it is. */
function nearest(
  document: YamlDocument,
  keys: readonly Key[],
): { readonly slot: Place | undefined; readonly length: number } {
  for (let length = keys.length; length > 0; length--) {
    const slot = document.slot(keys.slice(0, length));
    if (slot !== undefined) return { slot, length };
  }
  return { slot: undefined, length: 0 };
}
