import { part, pick, trimmed, type Traced } from "./traced";

/** An instruction taken apart: `COPY --from=x a b`. */
export interface Instruction {
  /** In upper case. */
  readonly keyword: string;
  /** The flags in front of the arguments, without their dashes, quotes and escapes: `from=x`. */
  readonly flags: readonly Traced[];
  readonly rest: Traced;
}

/** Takes an instruction apart as BuildKit does (split_command.go): quotes and escapes in flags are gone, those behind them stay. */
export function instructionOf(line: Traced, escape: string): Instruction {
  const all = trimmed(line);
  const [keyword, behind] = firstWord(all);
  const flags: Traced[] = [];
  let rest = trimmed(behind);
  while (rest.text.startsWith("--")) {
    const { places, end } = unquoted(rest.text, escape, true);
    const flag = pick(rest, places);
    rest = trimmed(part(rest, end));
    if (flag.text === "--") break;
    flags.push(part(flag, 2));
  }
  return { keyword: keyword.text.toUpperCase(), flags, rest };
}

/** The first word, and what stands behind it. */
export function firstWord(traced: Traced): readonly [Traced, Traced] {
  const end = traced.text.search(/\s/);
  return end === -1
    ? [traced, part(traced, traced.text.length)]
    : [part(traced, 0, end), trimmed(part(traced, end))];
}

/** The words of `ARG a=1 b="2 3"`, quotes and escapes left in. */
export function assignments(traced: Traced, escape: string): readonly Traced[] {
  const words: Traced[] = [];
  for (let rest = trimmed(traced); rest.text !== "";) {
    const { end } = unquoted(rest.text, escape, false);
    words.push(part(rest, 0, end));
    rest = trimmed(part(rest, end));
  }
  return words;
}

/**
 * Where the first word of a text ends, and which of its characters are left when quotes and escapes are taken away.
 *
 * @param inSingle Whether an escape counts between single quotes, too: in flags it does.
 */
function unquoted(
  text: string,
  escape: string,
  inSingle: boolean,
): { places: readonly number[]; end: number } {
  const places: number[] = [];
  let quote = "";
  let i = 0;
  for (; i < text.length; i++) {
    const character = text[i] ?? "";
    if (quote === "" && /\s/.test(character)) break;
    if (character === quote) quote = "";
    else if (quote === "" && (character === '"' || character === "'")) quote = character;
    else if (character === escape && (inSingle || quote !== "'")) {
      if (i + 1 < text.length) places.push(++i);
    } else places.push(i);
  }
  return { places, end: i };
}

/** The fields of a `--mount`, comma-separated as in CSV: a field may stand in double quotes. */
export function csvFields(traced: Traced): readonly Traced[] {
  const fields: Traced[] = [];
  let [from, quoted] = [0, false];
  for (let i = 0; i <= traced.text.length; i++) {
    const character = traced.text[i];
    if (character === '"') quoted = !quoted;
    if (character !== undefined && (character !== "," || quoted)) continue;
    const field = part(traced, from, i);
    from = i + 1;
    const inner = /^"([^"]*)"$/.test(field.text);
    fields.push(inner ? part(field, 1, field.text.length - 1) : field);
  }
  return fields;
}
