import { parseIgnore, type Ignore } from "./ignore";

/** A place in a text, in UTF-16 units from 0; `end` is behind the last one. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Position {
  /** From one. */
  readonly line: number;
  /** From one, in UTF-16 units. A byte-order mark counts as nothing. */
  readonly column: number;
}

/** A text with its lines, and the comments that stand at them. */
export class TextFile {
  private starts: readonly number[] | undefined;

  constructor(
    readonly text: string,
    /** What begins a comment here. */
    private readonly comment: "#" | "//" = "#",
  ) {}

  position(offset: number): Position {
    const line = this.lineAt(offset);
    const start = this.lineStarts()[line] ?? 0;
    const mark = line === 0 && this.text.startsWith("\uFEFF") && offset > 0 ? 1 : 0;
    return { line: line + 1, column: offset - start + 1 - mark };
  }

  /** The offset of a position. */
  offset({ line, column }: Position): number {
    return (this.lineStarts()[line - 1] ?? this.text.length) + column - 1;
  }

  /** What a comment behind the reference, or alone on the line above it, says about leaving it alone. */
  ignoreAt({ start, end }: Span): Ignore | undefined {
    const [first, last] = [this.lineAt(start), this.lineAt(end)];
    const behind = this.text.slice(end, this.lineStarts()[last + 1] ?? this.text.length);
    const at = this.comment === "#" ? /(?:^|\s)#/.exec(behind) : /\/[/*]/.exec(behind);
    const beside = at === null ? undefined : parseIgnore(behind.slice(at.index), last + 1);
    if (beside !== undefined || first === 0) return beside;
    const above = this.text.slice(this.lineStarts()[first - 1], this.lineStarts()[first]).trim();
    return this.startsComment(above) ? parseIgnore(above, first) : undefined;
  }

  private startsComment(line: string): boolean {
    return this.comment === "#" ? line.startsWith("#") : /^\/[/*]/.test(line);
  }

  /** The line that holds an offset, from 0. */
  private lineAt(offset: number): number {
    const starts = this.lineStarts();
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low;
  }

  private lineStarts(): readonly number[] {
    if (this.starts !== undefined) return this.starts;
    const starts = [0];
    for (let at = this.text.indexOf("\n"); at !== -1; at = this.text.indexOf("\n", at + 1)) {
      starts.push(at + 1);
    }
    return (this.starts = starts);
  }
}
