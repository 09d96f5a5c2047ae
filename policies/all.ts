import { containerRuntimeRestricted } from "./container-runtime-restricted";
import { exceptionsCurrent } from "./exceptions-current";
import { imageInLock } from "./image-in-lock";
import { imageLockFresh } from "./image-lock-fresh";
import { imagePinnedByDigest } from "./image-pinned-by-digest";
import { imagePullable } from "./image-pullable";
import { imageRegistryAllowed } from "./image-registry-allowed";
import { imageSigned } from "./image-signed";
import { imageTagStated } from "./image-tag-stated";
import { imageTagUnmoved } from "./image-tag-unmoved";
import { pinImages } from "./pin-images";
import type { Policy } from "./policy";

/** Every policy, in the order in which they run and in which the README lists them. */
export const allPolicies: readonly Policy[] = [
  imagePinnedByDigest,
  pinImages,
  imageTagStated,
  imageRegistryAllowed,
  imageInLock,
  imageLockFresh,
  imageTagUnmoved,
  imagePullable,
  imageSigned,
  exceptionsCurrent,
  containerRuntimeRestricted,
];
