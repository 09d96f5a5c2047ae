import { treeOf, type Node } from "../resources";
import type { Finding } from "./located";
import { configImages } from "./pulumi-stack";
import type { SourceFormat } from "./source";
import { entriesOf, fieldOf, isObject } from "./values";
import { walked } from "./walked";
import { readYaml } from "./yaml-format";

const fix = "write the reference itself, or pin it where the value comes from";

/**
 * Programs in Pulumi YAML (https://www.pulumi.com/docs/iac/languages-sdks/yaml/yaml-language-reference/): the images of the
 * resources, with the tables of the pack, and the defaults of the configuration, as advice.
 */
export const pulumiProgram: SourceFormat = {
  name: "pulumi-program",

  claims: (path) => /(?:^|\/)(?:Pulumi|Main)\.ya?ml$/.test(path),

  read: (text) =>
    readYaml(
      text,
      (document) => {
        const config = fieldOf(document.value, "config");
        const resources = fieldOf(document.value, "resources");
        return [
          ...configImages(document, ["config"], config),
          ...entriesOf(resources).flatMap(([name, resource]): readonly Finding[] => {
            const [type, properties] = [fieldOf(resource, "type"), fieldOf(resource, "properties")];
            const tree = typeof type === "string" ? treeOfType(type) : undefined;
            if (tree === undefined || !isObject(properties)) return [];
            return walked(document, ["resources", name, "properties"], properties, tree, fix);
          }),
        ];
      },
      { unwrap },
    ),
};

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
