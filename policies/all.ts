import { imagePinnedByDigest } from "./image-pinned-by-digest";
import type { ImagePolicy } from "./policy";

/** Every policy that looks at images, in the order in which the README lists them. */
export const allPolicies: readonly ImagePolicy[] = [imagePinnedByDigest];
