import { helmValues, kustomizeImage, type Node } from "../resources";
import { inlineFindings } from "./inline-text";
import { isJsonPatch, jsonPatchImages } from "./json-patch";
import { kubernetes } from "./kubernetes";
import type { Finding } from "./located";
import { pathOf } from "./property-path";
import type { LocatedImage, SourceContext, SourceFormat } from "./source";
import { hasExtension, hasTopLevel } from "./top-level";
import { entriesOf, fieldOf, isObject } from "./values";
import { textOf } from "./slots";
import { walked } from "./walked";
import type { Key, YamlDocument } from "./yaml-documents";
import { readYaml } from "./yaml-format";

const fix = "write the reference itself";

/** What a kustomization, or a transformer of its own, says itself. */
const tree: Node = {
  properties: new Map<string, Node>([
    ["images", { each: { look: kustomizeImage, quiet: true }, quiet: true }],
    ["imageTag", { look: kustomizeImage, quiet: true }],
    [
      "helmCharts",
      {
        each: { properties: new Map([["valuesInline", { look: helmValues, quiet: true }]]), quiet: true },
        quiet: true,
      },
    ],
  ]),
};
/** Where texts stand that are patches, manifests or transformers, unless they are paths of files. */
const texts: readonly (readonly [string, string?])[] = [
  ["patches", "patch"],
  ["patchesJson6902", "patch"],
  ["patchesStrategicMerge"],
  ["transformers"],
  ["generators"],
];

/**
 * Kustomizations (https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/): what `images` puts in place of the images
 * of the manifests, with the digest in its own field, the values of charts, and the patches that are written inline; and the JSON
 * patches and transformers that stand in files of their own.
 */
export const kustomization: SourceFormat = {
  name: "kustomization",

  claims: (path, text) =>
    /(?:^|\/)kustomization(?:\.ya?ml)?$/i.test(path) ||
    (hasExtension(path, "yaml", "yml") && isTransformer(text())) ||
    (hasExtension(path, "yaml", "yml", "json") && isJsonPatch(text())),

  read: (text, context) => {
    if (isJsonPatch(text)) return jsonPatchImages(text);
    return readYaml(text, (document) =>
      isObject(document.value)
        ? [...walked(document, [], document.value, tree, fix), ...inline(document, context)]
        : [],
    );
  },
};

function isTransformer(text: string): boolean {
  return (
    /^apiVersion:\s*["']?(?:kustomize\.config\.k8s\.io\/|builtin["']?(?:\s+#|\s*$))/m.test(text) &&
    hasTopLevel(text, "kind")
  );
}

function inline(document: YamlDocument, context: SourceContext): readonly Finding[] {
  const places = texts.flatMap(([list, field]) =>
    entriesOf(fieldOf(document.value, list)).map(([index]): Key[] => [
      list,
      index,
      ...(field === undefined ? [] : [field]),
    ]),
  );
  return places.flatMap((keys) => {
    const slot = document.slot(keys);
    const scalar = slot && textOf(document, slot);
    if (scalar === undefined) return [];
    const read = readerOf(scalar.value, context);
    return read === undefined ? [] : inlineFindings(pathOf(keys), scalar, read);
  });
}

function readerOf(
  text: string,
  context: SourceContext,
): ((text: string) => readonly LocatedImage[]) | undefined {
  if (isJsonPatch(text)) return jsonPatchImages;
  if (isTransformer(text)) return (inner) => kustomization.read(inner, context);
  return hasTopLevel(text, "apiVersion", "kind") ? (inner) => kubernetes.read(inner, context) : undefined;
}
