import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { PinnedReference } from "../../images";
import { pinText, whenKnown } from "../pin-text";
import type { PinningOptions } from "../pinner";

/** The provider's own arguments of a container; `image` as one writes it, `nginx:1.27`. */
export interface PinnedContainerArgs extends docker.ContainerArgs {
  /** How the image is pinned; as the stack's configuration says when left out. */
  pinning?: PinningOptions;
}

/** An image pulled by its digest, and the Docker container that runs it. */
export class PinnedContainer extends pulumi.ComponentResource {
  /** The image that is pulled. */
  readonly image: docker.RemoteImage;
  readonly container: docker.Container;
  /** The pinned reference: `nginx@sha256:…`. */
  readonly reference: pulumi.Output<PinnedReference>;

  constructor(name: string, args: PinnedContainerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pinned-images:docker:PinnedContainer", name, {}, opts);
    const { pinning, ...containerArgs } = args;
    // Without the tag: another spelling of it would have the container made anew.
    this.reference = whenKnown(args.image, async (text, isSecret) => {
      const where = `PinnedContainer "${name}"`;
      const { pinned } = await pinText(text, "digest", where, { ...pinning, isSecret });
      return pinned;
    });
    this.image = new docker.RemoteImage(
      name,
      // An engine shares images between containers, and an old digest may still be in use while it is replaced.
      { name: this.reference, keepLocally: true },
      { parent: this },
    );
    this.container = new docker.Container(
      name,
      { ...containerArgs, image: this.reference },
      { parent: this, dependsOn: [this.image] },
    );
    this.registerOutputs({ reference: this.reference });
  }
}
