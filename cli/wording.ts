import { quote } from "../report";

/** A text from outside on a line of its own words: control characters escaped, and cut when long. */
export function plain(text: string): string {
  return quote(text).slice(1, -1);
}

/** The day of a moment. */
export function day(moment: string): string {
  return moment.slice(0, 10);
}

/** ` by Ann <ann@example.com> because "CVE-2026-1"`, as far as it is known. */
export function byAndWhy({ by, reason }: { readonly by?: string; readonly reason?: string }): string {
  return `${by === undefined ? "" : ` by ${plain(by)}`}${reason === undefined ? "" : ` because ${quote(reason)}`}`;
}

/** `1 image`, `2 images`. */
export function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}

/** JSON that cannot draw on a terminal either: JSON itself lets through some control and direction characters. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, undefined, 2).replace(
    /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `${text}\n`;
}
