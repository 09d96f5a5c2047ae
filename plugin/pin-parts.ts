import { pinnerOf } from "../components/pinner";
import { formatPinned, formatPlatform, parseImageReference } from "../images";
import { explainPinError } from "../pinning";
import type { PinOptions } from "./pin-options";

/** A pinned image in its parts, as plain texts. */
export interface PinnedParts {
  readonly reference: string;
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string;
  readonly platforms: string[] | undefined;
}

/** @throws Error when the text is no reference, or nobody gives a digest for it; its message says what to do next. */
export async function pinParts(image: string, options: PinOptions): Promise<PinnedParts> {
  const { form, platform, ...pinning } = options;
  const of = platform === undefined ? {} : { platform };
  try {
    const wanted = parseImageReference(image);
    const pinner = pinnerOf(pinning);
    const { digest } = await pinner.pin(wanted, of);
    const reference = formatPinned(wanted, digest, form);
    const platforms = await pinner.platforms(parseImageReference(reference), of);
    return {
      reference,
      repository: `${wanted.registry}/${wanted.repository}`,
      tag: wanted.tag,
      digest,
      platforms: platforms?.map(formatPlatform),
    };
  } catch (error) {
    throw new Error(explainPinError(image, error), { cause: error });
  }
}
