import { ImageReferenceError } from "./error";
import { parseDigest, type Digest } from "./digest";
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
  /** A bare image ID (`sha256:…`, or its 64 hex digits alone): an image of the local engine, in no registry. */
  | { readonly kind: "local"; readonly text: string; readonly id: Digest }
  /** Docker's empty base image. */
  | { readonly kind: "scratch"; readonly text: string };

/** Says which state an image text is in. Never throws. */
export function imageState(text: string): ImageState {
  if (text === "scratch") return { kind: "scratch", text };
  try {
    // The grammar also reads these as a repository "sha256" with a long tag; nobody means that.
    if (/^sha(?:256|512):[0-9a-fA-F]{32}/.test(text)) return { kind: "local", text, id: parseDigest(text) };
    if (/^[0-9a-f]{64}$/.test(text)) return { kind: "local", text, id: parseDigest(`sha256:${text}`) };
    const reference = parseImageReference(text);
    if (reference.digest !== undefined) return { kind: "digest", text, reference, digest: reference.digest };
    if (reference.tag !== undefined) return { kind: "tag", text, reference, tag: reference.tag };
    return { kind: "untagged", text, reference };
  } catch (error) {
    if (error instanceof ImageReferenceError) return { kind: "malformed", text, error };
    throw error;
  }
}
