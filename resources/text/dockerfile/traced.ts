/** A text together with where each of its characters stands in the file. */
export interface Traced {
  readonly text: string;
  /** Offsets in UTF-16 units, one for each of the text's; negative for what stands nowhere in it. */
  readonly at: Int32Array;
}

/** What stands in the file from `start` to `end`. */
export function traced(text: string, start: number, end: number): Traced {
  const at = new Int32Array(end - start);
  for (let i = 0; i < at.length; i++) at[i] = start + i;
  return { text: text.slice(start, end), at };
}

/** What is said outside of the file. */
export function untraced(text: string): Traced {
  return { text, at: new Int32Array(text.length).fill(-1) };
}

/** Whether a part of the text is said outside of the file. */
export function isFromOutside({ at }: Traced): boolean {
  return at.some((offset) => offset < 0);
}

/** The part of a traced text from `start` to `end`. */
export function part({ text, at }: Traced, start: number, end = text.length): Traced {
  return { text: text.slice(start, end), at: at.subarray(start, end) };
}

/** The part of a traced text without the white space around it. */
export function trimmed(traced: Traced): Traced {
  const start = traced.text.length - traced.text.trimStart().length;
  return part(traced, start, Math.max(start, traced.text.trimEnd().length));
}

/** The characters at these places of a traced text, put together. */
export function pick({ text, at }: Traced, places: readonly number[]): Traced {
  return {
    text: places.map((place) => text[place]).join(""),
    at: Int32Array.from(places, (place) => at[place] ?? 0),
  };
}

/** These one behind the other. */
export function joined(parts: readonly Traced[]): Traced {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const at = new Int32Array(parts.reduce((sum, each) => sum + each.at.length, 0));
  let length = 0;
  for (const each of parts) {
    at.set(each.at, length);
    length += each.at.length;
  }
  return { text: parts.map(({ text }) => text).join(""), at };
}

/** Where a traced text stands in the file; undefined when it is empty or its characters do not stand there side by side. */
export function place({ at }: Traced): { readonly start: number; readonly end: number } | undefined {
  const start = at[0];
  if (start === undefined || start < 0) return undefined;
  for (let i = 1; i < at.length; i++) if (at[i] !== start + i) return undefined;
  return { start, end: start + at.length };
}
