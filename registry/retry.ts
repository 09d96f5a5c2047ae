/** How often a request is sent again after a passing trouble. */
export const maxRetries = 2;

/** Statuses that a second try may get past (RFC 9110; 501 says that there is no use). */
export function isPassingStatus(status: number): boolean {
  return status === 408 || status === 429 || (status >= 500 && status !== 501 && status !== 505);
}

/** A Retry-After header in milliseconds from `now`: seconds, or a date (RFC 9110, section 10.2.3). */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? "";
  // However long the number is, it means "not soon"; it must not become infinite, or a retry at once.
  if (/^[0-9]+$/.test(text)) return Math.min(Number(text.slice(0, 12)), 1e9) * 1000;
  if (!/^[A-Za-z]{3},/.test(text)) return undefined;
  const date = Date.parse(text.slice(0, 40));
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Milliseconds before the next try: twice as long each time, and never the same for all, lest they come back together. */
export function backoff(attempt: number): number {
  return 100 * 2 ** attempt * (1 + Math.random());
}
