import type { Timestamp } from "../lock";
import { UsageError } from "./read-references";

/** How long a lock counts as fresh where nobody says otherwise, in days. */
export const freshDays = 90;

/** Reads a number of days. @throws UsageError */
export function readDays(text: string | undefined, option: string, otherwise = freshDays): number {
  if (text === undefined) return otherwise;
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new UsageError(`${option} takes a number of days, not ${JSON.stringify(text.slice(0, 40))}`);
}

/** The whole days from one moment to a later one; 0 for a moment in the future, which a wrong clock wrote. */
export function daysSince(then: Timestamp, now: Timestamp): number {
  return Math.max(0, Math.floor((Date.parse(now) - Date.parse(then)) / (24 * 60 * 60 * 1000)));
}
