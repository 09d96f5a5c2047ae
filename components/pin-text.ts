import * as pulumi from "@pulumi/pulumi";
import {
  formatPinned,
  formatPlatform,
  ImageReferenceError,
  parseImageReference,
  type Digest,
  type ImageReference,
  type PinnedReference,
  type ReferenceForm,
} from "../images";
import { quote } from "../report";
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

/** The platforms of a pinned image, as `os/architecture[/variant]`. Errors as {@link pinText}. */
export async function platformsOf(text: string, where: string, options: PinningOptions): Promise<string[]> {
  return explained(text, where, async () => {
    const platforms = await pinnerOf(options).platforms(parseImageReference(text));
    return platforms.map(formatPlatform);
  });
}

async function explained<T>(text: string, where: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explain(error, text, where);
  }
}

function explain(error: unknown, text: string, where: string): Error {
  if (error instanceof ImageReferenceError) {
    const separator = error.inDigest ? ": " : " ";
    return new pulumi.RunError(`${where}: ${quote(text)}${separator}${error.message}`);
  }
  if (!(error instanceof Error)) return new pulumi.RunError(`${where}: cannot resolve ${quote(text)}`);
  // A registry error carries what to do about it beside what happened.
  const fix = "fix" in error && typeof error.fix === "string" ? `\nfix: ${error.fix}` : "";
  return new pulumi.RunError(`${where}: cannot resolve ${quote(text)}: ${error.message}${fix}`);
}
