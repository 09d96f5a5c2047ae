import * as helm from "@pulumi/kubernetes/helm/v3";
import * as pulumi from "@pulumi/pulumi";
import { findImages } from "../../resources";
import { pinInputs } from "../pin-inputs";
import type { PinningOptions } from "../pinner";

const token = "kubernetes:helm.sh/v3:Release";

type Values = NonNullable<helm.ReleaseArgs["values"]>;

/**
 * Pins every image in the values of a chart: `repository`, `tag` and `digest` side by side (an empty digest is filled), and whole
 * references under names that end in `image`. What has a digest stays as it is.
 *
 * @throws pulumi.RunError, when the values are used, for an image that cannot be resolved.
 */
export function pinnedValues<T extends Values>(values: T, pinning?: PinningOptions): T {
  return pinInputs(token, "values", { values }, pinning).values;
}

/**
 * `kubernetes.helm.v3.Release`, the images in its values pinned. What the chart itself names is not among them: the provider
 * renders it out of sight.
 */
export class Release extends helm.Release {
  constructor(
    name: string,
    args?: helm.ReleaseArgs,
    opts?: pulumi.CustomResourceOptions,
    pinning?: PinningOptions,
  ) {
    super(name, args && pinInputs(token, name, args, pinning), opts);
  }
}

export interface PinnedReleaseArgs extends helm.ReleaseArgs {
  /** How images are pinned; as the stack's configuration says when left out. */
  pinning?: PinningOptions;
}

/** A Helm release whose values have their images pinned, and the list of these images. */
export class PinnedRelease extends pulumi.ComponentResource {
  readonly release: Release;
  /** The images that the values and the values files name, each once, as they are deployed. */
  readonly images: pulumi.Output<string[]>;

  constructor(name: string, args: PinnedReleaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pinned-images:kubernetes:PinnedRelease", name, {}, opts);
    const { pinning, ...releaseArgs } = args;
    this.release = new Release(name, releaseArgs, { parent: this }, pinning);
    const { values, valueYamlFiles } = this.release;
    this.images = pulumi.output({ values, valueYamlFiles }).apply((named) => {
      // What only looks like an image was not pinned.
      const images = findImages(token, named).filter(({ advice }) => advice !== true);
      return [...new Set(images.flatMap(({ state }) => ("text" in state ? [state.text] : [])))];
    });
    this.registerOutputs({ images: this.images });
  }
}
