import { valueAt } from "./values";
import type { Key, YamlDocument } from "./yaml-documents";

/** How many references GitLab follows one behind the other (https://docs.gitlab.com/ci/yaml/yaml_optimization/#reference-tags). */
const maxDepth = 10;

/**
 * Where a value stands once its `!reference` is followed.
 *
 * @returns undefined where it leads to nothing in this file: what it means stands in one that is included.
 */
export function followed(
  document: YamlDocument,
  keys: readonly Key[],
  depth = 0,
): readonly Key[] | undefined {
  if (document.slot(keys)?.node.tag !== "!reference") return keys;
  const target = valueAt(document.value, keys);
  if (!isNames(target) || depth >= maxDepth || document.slot(target) === undefined) return undefined;
  return followed(document, target, depth + 1);
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === "string");
}
