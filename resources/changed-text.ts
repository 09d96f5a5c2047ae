import { editsOf, type Change } from "./change";
import type { TextReader } from "./text/reader";
import type { Visitor } from "./visitor";

/** The change of a text whose contents change, once all that is put there is known. */
export function changedText(
  text: string,
  reader: TextReader,
  beside: object,
  change: Change,
  visitor: Pick<Visitor, "isLater" | "later">,
): Change {
  const edits = editsOf(change);
  const encode = (values: readonly unknown[]): string =>
    reader.encode(
      text,
      edits.map(({ keys }, index) => ({ keys, value: values[index] })),
      beside,
    );
  const values = edits.map((edit) => edit.value);
  if (!values.some((value) => visitor.isLater(value))) return { replace: encode(values) };
  return { replace: visitor.later(values, (known) => encode(Array.isArray(known) ? known : [])) };
}
