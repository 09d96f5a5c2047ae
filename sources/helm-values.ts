import { helmValues as byShape } from "../resources";
import type { SourceFormat } from "./source";
import { hasExtension, hasTopLevel } from "./top-level";
import { isObject } from "./values";
import { walked } from "./walked";
import { readYaml } from "./yaml-format";

const fix = "write the reference itself; the chart fills it in";

/**
 * The values of Helm charts (https://helm.sh/docs/chart_template_guide/values_files/), which have no schema: images are found by
 * their shape, in parts (`repository`, `tag`, `digest`) and whole. A digest goes into its own field, which is put in where it lacks.
 */
export const helmValues: SourceFormat = {
  name: "helm-values",

  claims(path, text) {
    if (/(?:^|[/._-])values(?:[._-][^/]*)?\.ya?ml$/i.test(path)) return !isManifest(text());
    if (!hasExtension(path, "yaml", "yml")) return false;
    const isInParts =
      /^[ \t]+["']?repository["']?:[ \t]*[^\s:]/m.test(text()) &&
      /^[ \t]+["']?(?:tag|digest)["']?:/m.test(text());
    return isInParts && !isManifest(text()) && !hasTopLevel(text(), "services");
  },

  read: (text) =>
    readYaml(text, (document) =>
      isObject(document.value)
        ? walked(document, [], document.value, { look: byShape, quiet: true }, fix)
        : [],
    ),
};

function isManifest(text: string): boolean {
  return hasTopLevel(text, "apiVersion", "kind");
}
