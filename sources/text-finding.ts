import { imageState } from "../images";
import { endEdits, type Finding } from "./located";
import { pathOf } from "./property-path";
import type { ScalarText } from "./scalar-text";
import { filledIn, placeholderIn } from "./template-text";
import { valueAt } from "./values";
import { spanOf, textOf } from "./slots";
import type { Key, YamlDocument } from "./yaml-documents";

/**
 * The reference in a scalar.
 *
 * @param fix what to do about one that is filled in from outside.
 * @param prefix what stands before the reference.
 * @returns undefined when the text is empty, or does not begin with the prefix.
 */
export function textFinding(path: string, scalar: ScalarText, fix: string, prefix = ""): Finding | undefined {
  const { value, offset, span } = scalar;
  if (!value.startsWith(prefix) || value === prefix) return undefined;
  const text = value.slice(prefix.length);
  const at = { path, start: offset?.(prefix.length) ?? span.start, end: offset?.(value.length) ?? span.end };
  const placeholder = placeholderIn(text);
  if (placeholder !== undefined) return { ...at, ...filledInBy(placeholder, fix) };
  const state = imageState(text);
  return {
    ...at,
    state,
    edits: (digest, form) => {
      const spliced = offset && endEdits(state, digest, form, (index) => offset(prefix.length + index));
      if (spliced !== undefined) return spliced;
      const [edit] = endEdits(state, digest, form, (index) => index) ?? [];
      return edit === undefined ? [] : [scalar.whole(`${prefix}${text.slice(0, edit.start)}${edit.text}`)];
    },
  };
}

/** The reference that these keys lead to in a document; none where there is no text. */
export function referenceAt(
  document: YamlDocument,
  keys: readonly Key[],
  fix: string,
  prefix?: string,
): readonly Finding[] {
  const slot = document.slot(keys);
  if (slot === undefined || typeof valueAt(document.value, keys) !== "string") return [];
  const scalar = textOf(document, slot);
  if (scalar === undefined) return filledInAt(document, keys, "a template", fix);
  const finding = textFinding(pathOf(keys), scalar, fix, prefix);
  return finding === undefined ? [] : [finding];
}

/** What these keys lead to is filled in from outside of the file. */
export function filledInAt(
  document: YamlDocument,
  keys: readonly Key[],
  by: string,
  fix: string,
): readonly Finding[] {
  const slot = document.slot(keys);
  if (slot === undefined) return [];
  return [{ path: pathOf(keys), ...spanOf(document, slot, textOf(document, slot)), ...filledInBy(by, fix) }];
}

function filledInBy(placeholder: string, fix: string): Pick<Finding, "state" | "fixed"> {
  const fixed = filledIn(placeholder, fix);
  return { state: { kind: "unreadable", problem: fixed.reason }, fixed };
}
