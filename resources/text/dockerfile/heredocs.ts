/** A text within a Dockerfile that runs from the line below its instruction to the line that is its name. */
export interface Heredoc {
  readonly name: string;
  /** Whether tabs in front of the name do not count. */
  readonly chomp: boolean;
}

const takesHeredocs = /^(?:ONBUILD\s+)?(?:ADD|COPY|RUN)\s/i;

/**
 * The heredocs that an instruction begins. Where BuildKit sees none, neither must this, or an instruction could hide in a body that
 * is none: so it takes words apart as BuildKit does, and gives up on the same lines. What stands in quotes begins none, so the JSON
 * form needs no rule of its own.
 */
export function heredocs(text: string): readonly Heredoc[] {
  if (!text.includes("<<") || !takesHeredocs.test(text)) return [];
  return (shellWords(text) ?? []).flatMap((word) => {
    const match = /^\d*<<(-?)\s*([^<]*)$/.exec(word);
    const name = bare(match?.[2] ?? "");
    return name === "" ? [] : [{ name, chomp: match?.[1] === "-" }];
  });
}

/** A word without its quotes and escapes. */
function bare(word: string): string {
  return word.replace(
    /"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)/g,
    (_, double: string | undefined, single: string | undefined, escaped: string | undefined) =>
      double?.replace(/\\(["$\\])/g, "$1") ?? single ?? escaped ?? "",
  );
}

/** Words as BuildKit's shell lexer tells them apart, quotes and escapes left in; undefined where it fails. */
function shellWords(text: string): readonly string[] | undefined {
  const lexer = new Lexer(text);
  const words: string[] = [];
  while (lexer.skipSpace()) {
    const start = lexer.at;
    if (!lexer.skipWord()) return undefined;
    words.push(text.slice(start, lexer.at));
  }
  return words;
}

const space = /\s*/y;
/** The name may stand apart from its sign, but not from a dash. */
const heredocStart = /<<\s*/y;
/** How a variable may begin: with a name, and an operator if it does not end there. */
const variableStart = (() => {
  const name = String.raw`[\p{L}_][\p{L}\p{Nd}_]*|0|[1-9]\d*|[@*#?\-$!]|(?=[+%\/])`;
  const operator = String.raw`\}|:?[\-+?]|[#%\/]`;
  return new RegExp(String.raw`\$\{(?:${name})(?:${operator})`, "uy");
})();
const maxDepth = 50;

/**
 * Goes through a text as BuildKit's shell lexer does (frontend/dockerfile/shell/lex.go). It fails where a quote or a variable does not
 * end, or a variable is none that the lexer knows.
 */
class Lexer {
  at = 0;

  constructor(private readonly text: string) {}

  /** @returns whether anything follows. */
  skipSpace(): boolean {
    this.#skip(space);
    return this.at < this.text.length;
  }

  /** @returns false where it fails. */
  skipWord(): boolean {
    while (this.at < this.text.length && !/\s/.test(this.text[this.at] ?? "")) {
      if (!this.#skip(heredocStart) && !this.#skipOne(0)) return false;
    }
    return true;
  }

  /** A character, or what begins with it: an escape, a quotation, a variable. */
  #skipOne(depth: number): boolean {
    const character = this.text[this.at];
    if (character === "'") {
      const end = this.text.indexOf("'", this.at + 1);
      this.at = end + 1;
      return end !== -1;
    }
    if (character === '"') {
      this.at++;
      while (this.at < this.text.length && this.text[this.at] !== '"') {
        if (this.text[this.at] === "'") this.at++;
        else if (!this.#skipOne(depth)) return false;
      }
      return this.at++ < this.text.length;
    }
    if (character === "$" && this.text[this.at + 1] === "{") return this.#skipVariable(depth);
    // `$$` is a variable, so that what follows is none.
    const two = character === "\\" || (character === "$" && this.text[this.at + 1] === "$");
    this.at += two ? 2 : 1;
    return true;
  }

  #skipVariable(depth: number): boolean {
    if (depth > maxDepth || !this.#skip(variableStart)) return false;
    if (this.text[this.at - 1] === "}") return true;
    while (this.at < this.text.length && this.text[this.at] !== "}") {
      if (!this.#skipOne(depth + 1)) return false;
    }
    return this.at++ < this.text.length;
  }

  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    if (!pattern.test(this.text)) return false;
    this.at = pattern.lastIndex;
    return true;
  }
}
