import type { Finding } from "./located";
import type { ScalarText } from "./scalar-text";
import type { SourceContext, SourceFormat, TextEdit } from "./source";
import { TextFile } from "./text-file";

/**
 * The images of a text that is written inside another: found by its own format, with places and edits moved to where it stands.
 *
 * @param path where the text stands.
 */
export function inlineFindings(
  path: string,
  scalar: ScalarText,
  format: SourceFormat,
  context: SourceContext,
): readonly Finding[] {
  const inner = new TextFile(scalar.value);
  return format.read(scalar.value, context).map((image) => {
    const { offset, span } = scalar;
    const [start, end] = [
      inner.offset(image),
      inner.offset({ line: image.endLine, column: image.endColumn }),
    ];
    const common = {
      path: `${path}.${image.path}`,
      state: image.state,
      form: image.form,
      advice: image.advice ?? false,
    };
    if (offset === undefined) {
      const fixed = {
        reason: "stands in a text that is not written as it reads",
        fix: `write it as a literal block ("|"), and run this again`,
      };
      return { ...common, ...span, fixed: image.fixed ?? fixed };
    }
    return {
      ...common,
      start: offset(start),
      end: offset(end),
      fixed: image.fixed,
      edits: (digest, asked) => moved(image.edits(digest, asked), offset),
    };
  });
}

function moved(edits: readonly TextEdit[], offset: (index: number) => number): readonly TextEdit[] {
  return edits.map(({ start, end, text }) => ({
    start: offset(start),
    end: offset(start) + end - start,
    text,
  }));
}
