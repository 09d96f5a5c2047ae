import { helmValues, treeOf, type Node } from "../resources";
import { inlineFindings } from "./inline-text";
import { kubernetes, manifest } from "./kubernetes";
import type { Finding } from "./located";
import { pathOf } from "./property-path";
import { Expressions } from "./pulumi-expressions";
import { configImages } from "./pulumi-stack";
import type { SourceContext, SourceFormat } from "./source";
import { entriesOf, fieldOf, isObject, valueAt } from "./values";
import { textOf } from "./slots";
import { walked } from "./walked";
import type { Key, YamlDocument } from "./yaml-documents";
import { readYaml } from "./yaml-format";

const fix = "write the reference itself, or pin it where the value comes from";

/** Charts, whose resources a preview shows instead of their values. */
const chart = /^kubernetes:helm\.sh(?:\/v\d+)?:Chart$/;
const values: Node = { properties: new Map([["values", { look: helmValues, quiet: true }]]) };
/** A manifest as it stands: its type says nothing, its kind does. */
const custom = /^kubernetes:apiextensions\.k8s\.io(?:\/\w+)?:CustomResource(?:Patch)?$/;
/** Manifests in a text, or as objects. */
const manifests = /^kubernetes:yaml(?:\/v\d+)?:ConfigGroup$/;

/**
 * Programs in Pulumi YAML (https://www.pulumi.com/docs/iac/languages-sdks/yaml/yaml-language-reference/), and components: the images
 * of the resources, with the tables of the pack, of the values of charts and of manifests, found where variables and configuration
 * say them; and the defaults of the configuration, as advice.
 */
export const pulumiProgram: SourceFormat = {
  name: "pulumi-program",

  claims: (path) => /(?:^|\/)(?:(?:Pulumi|PulumiPlugin|Main)\.ya?ml|Pulumi\.json)$/.test(path),

  read: (text, context) =>
    readYaml(
      text,
      (document) => [
        ...programImages(document, [], context),
        ...entriesOf(fieldOf(document.value, "components")).flatMap(([name]) =>
          programImages(document, ["components", name], context),
        ),
      ],
      { unwrap },
    ),
};

function programImages(
  document: YamlDocument,
  scope: readonly Key[],
  context: SourceContext,
): readonly Finding[] {
  const expressions = new Expressions(document, scope, fix);
  return [
    ...entriesOf(valueAt(document.value, [...scope, "resources"])).flatMap(([name, resource]) =>
      resourceImages(document, [...scope, "resources", name, "properties"], resource, expressions, context),
    ),
    ...["config", "configuration", "inputs"].flatMap((section) =>
      configImages(document, [...scope, section], valueAt(document.value, [...scope, section])),
    ),
  ];
}

function resourceImages(
  document: YamlDocument,
  keys: readonly Key[],
  resource: unknown,
  expressions: Expressions,
  context: SourceContext,
): readonly Finding[] {
  const [type, properties] = [fieldOf(resource, "type"), fieldOf(resource, "properties")];
  if (typeof type !== "string" || !isObject(properties)) return [];
  if (custom.test(type)) return manifest(document, keys, properties);
  if (manifests.test(type)) return manifestImages(document, keys, context);
  const tree = chart.test(type) ? values : treeOfType(type);
  if (tree === undefined) return [];
  return walked(document, keys, properties, tree, fix, (place) => expressions.images(place));
}

function manifestImages(
  document: YamlDocument,
  keys: readonly Key[],
  context: SourceContext,
): readonly Finding[] {
  const texts = valueAt(document.value, [...keys, "yaml"]);
  const places = Array.isArray(texts)
    ? texts.map((_, index) => [...keys, "yaml", index])
    : [[...keys, "yaml"]];
  const objects = [...keys, "objs"];
  return [
    ...places.flatMap((place) => {
      const slot = document.slot(place);
      const scalar = slot && textOf(document, slot);
      return scalar === undefined
        ? []
        : inlineFindings(pathOf(place), scalar, (text) => kubernetes.read(text, context));
    }),
    ...entriesOf(valueAt(document.value, objects)).flatMap(([index, object]) =>
      manifest(document, [...objects, index], object),
    ),
  ];
}

/** What these functions are given stands for what they make of it. */
function unwrap(value: object): string | undefined {
  const [only, ...others] = Object.keys(value);
  return others.length === 0 && (only === "fn::toJSON" || only === "fn::secret") ? only : undefined;
}

/** A type may be written short: `docker:Container` for `docker:index/container:Container`. */
function treeOfType(type: string): Node | undefined {
  const parts = type.split(":");
  const [provider = "", module = "index", kind = ""] =
    parts.length === 2 ? [parts[0], "index", parts[1]] : parts;
  const file = kind.charAt(0).toLowerCase() + kind.slice(1);
  return [type, `${provider}:${module}:${kind}`, `${provider}:${module}/${file}:${kind}`]
    .map(treeOf)
    .find((tree) => tree !== undefined);
}
