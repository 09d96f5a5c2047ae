import * as pulumi from "@pulumi/pulumi";
import {
  formatPinned,
  formatPlatform,
  parseImageReference,
  type Digest,
  type ImageReference,
  type PinnedReference,
  type ReferenceForm,
} from "../images";
import { explainPinError } from "../pinning";
import { pinnerOf, type PinningOptions } from "./pinner";

export interface PinnedText {
  readonly reference: ImageReference;
  readonly digest: Digest;
  /** The reference with its digest, in the form asked for. */
  readonly pinned: PinnedReference;
}

/**
 * Pins one image text: what a program gets instead of a tag.
 *
 * @param where the place to name in errors, a property path or a resource.
 * @throws pulumi.RunError, which the engine shows as a sentence and not as a stack trace.
 */
export async function pinText(
  text: string,
  form: ReferenceForm,
  where: string,
  options: PinningOptions = {},
): Promise<PinnedText> {
  return explained(text, where, async () => {
    const reference = parseImageReference(text);
    const { digest } = await pinnerOf(options).pin(reference);
    return { reference, digest, pinned: formatPinned(reference, digest, form) };
  });
}

/**
 * The platforms of a pinned image, as `os/architecture[/variant]`; undefined where the lock does not know them and nobody else
 * may be asked. Errors as {@link pinText}.
 */
export async function platformsOf(
  text: string,
  where: string,
  options: PinningOptions,
): Promise<string[] | undefined> {
  return explained(text, where, async () => {
    const platforms = await pinnerOf(options).platforms(parseImageReference(text));
    return platforms?.map(formatPlatform);
  });
}

async function explained<T>(text: string, where: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new pulumi.RunError(`${where}: ${explainPinError(text, error)}`);
  }
}
