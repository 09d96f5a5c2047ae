import type { Edit } from "../change";

/** What a text holds. */
export type Decoded =
  | { readonly value: unknown }
  /** Half a sentence that says why it cannot be read, without a word of the text: it may hold secrets. */
  | { readonly problem: string };

/** Reads what a text holds, and puts new values into it without touching another byte. */
export interface TextReader {
  /** Whether the text is none of this reader's: it lacks the prefix. */
  isOther?(text: string): boolean;
  /** @param beside what the resource says in the properties that {@link TextReader.beside} names. */
  decode(text: string, beside: object): Decoded;
  /** The text with these values put in. Called only for what `decode` has read. */
  encode(text: string, edits: readonly Edit[], beside: object): string;
  /** Properties of the resource that say how its text is to be read. */
  readonly beside?: readonly string[];
  /** Set where what is read is the end of the text behind it. */
  readonly prefix?: string;
  /** Whether names in the text match in any case. */
  readonly anyCase?: true;
  /** Whether the value itself may stand where its text is expected. */
  readonly takesValues?: true;
}

/** A text that is known but not written where it was found: nothing can be put there. */
export class FixedText {
  constructor(
    readonly text: string,
    /** Half a sentence that says why. */
    readonly reason: string,
  ) {}
}

/** A text that is not said: half a sentence says why. */
export class UnnamedText {
  constructor(readonly problem: string) {}
}

/** The text with each span replaced. Of spans that overlap, the first counts. */
export function splice(
  text: string,
  spans: readonly { readonly start: number; readonly end: number; readonly text: string }[],
): string {
  const pieces: string[] = [];
  let from = 0;
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    if (span.start < from) continue;
    pieces.push(text.slice(from, span.start), span.text);
    from = span.end;
  }
  return [...pieces, text.slice(from)].join("");
}
