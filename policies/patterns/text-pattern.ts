import { PatternError } from "./error";
import { compileGlob } from "./glob";

/** Texts of any kind: identities, sources of a build, refs. */
export interface TextPattern {
  /** As it was written. */
  readonly text: string;
  readonly matches: (text: string) => boolean;
}

const longest = 2_000;

/**
 * Reads a text in which `*` stands for anything: `https://github.com/acme/*`.
 *
 * @throws PatternError for one that stands for everything, which nobody writes who wants something to be checked.
 */
export function parseTextPattern(text: string): TextPattern {
  checkText(text);
  return { text, matches: compileGlob(text) };
}

/**
 * Reads the subject of a certificate, in which `*` stands for anything: `*@example.com`, `https://github.com/acme/*@refs/tags/*`. The first
 * `@` in the pattern is the first one in the subject: a branch that is called `x@refs/heads/main` must not pass for the branch `main`.
 *
 * @throws PatternError
 */
export function parseSubjectPattern(text: string): TextPattern {
  checkText(text);
  const at = text.indexOf("@");
  if (at === -1) return { text, matches: compileGlob(text) };
  const [before, behind] = [compileGlob(text.slice(0, at)), compileGlob(text.slice(at + 1))];
  return {
    text,
    matches: (subject) => {
      const place = subject.indexOf("@");
      return place !== -1 && before(subject.slice(0, place)) && behind(subject.slice(place + 1));
    },
  };
}

function checkText(text: string): void {
  if (text === "") throw new PatternError("is empty");
  if (text.length > longest) throw new PatternError(`has ${text.length} characters; ${longest} are allowed`);
  if (/^[*@]+$/.test(text)) throw new PatternError("stands for everything; write what it has to be");
}
