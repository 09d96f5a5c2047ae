declare const brand: unique symbol;

/** A moment as the lock writes it: UTC, to the second, `2026-11-21T10:00:00Z` (a profile of RFC 3339). */
export type Timestamp = string & { readonly [brand]: "Timestamp" };

/** One spelling for each moment: the same input must always give the same bytes. */
export const timestampPattern =
  /^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3])(?::[0-5][0-9]){2}Z$/;

export function isTimestamp(text: string): text is Timestamp {
  if (!timestampPattern.test(text)) return false;
  // A large lock holds tens of thousands of moments, and every month has 28 days: `Date` is asked about the others alone.
  if (text.slice(8, 10) <= "28") return true;
  const milliseconds = Date.parse(text);
  // The 31st of June parses as the 1st of July.
  return !Number.isNaN(milliseconds) && isoSeconds(milliseconds) === text;
}

/**
 * The moment of a clock's reading, in milliseconds since 1970.
 *
 * @throws RangeError for what is no time between the years 0 and 9999.
 */
export function timestamp(milliseconds: number): Timestamp {
  const text = isoSeconds(milliseconds);
  if (!isTimestamp(text)) throw new RangeError(`${milliseconds} is no time that a lock can hold`);
  return text;
}

/** The later of two moments. One spelling and one width, so that text compares as time. */
export function later(a: Timestamp, b: Timestamp): Timestamp {
  return a >= b ? a : b;
}

function isoSeconds(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
