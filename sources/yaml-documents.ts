import type * as Yaml from "yaml";
import { opensMoreThan } from "../resources";
import type { Span } from "./text-file";
import { plainNodeAt, plainYaml, type PlainNode } from "./plain-yaml";
import { converted, type Conversion, type Key, type Place, type Slot, type Unwrap } from "./yaml-conversion";

export type { Key, Place, Slot };

/** Longer files are not read, and neither are longer documents in them: parsing takes seconds for each million characters. */
const limits = { file: 10_000_000, document: 1_000_000, open: 1_000 };

// Loaded by the first text that is YAML: a command that meets none need not wait for it.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const load = (): typeof Yaml => require("yaml") as typeof Yaml;

/** One document of a YAML file that was read. */
export interface YamlDocument extends Conversion {
  /** Where the document begins in the file: the offsets of its nodes count from there. */
  readonly base: number;
  /** The document's own text. */
  readonly text: string;
}

/** A document that cannot be read: half a sentence says why, without a word of the text, which may hold secrets. */
export interface BrokenDocument extends Span {
  readonly problem: string;
}

export interface ReadingOptions {
  /** Names the field whose value a map stands for, `fn::toJSON` for one; undefined for all others. */
  readonly unwrap?: Unwrap;
  /** Whether a document can be passed over, told from its text. */
  readonly skips?: (text: string) => boolean;
}

/** Reads the documents of a YAML file, one after the other. Never throws, and takes bounded time and memory. */
export function* yamlDocuments(
  text: string,
  options: ReadingOptions = {},
): Generator<YamlDocument | BrokenDocument> {
  if (text.length > limits.file) {
    yield { start: 0, end: 0, problem: `is longer than the ${limits.file} characters that are read` };
    return;
  }
  for (const { start, end } of parts(text)) {
    const part = text.slice(start, end);
    // A name may be written with escapes.
    if (options.skips?.(part) === true && !part.includes("\\")) continue;
    // Without a key there is no image.
    if (!part.includes(":") && !part.includes("[") && !part.includes("{")) continue;
    if (part.length > limits.document) {
      const problem = `is longer than the ${limits.document} characters that are read of one document`;
      yield { start, end: start, problem };
      continue;
    }
    if (opensMoreThan(part, limits.open)) {
      yield { start, end: start, problem: `has more than ${limits.open} brackets open at once` };
      continue;
    }
    const plain = options.unwrap === undefined ? plainYaml(part) : undefined;
    if (plain === undefined) yield* composed(part, start, options);
    else yield plainDocument(plain, part, start);
  }
}

/** Plain YAML says where its scalars stand; for everything else that is asked of a place the text is parsed. */
function plainDocument(root: PlainNode, text: string, base: number): YamlDocument {
  let parsed: YamlDocument | undefined;
  const whole = (): YamlDocument | undefined => {
    if (parsed === undefined) {
      const [document] = composed(text, base, {});
      if (document !== undefined && "value" in document) parsed = document;
    }
    return parsed;
  };
  return {
    value: root.value,
    base,
    text,
    slot(keys) {
      const node = plainNodeAt(root, keys);
      if (node === undefined) return undefined;
      return "range" in node ? { node, merges: 0 } : whole()?.slot(keys);
    },
    slots: (keys) => whole()?.slots(keys),
  };
}

/** A line of dashes always begins a document: the grammar forbids it within any scalar (c-forbidden). */
function* parts(text: string): Generator<Span> {
  // The byte-order mark is no part of the first document: it would shift the columns of its keys.
  let start = text.startsWith("\uFEFF") ? 1 : 0;
  for (const { index } of text.matchAll(/^---(?=\s)/gm)) {
    if (index <= start) continue;
    if (isOnlyDirectives(text.slice(start, index))) continue;
    yield { start, end: index };
    start = index;
  }
  yield { start, end: text.length };
}

/** Directives belong to the document that they stand before. */
function isOnlyDirectives(text: string): boolean {
  return text.length < 10_000 && !/(?:^|\n)[^\S\n]*[^\s#%]/.test(text);
}

function* composed(
  text: string,
  base: number,
  options: ReadingOptions,
): Generator<YamlDocument | BrokenDocument> {
  const { Composer, Parser } = load();
  const at = (offset: number, problem: string): BrokenDocument => ({
    start: base + offset,
    end: base + offset,
    problem,
  });
  try {
    const composer = new Composer({
      prettyErrors: false,
      uniqueKeys: false,
      logLevel: "silent",
      resolveKnownTags: false,
    });
    for (const document of composer.compose(new Parser().parse(text))) {
      const [error] = document.errors;
      if (error !== undefined) yield at(Math.min(error.pos[0], text.length), unreadable(text));
      else if (document.contents !== null) {
        const result = converted(document.contents, text, load(), options.unwrap);
        if ("problem" in result) yield at(result.offset, result.problem);
        else yield { ...result, base, text };
      }
    }
  } catch {
    // Nesting that no stack can hold.
    yield at(0, unreadable(text));
  }
}

/** What a template fills in begins a line or a value; expressions within texts are read by others, after the YAML. */
const action = /^[ \t]*(?:-[ \t]+)?(?:[\w./-]+:[ \t]+)?(?:\{\{|<%)/m;

function unreadable(text: string): string {
  return action.test(text)
    ? "is a template, which is not YAML before it is rendered"
    : "is not readable as YAML";
}
