/** JSON that cannot draw on a terminal either: JSON itself lets through some control and direction characters. */
export function jsonText(value: unknown): string {
  const json = JSON.stringify(value, undefined, 2).replace(
    /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `${json}\n`;
}
