import type { TextReader } from "./reader";

/** Text in base64 (RFC 4648, section 4). */
export const base64: TextReader = {
  decode(text) {
    const bytes = Buffer.from(text, "base64");
    // Buffer skips what is no base64 in silence.
    const given = text.replace(/\s/g, "");
    const padded = bytes.toString("base64");
    if (given !== padded && given !== padded.replace(/={1,2}$/, "")) {
      return { problem: "is not readable as base64" };
    }
    return { value: bytes.toString("utf8") };
  },
  encode: (text, edits) =>
    edits.reduce((_, { value }) => Buffer.from(String(value), "utf8").toString("base64"), text),
};
