import type { PinningOptions } from "../components";
import { parsePlatform, parseReferenceForm, type ReferenceForm } from "../images";
import { parseStrategy } from "../pinning";

/** How an image is pinned, as the library has it. */
export interface PinOptions {
  readonly form: ReferenceForm;
  readonly pinning: PinningOptions;
}

/** The same in the plain texts that programs in other languages give. */
export interface PinOptionTexts {
  readonly form?: string;
  readonly lock?: string;
  readonly strategy?: string;
  readonly platform?: string;
}

/** @throws TypeError when a text is none of those that there are. */
export function parsePinOptions({
  form = "tag-and-digest",
  lock,
  strategy,
  platform,
}: PinOptionTexts): PinOptions {
  if (platform !== undefined) parsePlatform(platform);
  return {
    form: parseReferenceForm(form, "form"),
    pinning: {
      ...(lock === undefined ? {} : { lock }),
      ...(strategy === undefined ? {} : { strategy: parseStrategy(strategy, "strategy") }),
      ...(platform === undefined ? {} : { platform }),
    },
  };
}
