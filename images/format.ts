import type { Digest } from "./digest";
import type { ImageReference } from "./reference";

/**
 * How a consumer wants a pinned reference: `tag-and-digest` is `repository:tag@digest` (Kubernetes, Docker, ECS), `digest`
 * is `repository@digest` (AWS Lambda refuses a tag beside the digest).
 */
export type ReferenceForm = "tag-and-digest" | "digest";

declare const pinned: unique symbol;

/** An image reference that ends in a digest: what {@link formatPinned} gives. A plain string is not assignable to it. */
export type PinnedReference = string & { readonly [pinned]: "PinnedReference" };

/** The reference with this digest, spelled as its author spelled the name, in the form that a consumer takes. */
export function formatPinned(
  reference: ImageReference,
  digest: Digest,
  form: ReferenceForm = "tag-and-digest",
): PinnedReference {
  const tag = form === "digest" || reference.tag === undefined ? "" : `:${reference.tag}`;
  const text: `${string}@${Digest}` = `${reference.name}${tag}@${digest}`;
  return brandPinned(text);
}

function brandPinned(text: string): PinnedReference {
  if (!isPinned(text)) throw new TypeError(`${text} does not end in a digest`);
  return text;
}

function isPinned(text: string): text is PinnedReference {
  return text.includes("@");
}
