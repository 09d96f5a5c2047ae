import { formatPinned, type Digest, type ImageState, type ReferenceForm } from "../images";

/** A place that holds something other than text, or text that cannot be read: it may hide an image. */
export interface Unreadable {
  readonly kind: "unreadable";
  /** Half a sentence that says what is wrong. It never repeats the value, which may hold secrets. */
  readonly problem: string;
}

/** Where a digest goes, for an image that is not simply a text which ends in it. */
export type Place =
  /** Into the text, behind a prefix (`DOCKER|`) or with the registry's host left to a field of its own. */
  | { readonly as: "reference"; readonly path: string; readonly prefix?: string; readonly host?: string }
  /** Into a field of its own, `bareHex` without its `sha256:`; `insteadOf` is the field of a tag that must be empty then. */
  | { readonly as: "digest"; readonly path: string; readonly bareHex?: true; readonly insteadOf?: string }
  /** Nowhere; `reason` is half a sentence that says why, `fix` what to do where a digest could stand all the same. */
  | { readonly as: "fixed"; readonly reason: string; readonly fix?: string };

/** An image in a resource's properties. */
export interface FoundImage {
  /** The property path, with indices: `spec.template.spec.containers[0].image`. */
  readonly path: string;
  readonly form: ReferenceForm;
  /** Whether the consumer takes the bare ID of an image that its own engine holds. */
  readonly takesLocalIds: boolean;
  readonly state: ImageState | Unreadable;
  /** Set where the text only looks like an image that somebody starts later: fit for advice, never for a refusal. */
  readonly advice?: true;
  /** Where the digest goes; left out when it goes to the end of the text at `path`. */
  readonly place?: Place;
}

/** One value to write, and where: what a fix line shows. */
export interface Placement {
  readonly path: string;
  readonly value: string;
  /** The path of what must be emptied, where the consumer takes one or the other. */
  readonly insteadOf?: string;
}

/**
 * What to write where, so that the image is pinned to the digest in the form that its consumer takes: `repository:tag@digest`,
 * `repository@digest`, a digest field beside the tag, `DOCKER|` in front.
 *
 * @returns undefined for what is no reference, for advice, and where the digest can go nowhere (`place.as` is `fixed`).
 */
export function placement(found: FoundImage, digest: Digest): Placement | undefined {
  const value = placedText(found, digest);
  if (value === undefined) return undefined;
  const { place } = found;
  if (place === undefined || place.as === "fixed") return { path: found.path, value };
  if (place.as === "reference") return { path: place.path, value: `${place.prefix ?? ""}${value}` };
  const { path, insteadOf } = place;
  return { path, value, ...(insteadOf === undefined ? {} : { insteadOf }) };
}

/** The value of {@link placement} without its prefix, which stands outside of what is walked. */
export function placedText({ form, state, advice, place }: FoundImage, digest: Digest): string | undefined {
  if (advice === true || place?.as === "fixed") return undefined;
  if (state.kind !== "tag" && state.kind !== "untagged" && state.kind !== "digest") return undefined;
  if (place?.as === "digest") {
    return place.bareHex === true ? digest.slice(digest.indexOf(":") + 1) : digest;
  }
  const pinned = formatPinned(state.reference, digest, form);
  return place?.host === undefined ? pinned : pinned.slice(place.host.length + 1);
}
