import { imageLeaf, type Node } from "../resources";
import { inlineFindings } from "./inline-text";
import { kubernetes } from "./kubernetes";
import type { Finding } from "./located";
import { pathOf } from "./property-path";
import type { SourceContext, SourceFormat } from "./source";
import { entriesOf, fieldOf, isObject } from "./values";
import { textOf, walked } from "./walked";
import type { Key, YamlDocument } from "./yaml-documents";
import { readYaml } from "./yaml-format";

const fix = "write the reference itself";

/**
 * Kustomizations (https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/): what `images` puts in place of
 * the images of the manifests, with the digest in its own field, and the manifests of patches that are written inline.
 */
export const kustomization: SourceFormat = {
  name: "kustomization",

  claims: (path, text) =>
    /(?:^|\/)kustomization(?:\.ya?ml)?$/i.test(path) ||
    (/\.ya?ml$/i.test(path) && /^apiVersion:\s*["']?kustomize\.config\.k8s\.io\//m.test(text())),

  read: (text, context) =>
    readYaml(text, (document) =>
      isObject(document.value)
        ? [...walked(document, [], document.value, tree, fix), ...patches(document, context)]
        : [],
    ),
};

const renamedOnly: Node = {
  unread: "renames an image and leaves its tag to the manifests, where it is not known",
  advice: true,
};
const tree: Node = { properties: new Map([["images", { each: { look: entry, quiet: true }, quiet: true }]]) };

function entry(value: unknown): Node | undefined {
  if (!isObject(value)) return undefined;
  const renames = isFilled(fieldOf(value, "newName"));
  if (!["newTag", "digest"].some((name) => isFilled(fieldOf(value, name)))) {
    return renames ? renamedOnly : undefined;
  }
  const name = renames ? "newName" : "name";
  return { parts: [imageLeaf({ fields: { name, tag: "newTag", digest: "digest" } })] };
}

function isFilled(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}

function patches(document: YamlDocument, context: SourceContext): readonly Finding[] {
  const places = [
    ...entriesOf(fieldOf(document.value, "patches")).map(([index]): Key[] => ["patches", index, "patch"]),
    ...entriesOf(fieldOf(document.value, "patchesStrategicMerge")).map(([index]): Key[] => [
      "patchesStrategicMerge",
      index,
    ]),
  ];
  return places.flatMap((keys) => {
    const slot = document.slot(keys);
    const scalar = slot && textOf(document, slot);
    const isText = scalar !== undefined && kubernetes.claims("patch.yaml", () => scalar.value);
    return isText ? inlineFindings(pathOf(keys), scalar, (text) => kubernetes.read(text, context)) : [];
  });
}
