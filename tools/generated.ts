import { createTwoFilesPatch } from "diff";

/**
 * A Markdown file's text with its generated parts made anew. Each stands between `<!-- generated: NAME -->` and `<!-- end -->`.
 *
 * @param file Its name, for errors.
 * @throws Error for a part that nothing generates, and for one that has no place.
 */
export function withGenerated(file: string, text: string, parts: ReadonlyMap<string, string>): string {
  const unused = new Set(parts.keys());
  const filled = text.replace(
    /(<!-- generated: ([\w-]+) -->\n)[^]*?(<!-- end -->)/g,
    (_, start: string, name: string, end: string) => {
      const part = parts.get(name);
      if (part === undefined) throw new Error(`${file} asks for "${name}", which nothing generates`);
      unused.delete(name);
      return `${start}${part}\n${end}`;
    },
  );
  if (unused.size > 0) throw new Error(`${file} has no place for ${[...unused].join(", ")}`);
  return filled;
}

export function fenced(text: string, language = "text"): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

/** What the engine says of the policies and the outputs. The progress above depends on the machine's pace. */
export function policiesAndOutputs(stdout: string): string {
  const from = stdout.indexOf("Policies:");
  const to = stdout.search(/\n(?:Diagnostics|Resources):/);
  return stdout
    .slice(from, to === -1 ? undefined : to)
    .replaceAll(/ \(local: [^)]*\)/g, "")
    .replaceAll(/[ \t]+$/gm, "")
    .replaceAll(/\n{2,}/g, "\n")
    .trim();
}

/** What differs between two files, in the unified format. */
export function difference(before: File, after: File): string {
  const patch = createTwoFilesPatch(before.name, after.name, before.text, after.text, "", "", { context: 2 });
  return fenced(
    patch
      .slice(patch.indexOf("--- "))
      .replaceAll(/[ \t]+$/gm, "")
      .trimEnd(),
    "diff",
  );
}

interface File {
  readonly name: string;
  readonly text: string;
}
