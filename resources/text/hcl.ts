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

// One way to match at every character: comment, heredoc, string, name, or a single character.
const token =
  /(?:#|\/\/)[^\n]*|\/\*[^]*?\*\/|<<-?(\w+)[^]*?\n\s*\1(?=\s|$)|"(?:\\.|[^"\\\n])*"|[\p{L}_][\p{L}\d_-]*|[^\s]/gu;

/** Undefined when the braces do not match. */
function scan(text: string): readonly Image[] | undefined {
  const images: Image[] = [];
  const blocks: string[] = [];
  let [label, line, counted] = ["", 1, 0];
  let state: "" | "name" | "value" = "";
  for (const { 0: word, index } of text.matchAll(token)) {
    if (/^(?:#|\/\/|\/\*)/.test(word)) continue;
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
