import { union, type Node } from "../node";
import { yaml } from "../text/yaml";
import { peek } from "../unknown";

/** Finds what has the shape of a Kubernetes resource: an API version and a kind. */
export interface ManifestShapes {
  /** What to do at a value that is a resource; undefined for one that is none, or whose kind holds no images. */
  readonly manifest: (value: unknown) => Node | undefined;
  /** The same for a text that holds one. A text that says nothing of an image is not read: it may be a template of anything. */
  readonly manifestText: (value: unknown) => Node | undefined;
}

/** @param treeOf what to look at in resources of a type, by its token. */
export function manifestShapes(treeOf: (token: string) => Node | undefined): ManifestShapes {
  const manifest = (value: unknown): Node | undefined => {
    if (typeof value !== "object" || value === null) return undefined;
    const [apiVersion, kind] = [peek(value, "apiVersion"), peek(value, "kind")];
    if (typeof apiVersion !== "string" || typeof kind !== "string") return undefined;
    const tree = treeOf(`kubernetes:${apiVersion}:${kind}`);
    const found = tree?.look?.(value);
    return tree === undefined || found === undefined ? tree : union(tree, found);
  };
  const text: Node = { texts: new Map([[yaml, { look: manifest, quiet: true }]]) };
  return {
    manifest,
    manifestText: (value) => (typeof value === "string" && /image/i.test(value) ? text : undefined),
  };
}
