/**
 * Whether a YAML or JSON text has these names at its top, told without parsing it: at the indentation of its first line, or anywhere
 * in a text that begins with a brace.
 */
export function hasTopLevel(text: string, ...names: readonly string[]): boolean {
  const first = /^(?![ \t]*(?:#|---|%|\r?$))\uFEFF?([ \t]*)(\S)/m.exec(text.slice(0, 100_000));
  const [, indent = "", begin] = first ?? [];
  return names.every((name) => {
    const key = `(?:${name}|"${name}"|'${name}')[ \\t]*:(?=\\s|$)`;
    if (begin === "{") return new RegExp(`["']?${name}["']?\\s*:`).test(text);
    return new RegExp(`^\\uFEFF?(?:---[ \\t]+)?${indent}${key}`, "m").test(text);
  });
}

export function hasExtension(path: string, ...extensions: readonly string[]): boolean {
  const lower = path.toLowerCase();
  return extensions.some((extension) => lower.endsWith(`.${extension}`));
}
