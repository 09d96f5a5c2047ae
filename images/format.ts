import type { Digest } from "./digest";
import type { ImageReference } from "./reference";

/**
 * How a consumer wants a pinned reference: `tag-and-digest` is `repository:tag@digest` (Kubernetes, Docker, ECS), `digest`
 * is `repository@digest` (AWS Lambda refuses a tag beside the digest).
 */
export type ReferenceForm = "tag-and-digest" | "digest";

/**
 * Reads a form as people write it.
 *
 * @param text what was given: programs in JavaScript have no compiler that would have refused anything else.
 * @param where What it was read from, for the error.
 * @throws TypeError when it is none.
 */
export function parseReferenceForm(text: unknown, where: string): ReferenceForm {
  if (text === "tag-and-digest" || text === "digest") return text;
  throw new TypeError(
    `${where} is ${JSON.stringify(String(text).slice(0, 60))}; it can be tag-and-digest or digest`,
  );
}

/**
 * An image reference that ends in a digest: what {@link formatPinned} gives. No plain string and no literal is assignable
 * to it, because only `parseDigest` makes the {@link Digest} at its end.
 */
export type PinnedReference = `${string}@${Digest}`;

/** The reference with this digest, spelled as its author spelled the name, in the form that a consumer takes. */
export function formatPinned(
  reference: ImageReference,
  digest: Digest,
  form: ReferenceForm = "tag-and-digest",
): PinnedReference {
  const tag = form === "digest" || reference.tag === undefined ? "" : `:${reference.tag}`;
  return `${reference.name}${tag}@${digest}`;
}
