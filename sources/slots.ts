import { scalarText, type ScalarText } from "./scalar-text";
import type { Span } from "./text-file";
import type { Place, YamlDocument } from "./yaml-documents";

/** The text that stands at a place; undefined where there is none. */
export function textOf(document: YamlDocument, { node }: Place): ScalarText | undefined {
  return "value" in node ? scalarText(document, node) : undefined;
}

/** Where the value of a place stands in the file. */
export function spanOf({ base, text }: YamlDocument, { node }: Place, scalar: ScalarText | undefined): Span {
  const [start = 0, end = 0] = node.range ?? [];
  // The range of a map or a block holds what comes behind it up to the next line.
  const last = start + text.slice(start, end).trimEnd().length;
  return {
    start: scalar?.offset?.(0) ?? base + start,
    end: scalar?.offset?.(scalar.value.length) ?? base + last,
  };
}
