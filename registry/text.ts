/**
 * A text that somebody else wrote, fit for a message: control and direction characters become spaces (they could redraw a
 * terminal or forge a log line), and it is cut to `limit` characters.
 */
export function cleanText(text: string, limit = 120): string {
  const clean = text
    .slice(0, limit * 4)
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\s]+/gu, " ")
    .trim();
  const characters = Array.from(clean);
  return characters.length <= limit ? clean : `${characters.slice(0, limit).join("")}…`;
}

/** A number of seconds or minutes as people say it: `60 s`. Never less than one second. */
export function formatSeconds(milliseconds: number): string {
  return `${Math.max(1, Math.ceil(milliseconds / 1000))} s`;
}
