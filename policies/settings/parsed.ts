import * as v from "valibot";

/** A text that `parse` reads; what `parse` throws becomes the issue's message. */
export function parsed<T>(parse: (text: string) => T) {
  return v.pipe(
    v.string(),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      try {
        return parse(dataset.value);
      } catch (error) {
        addIssue({ message: error instanceof Error ? error.message : "cannot be read" });
        return NEVER;
      }
    }),
  );
}
