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

/** A digest as people tell it from others; the whole of it is in the history and in `--json`. */
export function short(digest: string): string {
  return `${digest.slice(0, digest.indexOf(":") + 13)}…`;
}
