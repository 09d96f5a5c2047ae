import { imageState } from "../images";
import type { Finding } from "./located";
import type { SourceFormat } from "./source";
import { referenceAt } from "./text-finding";
import { entriesOf, fieldOf } from "./values";
import type { Key, YamlDocument } from "./yaml-documents";
import { readYaml } from "./yaml-format";

const fix = "write the reference itself";
const maxDepth = 16;
/** `shop:image`, `sidecarImage`, `busybox_image`. */
const imageKey = /(?:^|:|[_-])image$|Image$/;

/**
 * The configuration of a Pulumi stack (https://www.pulumi.com/docs/iac/concepts/config/): values under keys that promise an image,
 * as advice, since only the program knows what it does with them.
 */
export const pulumiStack: SourceFormat = {
  name: "pulumi-stack",

  claims: (path) => /(?:^|\/)Pulumi\.[^/]+\.ya?ml$/.test(path),

  read: (text) =>
    readYaml(text, (document) => configImages(document, ["config"], fieldOf(document.value, "config"))),
};

/** Images in configuration, at any depth: a value under such a key, its `value` or its `default`. */
export function configImages(
  document: YamlDocument,
  keys: readonly Key[],
  value: unknown,
  isPromised = false,
): readonly Finding[] {
  if (keys.length > maxDepth) return [];
  if (typeof value === "string") {
    const state = imageState(value);
    const looksLikeOne =
      state.kind === "tag" || state.kind === "digest" || (state.kind === "malformed" && state.error.inDigest);
    if (!isPromised || !looksLikeOne) return [];
    return referenceAt(document, keys, fix).map((finding) => ({ ...finding, advice: true }));
  }
  return entriesOf(value).flatMap(([key, inner]) => {
    const isValue = isPromised && (typeof key === "number" || key === "value" || key === "default");
    return configImages(document, [...keys, key], inner, isValue || imageKey.test(String(key)));
  });
}
