import { treeOf } from "../resources";
import type { Finding } from "./located";
import type { SourceFormat } from "./source";
import { hasExtension, hasTopLevel } from "./top-level";
import { isObject } from "./values";
import { walked } from "./walked";
import type { Key, YamlDocument } from "./yaml-documents";
import { readYaml } from "./yaml-format";

const fix = "write the reference itself, or render the manifest first and check what comes out";

/**
 * Nothing in a Kubernetes table names an image otherwise: `image`, `imageName`, `dockerImage`, Crossplane's `package`, and the
 * `repository` of a chart's values.
 */
const mayNameImages = /image|package|repository["']?\s*:/i;

/**
 * Kubernetes manifests: any number of documents, lists, and custom resources by their kind and by the shape of a pod template, with
 * the tables of the pack (https://kubernetes.io/docs/concepts/overview/working-with-objects/).
 */
export const kubernetes: SourceFormat = {
  name: "kubernetes",

  claims(path, text) {
    if (!hasExtension(path, "yaml", "yml", "json")) return false;
    // A chart's templates are no YAML before they are rendered.
    return (
      hasTopLevel(text(), "apiVersion", "kind") &&
      !(/(?:^|\/)templates\//.test(path) && text().includes("{{"))
    );
  },

  read: (text) =>
    readYaml(text, (document) => manifest(document, [], document.value), {
      skips: (part) => !mayNameImages.test(part),
    }),
};

/** The images of a manifest, or of a list of them, that these keys lead to. */
export function manifest(
  document: YamlDocument,
  keys: readonly Key[],
  value: unknown,
  depth = 0,
): readonly Finding[] {
  if (!isObject(value) || !("kind" in value) || !("apiVersion" in value)) return [];
  const { kind, apiVersion } = value;
  if (typeof kind !== "string" || typeof apiVersion !== "string") return [];
  const items: unknown = kind.endsWith("List") && "items" in value ? value.items : undefined;
  if (Array.isArray(items) && depth < 8 && items.every((item) => isObject(item) && "kind" in item)) {
    return items.flatMap((item, index) => manifest(document, [...keys, "items", index], item, depth + 1));
  }
  const tree = treeOf(`kubernetes:${apiVersion}:${kind}`);
  return tree === undefined ? [] : walked(document, keys, value, tree, fix);
}
