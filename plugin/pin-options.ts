import { parsePlatform, type Platform, type ReferenceForm } from "../images";
import { parseStrategy, type Strategy } from "../pinning";

/** How an image is pinned, read from the plain texts that programs in other languages give. */
export interface PinOptions {
  readonly form: ReferenceForm;
  readonly lock?: string;
  readonly strategy?: Strategy;
  readonly platform?: Platform;
}

/** The options as plain texts; each is what the components call by the same name. */
export interface PinOptionTexts {
  readonly form?: string;
  readonly lock?: string;
  readonly strategy?: string;
  readonly platform?: string;
}

/** @throws TypeError when a text is none of those that there are. */
export function parsePinOptions(texts: PinOptionTexts): PinOptions {
  const { form = "tag-and-digest", lock, strategy, platform } = texts;
  return {
    form: parseForm(form),
    ...(lock === undefined ? {} : { lock }),
    ...(strategy === undefined ? {} : { strategy: parseStrategy(strategy, "strategy") }),
    ...(platform === undefined ? {} : { platform: parsePlatform(platform) }),
  };
}

function parseForm(text: string): ReferenceForm {
  if (text === "tag-and-digest" || text === "digest") return text;
  throw new TypeError(`form is ${JSON.stringify(text.slice(0, 60))}; it can be tag-and-digest or digest`);
}
