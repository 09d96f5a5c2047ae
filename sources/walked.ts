import { imageState } from "../images";
import { placement, walkProperties, type FoundImage, type Node } from "../resources";
import { digestEdit } from "./digest-field";
import { endEdits, type Finding, type Fixed } from "./located";
import { keysOf } from "./property-path";
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
    path: pathOf(prefix) + found.path,
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

function fixedAt({ place }: FoundImage): Fixed | undefined {
  if (place?.as !== "fixed") return undefined;
  return {
    reason: place.reason,
    fix: "write the whole reference, with its digest, into the field of the name",
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

/** The field that names the repository, where the reference stands in parts. */
function partsName(document: YamlDocument, keys: readonly Key[], found: FoundImage): Slot | undefined {
  const slot = document.slot(keys);
  const value = slot === undefined || found.place === undefined ? undefined : slot.node;
  if (value === undefined || !("items" in value)) return undefined;
  return document.slot([...keys, "repository"]);
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

function pathOf(keys: readonly Key[]): string {
  const path = keys
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`))
    .join("")
    .replace(/^\./, "");
  return path === "" ? "" : `${path}.`;
}

/** A text at a place: its state, and the edits that pin it, behind a prefix that is none of the reference. */
export function textFinding(
  document: YamlDocument,
  path: string,
  slot: Slot,
  value: unknown,
  fix: string,
  prefix = "",
): Finding | undefined {
  if (typeof value !== "string" || value === "" || !value.startsWith(prefix)) return undefined;
  const scalar = textOf(document, slot);
  const text = value.slice(prefix.length);
  const span = spanOf(document, slot, scalar, prefix.length);
  const placeholder = placeholderIn(text);
  if (placeholder !== undefined || scalar === undefined) {
    const fixed = filledIn(placeholder ?? "a template", fix);
    return { path, ...span, state: { kind: "unreadable", problem: fixed.reason }, fixed };
  }
  const state = imageState(text);
  const { offset } = scalar;
  return {
    path,
    ...span,
    state,
    edits: (digest, form) => {
      const spliced = offset && endEdits(state, digest, form, (index) => offset(prefix.length + index));
      if (spliced !== undefined) return spliced;
      const [edit] = endEdits(state, digest, form, (index) => index) ?? [];
      return edit === undefined ? [] : [scalar.whole(`${prefix}${text.slice(0, edit.start)}${edit.text}`)];
    },
  };
}

function spanOf({ base }: YamlDocument, { node }: Slot, scalar: ScalarText | undefined, from = 0): Span {
  const [start = 0, end = 0] = node.range ?? [];
  return {
    start: scalar?.offset?.(from) ?? base + start,
    end: scalar?.offset?.(scalar.value.length) ?? base + end,
  };
}
