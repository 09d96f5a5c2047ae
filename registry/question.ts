import type { ImageReference } from "../images";

/** `latest` is what a registry is asked for when there is neither tag nor digest, as every engine does. */
export function targetOf(reference: ImageReference): string {
  return reference.digest ?? reference.tag ?? "latest";
}

/** What makes two questions the same: with a digest, the tag beside it is not asked about. */
export function keyOf(reference: ImageReference): string {
  return `${reference.registry}/${reference.repository} ${targetOf(reference)}`;
}
