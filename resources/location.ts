import type { ReferenceForm } from "../images";

/**
 * Where an image reference sits in a resource's properties, as data.
 *
 * A path is properties joined by dots; `[]` behind a property stands for each element of an array, `{json}` for the value
 * that a JSON string holds: `spec.containers[].image`, `containerDefinitions{json}[].image`.
 */
export interface ImageLocation {
  readonly path: string;
  /** How the consumer wants a pinned reference; `tag-and-digest` when left out. */
  readonly form?: ReferenceForm;
  /** Whether the consumer takes the bare ID of an image that its own engine holds (`sha256:…`). */
  readonly takesLocalIds?: true;
}

/** Resource type tokens with the places where their images sit: one row of a provider's table. */
export interface ResourceLocations {
  readonly tokens: readonly string[];
  readonly images: readonly ImageLocation[];
}

/** One step of a path. */
export type PathStep =
  | { readonly kind: "property"; readonly name: string }
  | { readonly kind: "each" }
  | { readonly kind: "json" };

/**
 * Reads the path of a location.
 *
 * @throws TypeError for a path that is none: the tables are ours, so it is a mistake in one of them.
 */
export function parsePath(path: string): readonly PathStep[] {
  return path.split(".").flatMap((part, index): readonly PathStep[] => {
    const match = /^([\w-]*)((?:\[\]|\{json\})*)$/.exec(part);
    const [, name, suffixes] = match ?? [];
    if (name === undefined || suffixes === undefined || (name === "" && index > 0)) {
      throw new TypeError(`${JSON.stringify(path)} is no location path`);
    }
    const property: readonly PathStep[] = name === "" ? [] : [{ kind: "property", name }];
    const rest = [...suffixes.matchAll(/\[\]|\{json\}/g)].map(([suffix]): PathStep => ({
      kind: suffix === "[]" ? "each" : "json",
    }));
    return [...property, ...rest];
  });
}
