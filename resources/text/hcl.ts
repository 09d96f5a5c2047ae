import { splice, UnnamedText, type TextReader } from "./reader";

const maxLength = 1_000_000;

/** A literal `image` of a `config` block, or one that is computed. */
interface Image {
  readonly key: string;
  /** Undefined when an expression names it. */
  readonly text: string | undefined;
  readonly start: number;
  readonly end: number;
}

/**
 * The images of a Nomad job in HCL: `image = "…"` in the `config` block of a task
 * (https://developer.hashicorp.com/nomad/docs/job-declare/task-driver/docker). What is read are the values by their line. Text that starts
 * with a brace is JSON, and so none of this reader's.
 */
export const hcl: TextReader = {
  isOther: (text) => /^\s*\{/.test(text),

  decode(text) {
    if (text.length > maxLength)
      return { problem: `is longer than the ${maxLength} characters that are read` };
    const images = scan(text);
    if (images === undefined) return { problem: "is not readable as HCL" };
    const value = images.map(({ key, text: image }) => [
      key,
      image ?? new UnnamedText("is named by an expression, which is computed elsewhere"),
    ]);
    return { value: Object.fromEntries(value) };
  },

  encode(text, edits) {
    const values = new Map(edits.map(({ keys, value }) => [keys[0], String(value)]));
    const spans = (scan(text) ?? []).flatMap(({ key, start, end }) => {
      const value = values.get(key);
      return value === undefined ? [] : [{ start, end, text: JSON.stringify(value) }];
    });
    return splice(text, spans);
  },
};

// Each matches in one way, and what is opened and never closed ends the reading: no text makes it start over.
const space = /\s+/y;
const name = /[\p{L}_][\p{L}\d_-]*/uy;
const lineComment = /(?:#|\/\/)[^\n]*/y;
const string = /"(?:\\.|[^"\\\n])*"/y;
const heredoc = /<<-?(\w{1,100})[^\n]*/y;

/** The end of a heredoc, a line that holds its marker alone. */
function heredocEnd(text: string, marker: string, from: number): number | undefined {
  const end = new RegExp(`^[ \\t]*${marker}[ \\t]*\\r?$`, "gm");
  end.lastIndex = from;
  return end.exec(text) === null ? undefined : end.lastIndex;
}

/** The tokens that matter, comments and white space left out. Undefined when something is opened and never closed. */
function tokens(text: string): readonly { readonly word: string; readonly index: number }[] | undefined {
  const found: { word: string; index: number }[] = [];
  let index = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = index;
    return pattern.exec(text);
  };
  while (index < text.length) {
    const skipped = match(space) ?? match(lineComment);
    const opened = skipped === null ? match(heredoc) : null;
    if (skipped !== null) index += skipped[0].length;
    else if (text.startsWith("/*", index)) {
      const end = text.indexOf("*/", index + 2);
      if (end === -1) return undefined;
      index = end + 2;
    } else if (opened !== null) {
      const end = heredocEnd(text, opened[1] ?? "", index + opened[0].length);
      if (end === undefined) return undefined;
      found.push({ word: opened[0], index });
      index = end;
    } else {
      const isString = text[index] === '"';
      const word = (isString ? match(string) : match(name))?.[0];
      if (isString && word === undefined) return undefined;
      found.push({ word: word ?? text.charAt(index), index });
      index += word?.length ?? 1;
    }
  }
  return found;
}

/** Undefined when the text is no HCL as far as this goes: something is not closed. */
function scan(text: string): readonly Image[] | undefined {
  const images: Image[] = [];
  const blocks: string[] = [];
  let [label, line, counted] = ["", 1, 0];
  let state: "" | "name" | "value" = "";
  for (const { word, index } of tokens(text) ?? [{ word: "}", index: 0 }]) {
    if (state === "value") {
      for (; counted < index; counted++) if (text[counted] === "\n") line++;
      const literal = /^"[^"$%\\]*"$/.test(word) ? word.slice(1, -1) : undefined;
      images.push({ key: `line ${line}`, text: literal, start: index, end: index + word.length });
    }
    state = state === "name" && word === "=" ? "value" : "";
    if (word === "{") blocks.push(label);
    else if (word === "}") {
      if (blocks.pop() === undefined) return undefined;
    } else if (/^[\p{L}_]/u.test(word)) {
      label = word;
      if (word === "image" && blocks.at(-1) === "config") state = "name";
    }
  }
  return blocks.length === 0 ? images : undefined;
}
