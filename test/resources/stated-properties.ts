import { parsePath, type ResourceLocations } from "../../resources";

/**
 * The properties that a row names, as the SDKs know them: up to where a text or a shape begins, of which no SDK tells.
 * `containerDefinitions{json}[].image` is `containerDefinitions`.
 */
export function statedProperties({
  images = [],
  hints = [],
  runs = [],
}: ResourceLocations): readonly string[] {
  const paths = [
    ...images.flatMap(({ path, fields }) => {
      if (fields === undefined) return [path];
      const { name, registry, tag, digest, host } = fields;
      return [name, registry, tag, digest, host?.field]
        .filter((field) => field !== undefined)
        .map((field) => (path === "" ? field : `${path}.${field}`));
    }),
    ...hints,
    ...runs.map(({ path }) => path),
  ];
  return [...new Set(paths.map(propertyOf))].filter((path) => path !== "");
}

/** The part of a path that an SDK types. */
export function propertyOf(path: string): string {
  const steps = parsePath(path);
  const end = steps.findIndex(({ kind }) => kind === "reader");
  return steps.slice(0, end === -1 ? steps.length : end).reduce((text, step) => {
    if (step.kind === "each") return `${text}[]`;
    if (step.kind === "values") return `${text}{}`;
    if (step.kind === "reader") return text;
    // Keys of a map, which the tables name and an SDK does not.
    if (text === "metadata") return `${text}{}`;
    return text === "" ? step.name : `${text}.${step.name}`;
  }, "");
}
