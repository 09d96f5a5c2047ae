import * as pulumi from "@pulumi/pulumi";
import {
  formatPinned,
  formatPlatform,
  ImageReferenceError,
  imageState,
  parseImageReference,
  parseReferenceForm,
  type Digest,
  type ImageReference,
  type PinnedReference,
  type ReferenceForm,
} from "../images";
import { explainPinError, type Pin } from "../pinning";
import { pinningOf, type PinningOptions } from "./pinner";

export interface PinnedText {
  readonly reference: ImageReference;
  readonly digest: Digest;
  /** Who gave the digest. */
  readonly from: Pin["from"];
  /** The reference with its digest, in the form asked for. */
  readonly pinned: PinnedReference;
}

/** Options, and who is told of each image that was pinned, and of each that was not. */
export interface ObservedPinning extends PinningOptions {
  readonly onPinned?: (pinned: PinnedText) => void;
  /** Takes the place of the error; the image then stays as it is. */
  readonly onFailed?: (message: string) => void;
  /** Whether the image is secret: then nobody is told of it, in errors neither. */
  readonly isSecret?: boolean;
}

/** What comes of an image text once it is known, and whether it is secret. */
export function whenKnown<T>(
  image: pulumi.Input<string>,
  then: (text: string, isSecret: boolean) => Promise<T>,
): pulumi.Output<T> {
  const output = pulumi.output(image);
  return output.apply(async (text) => then(text, await pulumi.isSecret(output)));
}

/**
 * Pins one image text: what a program gets instead of a tag.
 *
 * @param text what the program gave: programs in JavaScript have no compiler that would have refused anything else.
 * @param where the place to name in errors, a property path or a resource.
 * @throws pulumi.RunError, which the engine shows as a sentence and not as a stack trace.
 */
export async function pinText(
  text: unknown,
  form: ReferenceForm,
  where: string,
  options: ObservedPinning = {},
): Promise<PinnedText> {
  if (typeof text !== "string")
    throw new pulumi.RunError(`${where}: the image is ${kindOf(text)}, where text is needed`);
  return explained(text, where, options, async () => {
    const accepted = parseReferenceForm(form, "the option form");
    const reference = registryReference(text);
    const { pinner, platform } = pinningOf(options);
    const { digest, from } = await pinner.pin(reference, platform === undefined ? {} : { platform });
    const pinned = { reference, digest, from, pinned: formatPinned(reference, digest, accepted) };
    if (options.isSecret !== true) options.onPinned?.(pinned);
    return pinned;
  });
}

/**
 * The platforms of a pinned image, as `os/architecture[/variant]`; undefined where the lock does not know them and nobody else
 * may be asked. Errors as {@link pinText}.
 */
export async function platformsOf(
  text: string,
  where: string,
  options: ObservedPinning,
): Promise<string[] | undefined> {
  return explained(text, where, options, async () => {
    const { pinner, platform } = pinningOf(options);
    const asking = platform === undefined ? {} : { platform };
    const platforms = await pinner.platforms(parseImageReference(text), asking);
    return platforms?.map(formatPlatform);
  });
}

/** Reads a reference to a registry. The grammar takes an image's ID for the repository `sha256` with a long tag, which nobody means. */
function registryReference(text: string): ImageReference {
  if (imageState(text).kind === "local") {
    const message = "is the ID of an image in one engine, where a reference to a registry is needed";
    throw new ImageReferenceError("bare-hex", message, text);
  }
  return parseImageReference(text);
}

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

async function explained<T>(
  text: string,
  where: string,
  { isSecret }: ObservedPinning,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // What a registry or a lock says of an image names it, too.
    const why =
      isSecret === true
        ? "there is no digest for it; the image stands in a secret, and why would tell it"
        : explainPinError(text, error);
    throw new pulumi.RunError(`${where}: ${why}`);
  }
}
