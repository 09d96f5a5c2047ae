import * as v from "valibot";

/**
 * A text that `parse` reads; what `parse` throws becomes the issue's message.
 *
 * @param hidden What stands in the message for a text that must not be repeated.
 */
export function parsed<T>(parse: (text: string) => T, hidden?: string) {
  return v.pipe(
    v.string(),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      try {
        return parse(dataset.value);
      } catch (error) {
        const message = error instanceof Error ? error.message : "cannot be read";
        addIssue({ message, ...(hidden === undefined ? {} : { input: undefined, received: hidden }) });
        return NEVER;
      }
    }),
  );
}
