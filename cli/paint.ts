import { Writable } from "node:stream";
import { styleText } from "node:util";

export type Style = "bold" | "red" | "yellow" | "green";

/** Colours for a terminal. Anything else gets plain text; NO_COLOR and FORCE_COLOR have the last word. */
export function painter(stream: object): (style: Style, text: string) => string {
  return (style, text) => (stream instanceof Writable ? styleText(style, text, { stream }) : text);
}
