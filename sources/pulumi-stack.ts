import { imageState } from "../images";
import { isPointed, type Finding } from "./located";
import type { SourceFormat } from "./source";
import { referenceAt } from "./text-finding";
import { placeholderIn } from "./template-text";
import { entriesOf, valueAt } from "./values";
import type { Key, YamlDocument } from "./yaml-documents";
import { readYaml } from "./yaml-format";

const fix = "write the reference itself";
const maxDepth = 16;
/** `shop:image`, `sidecarImage`, `busybox_image`. */
const imageKey = /(?:^|:|[_-])image$|Image$/;
/** `shop:images`, a list or a map of them. */
const imagesKey = /(?:^|:|[_-])images$|Images$/;

/**
 * The configuration of a Pulumi stack (https://www.pulumi.com/docs/iac/concepts/projects/stack-settings-file/), what an environment
 * that is written there adds to it included: values under keys that promise an image, as advice, since only the program knows what
 * it does with them.
 */
export const pulumiStack: SourceFormat = {
  name: "pulumi-stack",

  claims: (path) => /(?:^|\/)Pulumi\.[^/]+\.ya?ml$/.test(path),

  read: (text) =>
    readYaml(text, (document) =>
      [["config"], ["environment", "values", "pulumiConfig"]].flatMap((keys) =>
        configImages(document, keys, valueAt(document.value, keys)),
      ),
    ),
};

/** What a key promises of the value under it: nothing, an image, or several. */
type Promised = "nothing" | "image" | "images";

/** Images in configuration, at any depth: a value under such a key, its `value` or its `default`. */
export function configImages(
  document: YamlDocument,
  keys: readonly Key[],
  value: unknown,
  promised: Promised = "nothing",
): readonly Finding[] {
  if (keys.length > maxDepth) return [];
  if (typeof value === "string") {
    if (promised === "nothing") return [];
    if (!isPointed(imageState(value)) && placeholderIn(value) === undefined) return [];
    return referenceAt(document, keys, fix).map((finding) => ({ ...finding, advice: true }));
  }
  return entriesOf(value).flatMap(([key, inner]) =>
    configImages(document, [...keys, key], inner, promiseOf(key, promised)),
  );
}

function promiseOf(key: Key, outer: Promised): Promised {
  const name = String(key);
  if (imageKey.test(name)) return "image";
  if (imagesKey.test(name)) return "images";
  if (outer === "nothing") return outer;
  if (key === "value" || key === "default") return outer;
  return outer === "images" || typeof key === "number" ? "image" : "nothing";
}
