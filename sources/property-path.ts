import { pathTo } from "../resources/property-path";

/** The steps of a property path as the walker of resources writes it: `spec.containers[0].image`, `a["b.c/d"]`. */
export function keysOf(path: string): readonly (string | number)[] {
  return [...path.matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|([^.[]+)/g)].map(
    ([, index, quoted, name = ""]) => {
      if (index !== undefined) return Number(index);
      return quoted === undefined ? name : String(JSON.parse(quoted));
    },
  );
}

/** The path of these steps, as {@link keysOf} reads it. */
export function pathOf(keys: readonly (string | number)[]): string {
  return keys.reduce<string>(
    (path, key) => (typeof key === "number" ? `${path}[${key}]` : pathTo(path, key)),
    "",
  );
}
