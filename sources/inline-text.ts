import type { Digest, ReferenceForm } from "../images";
import type { Finding, Fixed } from "./located";
import type { LocatedImage, TextEdit } from "./source";
import { TextFile, type Span } from "./text-file";

/** A text that is written inside another. */
export interface InlineText {
  readonly value: string;
  /** Where it stands. */
  readonly span: Span;
  /** Where each of its characters stands; undefined for what stands nowhere, or when it is not written as it reads. */
  readonly offset: ((index: number) => number | undefined) | undefined;
  /** What ends a line and begins the next one within it. */
  readonly lineBreak: string;
}

/**
 * The images of a text that is written inside another: found by its own format, with places and edits moved to where it stands.
 *
 * @param path where the text stands.
 */
export function inlineFindings(
  path: string,
  text: InlineText,
  read: (text: string) => readonly LocatedImage[],
): readonly Finding[] {
  const inner = new TextFile(text.value);
  return read(text.value).map((image) =>
    outward(text, {
      path: /^(?:\[|$)/.test(image.path) ? `${path}${image.path}` : `${path}.${image.path}`,
      start: inner.offset(image),
      end: inner.offset({ line: image.endLine, column: image.endColumn }),
      state: image.state,
      form: image.form,
      advice: image.advice ?? false,
      fixed: image.fixed,
      edits: (digest, form) => image.edits(digest, form),
    }),
  );
}

/** What was found in a text that is written inside another, with its place and its edits moved to where that stands. */
export function outward(text: InlineText, found: Finding): Finding {
  const { offset, span } = text;
  if (offset === undefined) return { ...found, ...span, fixed: found.fixed ?? notAsItReads };
  const start = nearest(offset, found.start) ?? span.start;
  const end = found.end > found.start ? (nearest(offset, found.end - 1) ?? start) + 1 : start;
  const isPlaced = outerSpan(text, { start: found.end, end: found.end }) !== undefined;
  const edits = (digest: Digest, form: ReferenceForm): readonly TextEdit[] | undefined =>
    moved(text, found.edits?.(digest, form) ?? []);
  return {
    ...found,
    start,
    end: Math.max(start, end),
    fixed: found.fixed ?? (isPlaced ? undefined : fromVariable),
    // A tag that stands in several places cannot be taken away: it stays beside the digest.
    edits: (digest, form) => edits(digest, form) ?? edits(digest, "tag-and-digest") ?? [],
  };
}

const notAsItReads: Fixed = {
  reason: "stands in a text that is not written as it reads",
  fix: `write it as a literal block ("|"), and run this again`,
};
const fromVariable: Fixed = {
  reason: "ends in what a variable of the text around it says",
  fix: "write the tag and its digest there, or put the digest behind the value of the variable",
};

/** Nobody's reference is longer. */
const maxDistance = 1_000;

/** Where a character stands, or else the one in front of it. */
function nearest(offset: (index: number) => number | undefined, index: number): number | undefined {
  for (let at = index; at >= 0 && at > index - maxDistance; at--) {
    const place = offset(at);
    if (place !== undefined) return place;
  }
  return undefined;
}

/** The edits of a text, moved to where it stands; undefined where one of them stands nowhere, or not in one piece. */
function moved(text: InlineText, edits: readonly TextEdit[]): readonly TextEdit[] | undefined {
  const all: TextEdit[] = [];
  for (const edit of edits) {
    let start = edit.start;
    while (start < edit.end && text.value[start] === edit.text[start - edit.start]) start++;
    const span = outerSpan(text, { start, end: edit.end });
    if (span === undefined) return undefined;
    all.push({ ...span, text: edit.text.slice(start - edit.start).replace(/\n/g, text.lineBreak) });
  }
  return all;
}

function outerSpan({ value, offset }: InlineText, { start, end }: Span): Span | undefined {
  // What is put in belongs to what stands in front of it.
  const before = start > 0 && value[start - 1] !== "\n" ? offset?.(start - 1) : undefined;
  const isFirst = start === 0 || value[start - 1] === "\n";
  const first = isFirst || start < end ? offset?.(start) : before === undefined ? undefined : before + 1;
  if (first === undefined || start === end) {
    return first === undefined ? undefined : { start: first, end: first };
  }
  let last = first;
  for (let index = start + 1; index < end; index++) {
    const here = offset?.(index);
    // Only the lines of a block do not lie side by side.
    if (here === undefined || (here !== last + 1 && value[index - 1] !== "\n")) return undefined;
    last = here;
  }
  return { start: first, end: last + 1 };
}
