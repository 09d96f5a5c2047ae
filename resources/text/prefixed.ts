import type { TextReader } from "./reader";

/** The rest of a text that starts with the prefix, in any case: App Service takes `docker|` as well. */
export function prefixed(prefix: string): TextReader {
  return {
    prefix,
    isOther: (text) => text.slice(0, prefix.length).toLowerCase() !== prefix.toLowerCase(),
    decode: (text) => ({ value: text.slice(prefix.length) }),
    encode: (text, edits) =>
      edits.reduce((result, { value }) => result.slice(0, prefix.length) + String(value), text),
  };
}
