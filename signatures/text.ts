/** A text from outside, in quotes: nothing in it reaches a terminal or a log as anything but a text. */
export function shown(text: string): string {
  const short = text.length <= 200 ? text : `${text.slice(0, 200)}…`;
  return JSON.stringify(short).replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
