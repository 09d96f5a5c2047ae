import { imageLeaf, type Node } from "../node";
import { peek } from "../unknown";

const reference: Node = { image: imageLeaf({}) };
const container: Node = { properties: new Map([["image", reference]]), quiet: true };
const containers: Node = { each: container, quiet: true };
const list = /^(?:c|initC|ephemeralC)ontainers$/;

/**
 * A patch as Kustomize takes them: the operations of a JSON patch (https://www.rfc-editor.org/rfc/rfc6902), by where they put their
 * values, or a part of a manifest, in which pod templates are looked for.
 *
 * @param search looks into a part of a manifest, and into values that are objects.
 */
export function kustomizePatch(
  search: (value: unknown) => Node | undefined,
): (value: unknown) => Node | undefined {
  const manifest: Node = { look: search, quiet: true };
  const operation = (value: unknown): Node | undefined => {
    if (typeof value !== "object" || value === null) return undefined;
    const [op, path] = [peek(value, "op"), peek(value, "path")];
    if (typeof path !== "string" || (op !== "add" && op !== "replace")) return undefined;
    // Labels and annotations may be called like anything.
    if (path.includes("/metadata/")) return undefined;
    const [before = "", last = ""] = path.split("/").slice(-2);
    const put = /image$/i.test(last)
      ? reference
      : list.test(last)
        ? containers
        : list.test(before)
          ? container
          : manifest;
    // Whatever is put elsewhere is no image: a number, a text.
    const isObject = typeof peek(value, "value") === "object";
    return put === manifest && !isObject ? undefined : { properties: new Map([["value", put]]), quiet: true };
  };
  const operations: Node = { each: { look: operation, quiet: true }, quiet: true };
  return (value) => (Array.isArray(value) ? operations : search(value));
}
