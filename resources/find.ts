import type { FoundImage } from "./found";
import { treeOf } from "./all";
import { walkProperties } from "./walk";

/**
 * Finds the images in the properties of a resource, in the order of the type's table. Reads values without throwing at
 * unknown ones: an unknown value is found as such at its own path, and never hides what stands beside it. What cannot be read is
 * found as `unreadable`.
 *
 * @param token the resource's type, `kubernetes:apps/v1:Deployment`.
 * @param properties the resource's inputs, as plain values or behind the policy SDK's proxies.
 */
export function findImages(token: string, properties: object): readonly FoundImage[] {
  const tree = treeOf(token);
  if (tree === undefined) return [];
  const images: FoundImage[] = [];
  walkProperties(properties, tree, {
    image(found) {
      images.push(found);
      return undefined;
    },
    isLater: () => false,
    later: (value, then) => then(value),
  });
  return images;
}
