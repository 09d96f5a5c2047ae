import { imageLeaf, type Node } from "../node";
import { prefixed } from "../text/prefixed";
import { isUnknown, peek } from "../unknown";

const changedOnly: Node = {
  unread: "renames an image and leaves its tag to the manifests, where it is not known",
  advice: true,
};
const suffixed: Node = {
  unread: "puts a suffix behind the tag of the manifests, where it is not known",
};
const reference: Node = { image: imageLeaf({}) };

/**
 * What Kustomize puts in place of the images of the manifests: `{name, newName?, newTag?, digest?}`
 * (https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/).
 */
export function kustomizeImage(value: unknown): Node | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const has = (field: string): boolean => {
    const filled = peek(value, field);
    return filled !== undefined && filled !== null && filled !== "";
  };
  if (!has("newTag") && !has("digest")) {
    return has("tagSuffix") ? suffixed : has("newName") ? changedOnly : undefined;
  }
  const name = has("newName") ? "newName" : "name";
  return { parts: [imageLeaf({ fields: { name, tag: "newTag", digest: "digest" } })] };
}

/** The same as Argo CD writes it: `nginx:1.27`, or `nginx=ghcr.io/acme/nginx:1.27`. */
export function kustomizeOverride(value: unknown): Node | undefined {
  if (typeof value !== "string" || isUnknown(value)) return reference;
  const start = value.slice(0, value.indexOf("=") + 1);
  return start === "" ? reference : { texts: new Map([[prefixed(start), reference]]) };
}
