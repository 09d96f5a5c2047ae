/**
 * Whether a text has more brackets open at once than anybody writes: a YAML parser's time grows with the square of such nesting.
 * Brackets within scalars count, too: they are mostly closed again. Linear in the text.
 */
export function opensMoreThan(text: string, limit: number): boolean {
  let open = 0;
  for (const [bracket] of text.matchAll(/[[{}\]]/g)) {
    if (bracket === "[" || bracket === "{") {
      if (++open > limit) return true;
    } else if (open > 0) open--;
  }
  return false;
}
