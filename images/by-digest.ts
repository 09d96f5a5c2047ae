import type { Digest } from "./digest";
import { parseImageReference, type ImageReference } from "./reference";

/** A reference with a digest. */
export type DigestReference = ImageReference & { readonly digest: Digest };

/** The same repository, with a digest and no tag. */
export function byDigest({ registry, repository }: ImageReference, digest: Digest): DigestReference {
  return Object.assign(parseImageReference(`${registry}/${repository}@${digest}`), { digest });
}
