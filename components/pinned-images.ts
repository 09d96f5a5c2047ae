import type * as pulumi from "@pulumi/pulumi";
import type { PinnedReference } from "../images";
import { pinnedImage, type PinnedImageOptions } from "./pinned-image";

/**
 * Pins several images: `pinnedImages({ web: "nginx:1.27", api: "ghcr.io/acme/api:2.3" })` gives each under its name, as
 * `pinnedImage` gives one. For container definitions in JSON: `pulumi.jsonStringify([{ image: images.web }])`.
 *
 * @param options the same for each image.
 * @throws pulumi.RunError when a text is no reference or its registry gives no digest: the first one ends the run.
 */
export function pinnedImages<Name extends string>(
  images: Readonly<Record<Name, pulumi.Input<string>>>,
  options: PinnedImageOptions = {},
): Record<Name, pulumi.Output<PinnedReference>> {
  // Filled name by name below, which the compiler does not follow.
  const pinned = {} as Record<Name, pulumi.Output<PinnedReference>>;
  for (const name in images) pinned[name] = pinnedImage(images[name], options);
  return pinned;
}
