import { joined, part, untraced, type Traced } from "./traced";

/** Why it is not known what a word means. */
export interface Unfilled {
  /** Half a sentence. */
  readonly problem: string;
  /** The argument that has no value here. */
  readonly name?: string;
  /** Whether the argument has a value, which the preview does not know yet. */
  readonly later?: true;
}

/** What a word means once its variables are filled in. */
export type Expanded = Traced | Unfilled;

/** What is said of a build's arguments outside of the file: the value of one; undefined where its default counts. */
export type GivenArguments = (name: string) => string | { readonly later: true } | undefined;

/** Far more than an image reference has. */
const maxLength = 2048;
/** Arguments can be made of arguments: what all of a file's may come to. */
const maxTotal = 1_000_000;
const maxDepth = 20;

/** The arguments in front of the first stage: the only ones that `FROM` can use. */
export class BuildArguments {
  readonly #values = new Map<string, Expanded>();
  #total = 0;

  constructor(
    readonly escape: string,
    private readonly given: GivenArguments,
  ) {}

  /** Declares `NAME` or `NAME=value`; the value is read with the arguments declared so far. */
  declare(word: Traced): void {
    const equals = word.text.indexOf("=");
    const name = equals === -1 ? word.text : word.text.slice(0, equals);
    const given = this.given(name);
    if (typeof given === "string") this.#values.set(name, untraced(given));
    else if (given !== undefined) this.#values.set(name, notKnownYet);
    else this.#values.set(name, equals === -1 ? unset(name) : this.expand(part(word, equals + 1)));
  }

  /**
   * Fills in the variables of a word, and takes its quotes and escapes away, as BuildKit's shell lexer does
   * (https://docs.docker.com/reference/dockerfile/#environment-replacement).
   */
  expand(word: Traced): Expanded {
    const parts: Traced[] = [];
    const problem = this.#fill(word, parts, 0);
    if (problem !== undefined) return problem;
    const result = joined(parts.filter(({ text }) => text !== ""));
    this.#total += result.text.length;
    if (result.text.length > maxLength || this.#total > maxTotal) return tooLong;
    return result;
  }

  #fill(word: Traced, parts: Traced[], depth: number): Unfilled | undefined {
    const { text } = word;
    if (text.length > maxLength || depth > maxDepth) return tooLong;
    let quote = "";
    let [from, length] = [0, 0];
    const upTo = (end: number): void => {
      if (end > from) parts.push(part(word, from, end));
    };
    for (let i = 0; i < text.length; i++) {
      const character = text[i] ?? "";
      if (character === quote || (quote === "" && (character === '"' || character === "'"))) {
        upTo(i);
        from = i + 1;
        quote = quote === "" ? character : "";
      } else if (character === this.escape && quote !== "'") {
        upTo(i);
        from = ++i;
      } else if (character === "$" && quote !== "'") {
        const end = variableEnd(text, i);
        if (end === undefined) continue;
        upTo(i);
        const before = parts.length;
        const problem = this.#variable(part(word, i, end), parts, depth);
        if (problem !== undefined) return problem;
        for (const each of parts.slice(before)) length += each.text.length;
        if (length > maxLength) return tooLong;
        from = end;
        i = end - 1;
      }
    }
    upTo(text.length);
    return quote === "" ? undefined : { problem: "has a quote that does not end" };
  }

  #variable(variable: Traced, parts: Traced[], depth: number): Unfilled | undefined {
    const match = /^\$(?:(\w+)|\{(\w+)(?:(:?[-+?])([^]*))?\})$/.exec(variable.text);
    // A quote or an escape could hide where the variable ends.
    if (match === null || /["'\\`]/.test(match[4] ?? ""))
      return { problem: "uses a variable in a way that is not followed" };
    const name = match[1] ?? match[2] ?? "";
    const operator = match[3];
    const value = this.#values.get(name) ?? unset(name);
    if ("later" in value) return value;
    const isSet = "at" in value && (value.text !== "" || operator?.startsWith(":") !== true);
    const start = variable.text.length - 1 - (match[4]?.length ?? 0);
    const other = part(variable, start, variable.text.length - 1);
    if (operator?.endsWith("+") === true) return isSet ? this.#fill(other, parts, depth + 1) : undefined;
    // What has no value here may have one where it is built: the default is what a build without arguments takes.
    if (operator?.endsWith("-") === true && !isSet && !("problem" in value && value.name === undefined))
      return this.#fill(other, parts, depth + 1);
    if (!("at" in value)) return value;
    parts.push(value);
    return undefined;
  }
}

const notKnownYet: Unfilled = { problem: "is named by a build argument that is not known yet", later: true };
const tooLong = { problem: "is longer than any image reference" };

function unset(name: string): Unfilled {
  return { problem: `is named by the build argument ${name.slice(0, 100)}, which has no value here`, name };
}

/** Where the variable that begins at `start` ends; undefined for a dollar sign that begins none. */
function variableEnd(text: string, start: number): number | undefined {
  if (text[start + 1] !== "{") {
    const name = /^\w+/.exec(text.slice(start + 1))?.[0];
    return name === undefined ? undefined : start + 1 + name.length;
  }
  let depth = 0;
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === "{" && text[i - 1] === "$") depth++;
    if (text[i] === "}" && --depth === 0) return i + 1;
  }
  return text.length;
}

/** The names of a word's variables, filled in with nothing known: `base-$TARGETARCH` begins with `base-`. */
export function platformPattern(word: string): RegExp | undefined {
  const parts = word.split(/\$\{?(?:TARGET|BUILD)(?:PLATFORM|OS|ARCH|VARIANT)\b\}?/);
  if (parts.length === 1 || parts.length > 4 || parts.some((text) => /[^\w.-]/.test(text))) return undefined;
  return new RegExp(`^${parts.map((text) => text.replaceAll(".", "\\.")).join("[\\w.-]*")}$`, "i");
}
