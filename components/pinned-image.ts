import * as pulumi from "@pulumi/pulumi";
import type { Digest, PinnedReference, ReferenceForm } from "../images";
import { pinText, platformsOf, whenKnown } from "./pin-text";
import type { PinningOptions } from "./pinner";

export interface PinnedImageOptions extends PinningOptions {
  /** `tag-and-digest` (default) or `digest`, for consumers that refuse a tag beside the digest, such as AWS Lambda. */
  readonly form?: ReferenceForm;
}

/**
 * Pins an image anywhere an image string goes: `pinnedImage("nginx:1.27")` is `nginx:1.27@sha256:…`, asked of the registry
 * while the preview runs. What has a digest already stays as it is; an unknown image stays unknown.
 *
 * @param image the image as one writes it; an output or a promise of one, too.
 * @param options the form, and how it is pinned; as the stack's configuration says when left out.
 * @throws pulumi.RunError when the text is no reference, an option is none, or the registry or the lock gives no digest.
 */
export function pinnedImage(
  image: pulumi.Input<string>,
  options: PinnedImageOptions = {},
): pulumi.Output<PinnedReference> {
  const { form = "tag-and-digest", ...pinning } = options;
  return whenKnown(image, async (text, isSecret) => {
    const { pinned } = await pinText(text, form, "pinnedImage", { ...pinning, isSecret });
    return pinned;
  });
}

export interface PinnedImageArgs {
  /** The image as one writes it: `nginx:1.27`, `ghcr.io/acme/api:2.3`. */
  image: pulumi.Input<string>;
  /** How the reference is written; `tag-and-digest` when left out. */
  form?: ReferenceForm;
  /** How it is pinned; as the stack's configuration says when left out. */
  pinning?: PinningOptions;
}

/**
 * An image, resolved while the preview runs, with its parts as outputs: unknown while `image` is unknown, secret where it is secret.
 * An image without a digest ends the run with pulumi.RunError, which names this component.
 */
export class PinnedImage extends pulumi.ComponentResource {
  /** The pinned reference: `nginx:1.27@sha256:…`. */
  readonly reference: pulumi.Output<PinnedReference>;
  /** The normalised name without tag and digest: `docker.io/library/nginx`. */
  readonly repository: pulumi.Output<string>;
  /** The tag, where the image was given with one. */
  readonly tag: pulumi.Output<string | undefined>;
  /** The digest: the index's, for a multi-platform image. */
  readonly digest: pulumi.Output<Digest>;
  /**
   * The platforms that the digest covers: `linux/amd64`, `linux/arm64`. Undefined for a digest that is not in the lock when no
   * registry may be asked.
   */
  readonly platforms: pulumi.Output<string[] | undefined>;

  constructor(name: string, args: PinnedImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pinned-images:index:PinnedImage", name, { image: args.image }, opts);
    const where = `PinnedImage "${name}"`;
    const { image, form = "tag-and-digest", pinning } = args;
    const resolved = whenKnown(image, async (text, isSecret) =>
      pinText(text, form, where, { ...pinning, isSecret }),
    );
    this.reference = resolved.apply(({ pinned }) => pinned);
    this.digest = resolved.apply(({ digest }) => digest);
    this.repository = resolved.apply(({ reference }) => `${reference.registry}/${reference.repository}`);
    this.tag = resolved.apply(({ reference }) => reference.tag);
    this.platforms = whenKnown(this.reference, async (text, isSecret) =>
      platformsOf(text, where, { ...pinning, isSecret }),
    );
    this.registerOutputs({
      reference: this.reference,
      repository: this.repository,
      tag: this.tag,
      digest: this.digest,
      platforms: this.platforms,
    });
  }
}
