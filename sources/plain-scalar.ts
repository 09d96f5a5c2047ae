/** A scalar of one line that reads as it is written. */
export interface PlainScalar {
  readonly value: string | number | boolean | null;
  readonly type: "PLAIN" | "QUOTE_DOUBLE" | "QUOTE_SINGLE";
  /** From its first character, a quote included, to behind its last one. */
  readonly range: readonly [start: number, end: number];
  /** It has none. */
  readonly tag?: undefined;
}

const quotedPattern = /"[^"\\\n]*"|'[^'\n]*'(?!')/y;

/** A scalar in quotes; undefined for one with escapes or of several lines. */
export function quoted(text: string, start: number): PlainScalar | undefined {
  quotedPattern.lastIndex = start;
  if (!quotedPattern.test(text)) return undefined;
  const end = quotedPattern.lastIndex;
  return {
    value: text.slice(start + 1, end - 1),
    type: text[start] === '"' ? "QUOTE_DOUBLE" : "QUOTE_SINGLE",
    range: [start, end],
  };
}

/** What a scalar without quotes may begin with here: no indicator, but for dashes that no space follows. */
const beginning = /^(?:-{0,2}\w|[/.$(])/;

/** A scalar without quotes up to the end of its line, or to a comment; undefined for what may be something else. */
export function unquotedOnLine(text: string, start: number): PlainScalar | undefined {
  const newline = text.indexOf("\n", start);
  const line = text.slice(start, newline === -1 ? text.length : newline);
  const comment = line.indexOf(" #");
  const written = (comment === -1 ? line : line.slice(0, comment)).trimEnd();
  if (!beginning.test(written) || written.includes(": ") || written.endsWith(":")) return undefined;
  return unquoted(written, start);
}

const inFlow = /[\w/.][\w./@+=-]*(?::[\w/][\w./@+=-]*)*/y;

/** A scalar without quotes and spaces within a flow collection; undefined where none stands. */
export function unquotedInFlow(text: string, start: number): PlainScalar | undefined {
  inFlow.lastIndex = start;
  return inFlow.test(text) ? unquoted(text.slice(start, inFlow.lastIndex), start) : undefined;
}

const words: ReadonlyMap<string, boolean | null> = new Map([
  ...["null", "Null", "NULL"].map((word) => [word, null] as const),
  ...["true", "True", "TRUE"].map((word) => [word, true] as const),
  ...["false", "False", "FALSE"].map((word) => [word, false] as const),
]);

/** Numbers that are written in another way than by their decimals. */
const otherNumber = /^(?:[-+]?\.(?:inf|nan)|0[ox][\da-f]+|[-+]?[.\d]+e[-+]?\d+)$/i;

/** As the core schema resolves it (https://yaml.org/spec/1.2.2/#1032-tag-resolution). */
function unquoted(written: string, start: number): PlainScalar | undefined {
  const plain = (value: PlainScalar["value"]): PlainScalar => ({
    value,
    type: "PLAIN",
    range: [start, start + written.length],
  });
  const word = words.get(written);
  if (word !== undefined) return plain(word);
  if (!/^[-+.\d]/.test(written)) return plain(written);
  if (otherNumber.test(written)) return undefined;
  if (/^[-+]?\d+$/.test(written)) return plain(Number.parseInt(written, 10));
  return plain(/^[-+]?(?:\.\d+|\d+\.\d*)$/.test(written) ? Number.parseFloat(written) : written);
}
