import { pinText, platformsOf } from "../components/pin-text";
import type { PinOptions } from "./pin-options";

/** A pinned image in its parts, as plain texts. */
export interface PinnedParts {
  readonly reference: string;
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string;
  readonly platforms: string[] | undefined;
}

/**
 * @param where what to name in errors.
 * @throws pulumi.RunError when the text is no reference, or nobody gives a digest for it; its message says what to do next.
 */
export async function pinParts(
  image: string,
  where: string,
  { form, pinning }: PinOptions,
): Promise<PinnedParts> {
  const { reference, digest, pinned } = await pinText(image, form, where, pinning);
  return {
    reference: pinned,
    repository: `${reference.registry}/${reference.repository}`,
    tag: reference.tag,
    digest,
    platforms: await platformsOf(pinned, where, pinning),
  };
}
