import { heredocs } from "./heredocs";
import { joined, traced, type Traced } from "./traced";

/** An instruction with the lines that belong to it put together, or a directive at the head of the file. */
export type DockerfileLine =
  | { readonly kind: "instruction"; readonly line: Traced }
  | { readonly kind: "directive"; readonly name: string; readonly value: Traced }
  /** The rest cannot be told apart: BuildKit refuses the file here. */
  | { readonly kind: "broken"; readonly start: number; readonly end: number; readonly problem: string };

/**
 * The instructions and the parser directives of a Dockerfile, as BuildKit's own parser cuts them
 * (https://github.com/moby/buildkit/blob/master/frontend/dockerfile/parser/parser.go): comments, continued lines, the bodies of
 * heredocs and a byte-order mark taken out. Linear in the text.
 */
export function* dockerfileLines(text: string): Generator<DockerfileLine> {
  const scanner = new Scanner(text);
  let escape = "\\";
  let directives = true;
  const mayBeOfOtherKind = !/^\uFEFF?[ \t]*#/.test(text);
  for (let raw = scanner.next(); raw !== undefined; raw = scanner.next()) {
    const start = raw.start + (raw.text.length - raw.text.trimStart().length);
    const found = directives ? directive(text, start, raw.end, mayBeOfOtherKind) : undefined;
    if (found !== undefined) {
      if (found.name === "escape" && found.value.text === "`") escape = "`";
      yield found;
      continue;
    }
    // A shebang may stand above the directives.
    directives &&= raw.start === scanner.first && text.startsWith("#!", raw.start);
    if (text.startsWith("#", start)) continue;
    const line = continued(scanner, start, raw.end, escape);
    if (line.text.trim() === "") continue;
    yield { kind: "instruction", line };
    const broken = skipHeredocs(scanner, line);
    if (broken === undefined) continue;
    yield broken;
    return;
  }
}

const directivePattern = /^(#|\/\/)(\s*)([a-zA-Z][a-zA-Z0-9]*)(\s*=\s*)(\S[^]*)$/;
const known: ReadonlySet<string> = new Set(["syntax", "escape", "check"]);
/** Nobody writes a longer one, and the pattern's time grows with the length. */
const maxDirective = 1000;

/** A frontend for another language than this one is named behind `//`: that image runs all the same. */
function directive(
  text: string,
  start: number,
  end: number,
  otherKind: boolean,
): (DockerfileLine & { kind: "directive" }) | undefined {
  if (end - start > maxDirective) return undefined;
  const match = directivePattern.exec(text.slice(start, end).trimEnd());
  if (match === null || (match[1] === "//" && !otherKind)) return undefined;
  const [, sign = "", space = "", name = "", equals = "", value = ""] = match;
  if (!known.has(name.toLowerCase())) return undefined;
  const from = start + sign.length + space.length + name.length + equals.length;
  return { kind: "directive", name: name.toLowerCase(), value: traced(text, from, from + value.length) };
}

/** The instruction that begins at `start`, with the lines that continue it; comments and empty lines among those are left out. */
function continued(scanner: Scanner, start: number, end: number, escape: string): Traced {
  const { text } = scanner;
  const parts: Traced[] = [];
  let cut = continuation(text, start, end, escape);
  parts.push(traced(text, start, cut ?? end));
  while (cut !== undefined) {
    const raw = scanner.next();
    if (raw === undefined) break;
    const content = raw.text.trim();
    if (content === "" || content.startsWith("#")) continue;
    cut = continuation(text, raw.start, raw.end, escape);
    parts.push(traced(text, raw.start, cut ?? raw.end));
  }
  return joined(parts);
}

/** Where the escape character that continues a line stands; undefined for a line that ends. An escaped one continues nothing. */
function continuation(text: string, start: number, end: number, escape: string): number | undefined {
  let last = end - 1;
  while (last >= start && (text[last] === " " || text[last] === "\t")) last--;
  if (last < start || text[last] !== escape) return undefined;
  return last > start && text[last - 1] === escape ? undefined : last;
}

/** Takes the bodies of an instruction's heredocs off the scanner. */
function skipHeredocs(scanner: Scanner, line: Traced): DockerfileLine | undefined {
  for (const { name, chomp } of heredocs(line.text)) {
    let raw = scanner.next();
    while (raw !== undefined && (chomp ? raw.text.replace(/^\t+/, "") : raw.text) !== name)
      raw = scanner.next();
    if (raw !== undefined) continue;
    const [start, end] = [line.at[0] ?? 0, (line.at.at(-1) ?? 0) + 1];
    const problem = "begins a heredoc that does not end, so that nothing below it can be read";
    return { kind: "broken", start, end, problem };
  }
  return undefined;
}

/** Lines end in a line feed, and carriage returns in front of it belong to it; a lone one is white space. */
class Scanner {
  readonly first: number;
  #next: number;

  constructor(readonly text: string) {
    this.first = this.#next = text.startsWith("\uFEFF") ? 1 : 0;
  }

  next(): { start: number; end: number; text: string } | undefined {
    const { text } = this;
    const start = this.#next;
    if (start >= text.length) return undefined;
    const feed = text.indexOf("\n", start);
    let end = feed === -1 ? text.length : feed;
    this.#next = feed === -1 ? text.length : feed + 1;
    while (end > start && text[end - 1] === "\r") end--;
    return { start, end, text: text.slice(start, end) };
  }
}
