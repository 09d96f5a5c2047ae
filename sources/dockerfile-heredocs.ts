/** A text within a Dockerfile that runs from the line below its instruction to the line that is its name. */
export interface Heredoc {
  readonly name: string;
  /** Whether tabs in front of the name do not count. */
  readonly chomp: boolean;
}

const takesHeredocs = /^(?:ONBUILD\s+)?(?:ADD|COPY|RUN)\s/i;

/**
 * The heredocs that an instruction begins. Where BuildKit sees none, neither must this, or an instruction could hide in a body that
 * is none: so it takes words apart as BuildKit does, and gives up on the same lines.
 */
export function heredocs(text: string): readonly Heredoc[] {
  if (!text.includes("<<") || !takesHeredocs.test(text) || isJsonForm(text)) return [];
  return (shellWords(text) ?? []).flatMap((word) => {
    const match = /^\d*<<(-?)\s*([^<]+)$/.exec(word);
    const name = (match?.[2] ?? "").replace(/"([^"]*)"|'([^']*)'/g, "$1$2");
    return name === "" ? [] : [{ name, chomp: match?.[1] === "-" }];
  });
}

function isJsonForm(text: string): boolean {
  const bracket = text.search(/\s\[/);
  if (bracket === -1) return false;
  try {
    return Array.isArray(JSON.parse(text.slice(bracket)));
  } catch {
    return false;
  }
}

/** BuildKit's word splitting reads these variables, and no others. */
const variable = /\$\{(?:\w+|[@*#?\-$!])(?:(?=\})|:?[-+?]|[#%/])/y;
const heredocStart = /<<-?\s*/y;

/**
 * Words as BuildKit's shell lexer tells them apart, quotes and escapes left in; undefined where it fails: a quote or a variable does
 * not end, or a variable is none that it knows.
 */
function shellWords(text: string): readonly string[] | undefined {
  const words: string[] = [];
  let [start, quote, braces] = [-1, "", 0];
  for (let i = 0; i < text.length; i++) {
    const character = text[i] ?? "";
    if (quote === "" && braces === 0 && /\s/.test(character)) {
      if (start !== -1) words.push(text.slice(start, i));
      start = -1;
      continue;
    }
    if (start === -1) start = i;
    if (quote === "'") {
      if (character === "'") quote = "";
    } else if (character === "\\") {
      i++;
    } else if (character === "$" && text[i + 1] === "{") {
      variable.lastIndex = i;
      if (!variable.test(text)) return undefined;
      i = variable.lastIndex - 1;
      braces++;
    } else if (character === "}" && braces > 0) {
      braces--;
    } else if (character === '"') {
      quote = quote === "" ? '"' : "";
    } else if (character === "'" && quote === "") {
      quote = "'";
    } else if (character === "<" && quote === "" && braces === 0) {
      // The name may stand apart from its sign.
      heredocStart.lastIndex = i;
      if (heredocStart.test(text)) i = heredocStart.lastIndex - 1;
    }
  }
  if (quote !== "" || braces > 0) return undefined;
  if (start !== -1) words.push(text.slice(start));
  return words;
}
