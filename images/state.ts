import { ImageReferenceError } from "./error";
import type { Digest } from "./digest";
import { parseDigest } from "./digest";
import { parseImageReference, type ImageReference } from "./reference";

/** What is known of an image at a place: the states that the whole product speaks of. */
export type ImageState =
  | {
      readonly kind: "digest";
      readonly text: string;
      readonly reference: ImageReference;
      readonly digest: Digest;
    }
  | { readonly kind: "tag"; readonly text: string; readonly reference: ImageReference; readonly tag: string }
  | { readonly kind: "untagged"; readonly text: string; readonly reference: ImageReference }
  | { readonly kind: "malformed"; readonly text: string; readonly error: ImageReferenceError }
  /** A value that a preview cannot know yet. */
  | { readonly kind: "unknown" }
  /** A bare image ID (`sha256:…`): an image of the local engine, in no registry. */
  | { readonly kind: "local"; readonly text: string; readonly id: Digest }
  /** Docker's empty base image. */
  | { readonly kind: "scratch"; readonly text: string };

/** Says which state an image text is in. Never throws. */
export function imageState(text: string): ImageState {
  if (text === "scratch") return { kind: "scratch", text };
  try {
    if (/^sha(?:256|512):[0-9a-f]{32}/.test(text)) return { kind: "local", text, id: parseDigest(text) };
    const reference = parseImageReference(text);
    if (reference.digest !== undefined) return { kind: "digest", text, reference, digest: reference.digest };
    if (reference.tag !== undefined) return { kind: "tag", text, reference, tag: reference.tag };
    return { kind: "untagged", text, reference };
  } catch (error) {
    if (error instanceof ImageReferenceError) return { kind: "malformed", text, error };
    throw error;
  }
}
