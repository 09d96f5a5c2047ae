import { parseImageReference, type Digest, type ImageReference } from "../images";
import { lockKey, type Lock } from "../lock";
import { entryKey } from "./look-up";
import type { Failed } from "./outcome";

/** An image to verify. */
export interface Target {
  /** As it was named: by somebody, or by the lock. */
  readonly image: string;
  readonly reference: ImageReference;
  /** Missing where the registry has to say which one the tag has. */
  readonly digest?: Digest | undefined;
  readonly digestFrom: DigestSource;
}

export type DigestSource = "reference" | "lock" | "registry";

/**
 * The images that somebody means, in their order: by the digest in the reference, else by that of the lock (and by those of the
 * single platforms in it), else by the one that the registry will say. All of the lock when none is named.
 */
export function targetsOf(words: readonly string[], images: Lock["images"]): readonly (Target | Failed)[] {
  const names = [...images.keys()].sort();
  const locked = (image: string): Target => {
    const { reference } = entryKey(image);
    return { image, reference, digest: images.get(image)?.digest, digestFrom: "lock" };
  };
  if (words.length === 0) return names.map(locked);
  return words.flatMap((image): readonly (Target | Failed)[] => {
    try {
      const reference = parseImageReference(image);
      const { digest } = reference;
      if (digest !== undefined) return [{ image, reference, digest, digestFrom: "reference" }];
      const key = lockKey(reference);
      const found = names.filter((name) => name === key || name.startsWith(`${key} `));
      return found.length > 0 ? found.map(locked) : [{ image, reference, digestFrom: "registry" }];
    } catch (error) {
      return [{ image, error }];
    }
  });
}
