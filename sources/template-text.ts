import type { Fixed } from "./located";

/** What fills a text in before anybody reads it as a reference. */
const placeholders: readonly (readonly [RegExp, string])[] = [
  [/\$\{\{/, "an expression"],
  [/\{\{/, "a template"],
  [/\$\{|\$\(|\$\[\[|\$[A-Za-z_]/, "a variable"],
  [/<%|%\(/, "a template"],
];

/** Says what fills a text in, for texts that are no references as they stand; undefined for all others. */
export function placeholderIn(text: string): string | undefined {
  return placeholders.find(([pattern]) => pattern.test(text))?.[1];
}

/** What is filled in from outside of the file: nothing can be pinned here. */
export function filledIn(by: string, fix: string): Fixed {
  return { reason: `is filled in by ${by} from outside of this file`, fix };
}
