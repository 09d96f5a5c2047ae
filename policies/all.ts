import { containerRuntimeRestricted } from "./container-runtime-restricted";
import { exceptionsCurrent } from "./exceptions-current";
import { imagePinnedByDigest } from "./image-pinned-by-digest";
import { imagePullable } from "./image-pullable";
import { imageRegistryAllowed } from "./image-registry-allowed";
import { imageTagStated } from "./image-tag-stated";
import type { Policy } from "./policy";

/** Every policy, in the order in which they run and in which the README lists them. */
export const allPolicies: readonly Policy[] = [
  imagePinnedByDigest,
  imageTagStated,
  imageRegistryAllowed,
  imagePullable,
  exceptionsCurrent,
  containerRuntimeRestricted,
];
