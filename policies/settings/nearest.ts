import { closest, distance } from "fastest-levenshtein";

/** Half a sentence that helps who wrote a name wrong: the nearest of the names that there are, else all of them. */
export function nearest(name: string, names: readonly string[]): string {
  const start = name.slice(0, 100);
  const guess = closest(start, names);
  const near = distance(start, guess) <= Math.max(3, guess.length / 2);
  return near ? `did you mean "${guess}"?` : `the names are ${names.join(", ")}`;
}
