import type { Digest, ImageReference } from "../images";
import { treeOf } from "./all";
import { changeInPlace } from "./change";
import { placement, type FoundImage, type Placement } from "./found";
import { walkProperties } from "./walk";

/** What happened to one image. */
export interface PinnedImage {
  readonly found: FoundImage;
  readonly placed: Placement;
}

/**
 * Pins the images of a resource in its properties, in place: whatever else is there, secrets and unknown values too, stays
 * untouched and unread, and JSON, YAML and Dockerfiles in strings keep every other byte. Looking digests up takes time: find the
 * images first, resolve them all, then call this.
 *
 * @param properties the resource's inputs, as plain values or behind the proxies of the policy SDK.
 * @param digestOf the digest for a reference; undefined to leave it as it is. It is asked for images without a digest.
 * @returns what was pinned, in the order of {@link findImages}. Empty when nothing was changed.
 */
export function pinImagesIn(
  token: string,
  properties: object,
  digestOf: (reference: ImageReference) => Digest | undefined,
): readonly PinnedImage[] {
  const tree = treeOf(token);
  if (tree === undefined) return [];
  const pinned: PinnedImage[] = [];
  const change = walkProperties(properties, tree, {
    image(found) {
      const { state } = found;
      if (state.kind !== "tag" && state.kind !== "untagged") return undefined;
      // Asked first whether a digest could go anywhere, so that nobody is asked in vain.
      if (!isPlaceable(found)) return undefined;
      const digest = digestOf(state.reference);
      const placed = digest && placement(found, digest);
      if (placed === undefined) return undefined;
      pinned.push({ found, placed });
      return digest;
    },
    isLater: () => false,
    later: (value, then) => then(value),
  });
  if (change !== undefined) changeInPlace(properties, change);
  return pinned;
}

/** Whether a digest can be put there at all: the image is a reference, more than advice, and its place is not fixed. */
export function isPlaceable({ advice, place }: FoundImage): boolean {
  return advice !== true && place?.as !== "fixed";
}
