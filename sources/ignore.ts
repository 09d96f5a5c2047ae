/** A comment that asks to leave an image alone. What is missing is kept missing: whoever judges it refuses it then. */
export interface Ignore {
  readonly owner?: string;
  /** As it was written; nobody has said that it is a date. */
  readonly expires?: string;
  readonly reason?: string;
  /** Where the comment stands, from one. */
  readonly line: number;
}

/** Nobody writes more; what lies behind is not read. */
const maxLength = 1_000;
const start = /^\s*(?:#+|\/\/+|\/\*+)?\s*pinned-images:\s*ignore(?=\s|$)/;
/** `owner=platform`, `reason="the vendor's mirror is pending"`; a value without quotes goes on up to the next name. */
const field =
  /(?:^|\s)(owner|expires|reason)=(?:"([^"]*)"|'([^']*)'|((?:(?!\s(?:owner|expires|reason)=)[^])*))/g;

/**
 * Reads a comment: `# pinned-images: ignore owner=platform expires=2027-01-31 reason=mirror pending`. Of a name that stands twice,
 * the first counts.
 *
 * @param comment the comment, with or without its `#`, `//` or `/*`.
 * @param line where it stands.
 * @returns undefined for any other comment.
 */
export function parseIgnore(comment: string, line: number): Ignore | undefined {
  const text = comment.slice(0, maxLength);
  const head = start.exec(text)?.[0];
  if (head === undefined) return undefined;
  const fields = new Map<string, string>();
  for (const [, name = "", double, single, plain] of text.slice(head.length).matchAll(field)) {
    const value = (double ?? single ?? plain ?? "").replace(/\*\/\s*$/, "").trim();
    if (value !== "" && !fields.has(name)) fields.set(name, value);
  }
  const [owner, expires, reason] = ["owner", "expires", "reason"].map((name) => fields.get(name));
  return {
    ...(owner === undefined ? {} : { owner }),
    ...(expires === undefined ? {} : { expires }),
    ...(reason === undefined ? {} : { reason }),
    line,
  };
}
