/**
 * Whether a YAML or JSON text has these names at its top, told without parsing it: at the indentation of its first line, or, in a text
 * that begins with a brace, in the outermost braces, or in none.
 */
export function hasTopLevel(text: string, ...names: readonly string[]): boolean {
  const first = /^(?![ \t]*(?:#|---|%|\r?$))\uFEFF?([ \t]*)(\S)/m.exec(text.slice(0, 100_000));
  const [, indent = "", begin] = first ?? [];
  if (begin === "{") return names.every((name) => text.includes(name)) && isInBraces(text, names);
  return names.every((name) => {
    const key = `(?:${name}|"${name}"|'${name}')[ \\t]*:(?=\\s|$)`;
    return new RegExp(`^\\uFEFF?(?:---[ \\t]+)?${indent}${key}`, "m").test(text);
  });
}

/**
 * Comments of JSON with comments and of YAML, texts in quotes, brackets, and names without quotes. What is never closed goes to the end of
 * the text, so that no second try is needed.
 */
const token =
  /(?<=^|\s)(?:\/\/|#).*|\/\*(?:[^]*?\*\/|[^]*)|"(?<double>(?:[^"\\]|\\[^]?)*)(?:"(?<key>\s*:)?|(?![^]))|(?<=[\s,{[:])'(?<single>[^']*)(?:'(?<singleKey>\s*:)?|(?![^]))|[{}[\]]|(?<=[\s,{])(?<plain>\w+)[ \t]*:(?=\s)/gm;

function isInBraces(text: string, names: readonly string[]): boolean {
  const missing = new Set(names);
  let depth = 0;
  for (const { 0: found, groups = {} } of text.matchAll(token)) {
    if (found === "{" || found === "[") depth++;
    else if (found === "}" || found === "]") depth--;
    else if (depth <= 1) {
      // What stands in no braces is YAML behind a line of a template.
      const { double, key, single, singleKey, plain } = groups;
      const name = key !== undefined ? double : singleKey !== undefined ? single : plain;
      if (name !== undefined) missing.delete(name);
      if (missing.size === 0) return true;
    }
  }
  return false;
}

export function hasExtension(path: string, ...extensions: readonly string[]): boolean {
  const lower = path.toLowerCase();
  return extensions.some((extension) => lower.endsWith(`.${extension}`));
}
