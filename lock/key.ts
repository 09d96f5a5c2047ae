import {
  formatPlatform,
  parseImageReference,
  parsePlatform,
  type ImageReference,
  type Platform,
} from "../images";

/**
 * The name of an entry: the normalised reference without its digest, and with the tag that the runtime would take
 * (`docker.io/library/nginx:latest` for `nginx`). Where one platform's image was chosen instead of the index, the platform
 * stands behind a space, which no reference can contain: `docker.io/library/nginx:1.27 linux/arm64`.
 */
export interface LockKey {
  readonly reference: ImageReference;
  readonly platform?: Platform;
}

/** The name under which a reference (its digest apart) is locked. */
export function lockKey(reference: ImageReference, platform?: Platform): string {
  const image = `${reference.registry}/${reference.repository}:${reference.tag ?? "latest"}`;
  return platform === undefined ? image : `${image} ${formatPlatform(platform)}`;
}

/** Reads the name of an entry. Undefined when it is none, or is not spelled as {@link lockKey} spells it. */
export function parseLockKey(text: string): LockKey | undefined {
  try {
    const space = text.indexOf(" ");
    const reference = parseImageReference(space === -1 ? text : text.slice(0, space));
    const platform = space === -1 ? undefined : parsePlatform(text.slice(space + 1));
    if (reference.digest !== undefined || lockKey(reference, platform) !== text) return undefined;
    return platform === undefined ? { reference } : { reference, platform };
  } catch {
    return undefined;
  }
}
