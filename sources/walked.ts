import { placement, walkProperties, type FoundImage, type Node } from "../resources";
import { digestEdit } from "./digest-field";
import { endEdits, type Finding, type Fixed } from "./located";
import { keysOf, pathOf } from "./property-path";
import { scalarText, type ScalarText } from "./scalar-text";
import { filledIn, placeholderIn } from "./template-text";
import type { Span } from "./text-file";
import type { Key, Slot, YamlDocument } from "./yaml-documents";

/**
 * Finds the images of a value in a document along a tree of locations, as the pack finds them in a resource's properties.
 *
 * @param keys the way to the value.
 * @param fix what to do about a reference that is filled in from outside.
 */
export function walked(
  document: YamlDocument,
  keys: readonly Key[],
  value: object,
  tree: Node,
  fix: string,
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
  return found.map((image) => place(document, keys, image, fix));
}

function place(document: YamlDocument, prefix: readonly Key[], found: FoundImage, fix: string): Finding {
  const keys = [...prefix, ...keysOf(found.path)];
  const { slot, inside } = nearest(document, keys);
  const name = inside ? undefined : partsName(document, keys, found);
  const at = name ?? slot;
  const scalar = at && textOf(document, at);
  const span = at === undefined ? { start: document.base, end: document.base } : spanOf(document, at, scalar);
  const common = {
    path: pathOf(keys),
    ...span,
    form: found.form,
    advice: found.advice ?? false,
  };

  const placeholder = "text" in found.state ? placeholderIn(found.state.text) : undefined;
  if (placeholder !== undefined && found.state.kind === "malformed" && !found.state.error.inDigest) {
    const fixed = filledIn(placeholder, fix);
    return { ...common, state: { kind: "unreadable", problem: fixed.reason }, fixed };
  }
  const fixed = inside ? insideText : fixedAt(found);
  if (fixed !== undefined || slot === undefined) return { ...common, state: found.state, fixed };
  return { ...common, state: found.state, ...editsOf(document, prefix, found, scalar) };
}

const insideText: Fixed = {
  reason: "stands in a text within the file, which is not rewritten",
  fix: "write the digest behind the tag there by hand",
};

function fixedAt({ place, state }: FoundImage): Fixed | undefined {
  if (place?.as === "fixed") {
    return {
      reason: place.reason,
      fix: "write the whole reference, with its digest, into the field of the name",
    };
  }
  if (place?.as !== "digest" || state.kind !== "untagged") return undefined;
  return {
    reason: "has no tag here, so that a default counts which stands elsewhere",
    fix: "write the tag that is meant beside it, and run this again",
  };
}

function editsOf(
  document: YamlDocument,
  prefix: readonly Key[],
  found: FoundImage,
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
  const target = [...prefix, ...keysOf(place.path)];
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
  return {
    edits: (digest) => {
      const placed = placement(found, digest);
      return placed === undefined ? [] : field.edits(placed.value);
    },
  };
}

/** The field to point at, where the reference stands in parts: the repository, or what a map says for itself beside a merge key. */
function partsName(document: YamlDocument, keys: readonly Key[], found: FoundImage): Slot | undefined {
  const slot = document.slot(keys);
  if (found.place === undefined || slot === undefined || !("items" in slot.node)) return undefined;
  return ["repository", "tag", "digest"]
    .flatMap((name) => document.slot([...keys, name]) ?? [])
    .reduce<Slot | undefined>((best, next) => (best && best.merges <= next.merges ? best : next), undefined);
}

function nearest(
  document: YamlDocument,
  keys: readonly Key[],
): { readonly slot: Slot | undefined; readonly inside: boolean } {
  for (let length = keys.length; length > 0; length--) {
    const slot = document.slot(keys.slice(0, length));
    if (slot !== undefined) return { slot, inside: length < keys.length };
  }
  return { slot: undefined, inside: true };
}

export function textOf(document: YamlDocument, { node }: Slot): ScalarText | undefined {
  return "value" in node ? scalarText(document, node) : undefined;
}

export function spanOf(
  { base, text }: YamlDocument,
  { node }: Slot,
  scalar: ScalarText | undefined,
  from = 0,
): Span {
  const [start = 0, end = 0] = node.range ?? [];
  // The range of a map or a block holds what comes behind it up to the next line.
  const last = start + text.slice(start, end).trimEnd().length;
  return {
    start: scalar?.offset?.(from) ?? base + start,
    end: scalar?.offset?.(scalar.value.length) ?? base + last,
  };
}
