import { formatPinned, type Digest, type ImageState, type ReferenceForm } from "../images";
import type { Unreadable } from "../resources";
import type { LocatedImage, TextEdit } from "./source";
import type { Span, TextFile } from "./text-file";

export type Fixed = NonNullable<LocatedImage["fixed"]>;

/** What a format has found at a place. */
export interface Finding extends Span {
  readonly path: string;
  readonly state: ImageState | Unreadable;
  readonly form?: ReferenceForm;
  readonly advice?: boolean;
  readonly fixed?: Fixed | undefined;
  /** The edits that pin it; asked only for what is a reference, more than advice, and not fixed. */
  edits?(digest: Digest, form: ReferenceForm): readonly TextEdit[];
}

export function located(file: TextFile, finding: Finding): LocatedImage {
  const { path, state, form = "tag-and-digest", advice, fixed } = finding;
  const [begin, end] = [file.position(finding.start), file.position(finding.end)];
  const ignore = file.ignoreAt(finding);
  const isReference = state.kind === "tag" || state.kind === "untagged" || state.kind === "digest";
  return {
    path,
    line: begin.line,
    column: begin.column,
    endLine: end.line,
    endColumn: end.column,
    state,
    form,
    ...(advice === true ? { advice } : {}),
    ...(fixed === undefined ? {} : { fixed }),
    ...(ignore === undefined ? {} : { ignore }),
    edits: (digest, asked = form) =>
      advice === true || fixed !== undefined || !isReference
        ? []
        : (finding.edits?.(digest, form === "digest" ? form : asked) ?? []),
  };
}

/**
 * The edits that pin a reference in a text of which each character stands somewhere: only what differs is replaced, from the end of
 * the name on.
 *
 * @param offset where a character stands; undefined for one that stands nowhere in the text.
 * @returns undefined when what differs does not stand there in one piece.
 */
export function endEdits(
  state: ImageState | Unreadable,
  digest: Digest,
  form: ReferenceForm,
  offset: (index: number) => number | undefined,
): readonly TextEdit[] | undefined {
  if (state.kind !== "tag" && state.kind !== "untagged" && state.kind !== "digest") return [];
  const { text } = state;
  const pinned = formatPinned(state.reference, digest, form);
  if (pinned === text) return [];
  let same = 0;
  while (same < text.length && text[same] === pinned[same]) same++;
  const put = pinned.slice(same);
  if (same === text.length) {
    const last = offset(same - 1);
    return last === undefined ? undefined : [{ start: last + 1, end: last + 1, text: put }];
  }
  const start = offset(same);
  if (start === undefined) return undefined;
  for (let index = same; index < text.length; index++) {
    if (offset(index) !== start + index - same) return undefined;
  }
  return [{ start, end: start + text.length - same, text: put }];
}

/**
 * In the order of the text. What several names lead to, through aliases, merge keys and variables, is one place and found once, for
 * the strictest of those who take it.
 */
export function inOrder(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  return [...findings]
    .sort((a, b) => a.start - b.start || laxity(a) - laxity(b))
    .filter((finding) => {
      const { state } = finding;
      const key = JSON.stringify([finding.start, finding.end, state.kind, "text" in state ? state.text : ""]);
      return !seen.has(key) && seen.add(key);
    });
}

/** Whether a text can only be meant as an image: a name alone may be anything. */
export function isPointed(state: Finding["state"]): boolean {
  return state.kind === "malformed" ? state.error.inDigest : state.kind === "tag" || state.kind === "digest";
}

function laxity({ advice, form }: Finding): number {
  return (advice === true ? 2 : 0) + (form === "digest" ? 0 : 1);
}
