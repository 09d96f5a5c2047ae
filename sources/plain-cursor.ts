/** A key without quotes, and the colon that makes it one. Numbers are left out: objects keep them in another order. */
const keyPattern = /[A-Za-z_/][\w./-]{0,200}(?=:(?:[ \n]|$))/y;

/** Nobody sees it: it has no stack to collect. */
export const declined = new Error("is more than plain YAML");

/** Stands in a text of plain YAML in front of the next thing that means something. */
export class PlainCursor {
  at = 0;
  /** Where that begins in its line, from 0; -1 at the end of the text. */
  column = 0;

  constructor(readonly text: string) {}

  isDash(): boolean {
    const next = this.text[this.at + 1];
    return this.text[this.at] === "-" && (next === " " || next === "\n" || next === undefined);
  }

  isKey(): boolean {
    keyPattern.lastIndex = this.at;
    return keyPattern.test(this.text);
  }

  /** A key, and goes on behind its colon. */
  key(): string | undefined {
    if (!this.isKey()) return undefined;
    const key = this.text.slice(this.at, keyPattern.lastIndex);
    this.at = keyPattern.lastIndex + 1;
    return key;
  }

  skipSpaces(): void {
    while (this.text[this.at] === " ") this.at++;
  }

  /** Whether nothing but a comment follows; stands behind a space, or behind what needs one. */
  isLineEnd(): boolean {
    const next = this.text[this.at];
    return next === undefined || next === "\n" || (next === "#" && this.text[this.at - 1] === " ");
  }

  /** Goes on to the next line that says something. */
  endLine(): void {
    const { text } = this;
    let lineStart = this.at === 0 ? 0 : -1;
    for (;;) {
      this.skipSpaces();
      const next = text[this.at];
      if (next === "#" && (this.at === 0 || text[this.at - 1] === " " || text[this.at - 1] === "\n")) {
        const newline = text.indexOf("\n", this.at);
        this.at = newline === -1 ? text.length : newline;
      } else if (next !== "\n" && next !== undefined) {
        if (lineStart === -1) throw declined;
        this.column = this.at - lineStart;
        return;
      }
      if (this.at >= text.length) {
        this.column = -1;
        return;
      }
      lineStart = ++this.at;
    }
  }
}
