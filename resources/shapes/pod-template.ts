import type { Node } from "../node";
import { isSecretBox, isUnknown, peek } from "../unknown";

/** Names under which custom resources keep a pod template: a value that is not known there may hide one. */
const telling = /^(?:containers|initContainers|spec|template|\w*Template)$/;
/** What no pod template stands in. */
const elsewhere: ReadonlySet<string> = new Set(["metadata", "status"]);

/**
 * Finds pod templates wherever they stand in a resource: an object with `containers`, an array of objects that have a name and
 * an image. Where a whole resource of some kind stands in it, that kind says where to look.
 *
 * @param podSpec what to do at each.
 * @param manifest what a value is as a resource of its own; undefined for one that is none.
 */
export function podTemplates(
  podSpec: Node,
  manifest: (value: unknown) => Node | undefined,
): (value: unknown) => Node | undefined {
  const within = (value: unknown): Node | undefined => manifest(value) ?? look(value);
  const search: Node = { look: within, quiet: true };
  const array: Node = { each: search, quiet: true };
  const told: Node = { look: within, runs: { as: "pod", here: false } };

  function look(value: unknown): Node | undefined {
    if (typeof value !== "object" || value === null) return undefined;
    if (Array.isArray(value)) return array;
    if (isPodSpec(value)) return podSpec;
    const properties = new Map<string, Node>();
    for (const name of Object.keys(value)) {
      const inner = peek(value, name);
      if (elsewhere.has(name)) continue;
      if (typeof inner === "object" && inner !== null) properties.set(name, search);
      else if (isUnknown(inner) && telling.test(name)) properties.set(name, told);
    }
    return { properties, quiet: true };
  }
  return look;
}

/** Whether this is the specification of a pod: the containers are there, and look as containers do. */
export function isPodSpec(value: object): boolean {
  const containers = peek(value, "containers");
  return (
    Array.isArray(containers) &&
    containers.some((item: unknown) => {
      const container = typeof item === "object" && item !== null && isSecretBox(item) ? item.value : item;
      return (
        typeof container === "object" &&
        container !== null &&
        typeof peek(container, "name") === "string" &&
        peek(container, "image") !== undefined
      );
    })
  );
}
