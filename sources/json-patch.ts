import { kustomizePatch } from "../resources";
import type { LocatedImage } from "./source";
import { walked } from "./walked";
import { readYaml } from "./yaml-format";

const fix = "write the reference itself";

/** Whether a text is a JSON patch: a list of operations. */
export function isJsonPatch(text: string): boolean {
  return (
    /^\s*(?:#[^\n]*\n\s*)*(?:-\s+|\[\s*\{\s*)["']?(?:op|path|value|from)["']?\s*:/.test(
      text.slice(0, 10_000),
    ) && /(?:^|[\s{,"'-])op["']?\s*:/.test(text)
  );
}

/** The images that a JSON patch puts into manifests (https://www.rfc-editor.org/rfc/rfc6902). */
export function jsonPatchImages(text: string): readonly LocatedImage[] {
  return readYaml(text, (document) =>
    Array.isArray(document.value)
      ? walked(document, [], document.value, { look: kustomizePatch, quiet: true }, fix)
      : [],
  );
}
