import * as pulumi from "@pulumi/pulumi";
import { parsePinOptions } from "./pin-options";
import { pinParts } from "./pin-parts";

// What programs in other languages see is inferred from these two and kept in schema.json, their comments included. The inference
// takes one constructor, a named interface for `args`, and neither unions nor intersections: so there are plain texts where the
// library has narrower types.

/** The arguments of the component. */
export interface PinnedImageArgs {
  /** The image as one writes it: `nginx:1.27`, `ghcr.io/acme/api:2.3`. */
  image: pulumi.Input<string>;
  /** `tag-and-digest` (default), or `digest` for consumers that refuse a tag beside the digest, such as AWS Lambda. */
  form?: string;
  /** The lock to ask; `pinned-images:lock`, else the `images.lock.json` around the program when left out. */
  lock?: string;
  /** `locked`, `lock-first` or `registry`; `pinned-images:strategy`, else by the stack's name when left out. */
  strategy?: string;
  /** The image of one platform instead of the index, `linux/arm64`; `pinned-images:platform` when left out. */
  platform?: string;
}

/** An image, resolved while the preview runs, with its parts as outputs. */
export class PinnedImage extends pulumi.ComponentResource {
  /** The pinned reference: `nginx:1.27@sha256:…`. */
  readonly reference: pulumi.Output<string>;
  /** The normalised name without tag and digest: `docker.io/library/nginx`. */
  readonly repository: pulumi.Output<string>;
  /** The tag, where the image was given with one. */
  readonly tag: pulumi.Output<string | undefined>;
  /** The digest: the index's for a multi-platform image, unless one platform was asked for. */
  readonly digest: pulumi.Output<string>;
  /** The platforms that the digest covers; missing where the lock does not know them and nobody else may be asked. */
  readonly platforms: pulumi.Output<string[] | undefined>;

  constructor(name: string, args: PinnedImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pinned-images:index:PinnedImage", name, args, opts);
    const options = parsePinOptions(args);
    const parts = pulumi.output(args.image).apply(async (image) => pinParts(image, placeOf(name), options));
    this.reference = parts.apply(({ reference }) => reference);
    this.repository = parts.apply(({ repository }) => repository);
    this.tag = parts.apply(({ tag }) => tag);
    this.digest = parts.apply(({ digest }) => digest);
    this.platforms = parts.apply(({ platforms }) => platforms);
    this.registerOutputs(outputsOf(this));
  }
}

/** What errors name. */
export function placeOf(name: string): string {
  return `PinnedImage "${name}"`;
}

/** The outputs of the component as schema.json names them. */
export function outputsOf({ reference, repository, tag, digest, platforms }: PinnedImage): pulumi.Inputs {
  return { reference, repository, tag, digest, platforms };
}
