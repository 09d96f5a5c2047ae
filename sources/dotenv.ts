import { interpolate } from "./interpolation";

/**
 * Reads the variables of a `.env` file as Compose does
 * (https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax): a later line may use an
 * earlier one, single quotes keep `$`, and ` #` begins a comment. What is no assignment is passed over.
 */
export function parseDotenv(
  text: string,
  outside: (name: string) => string | undefined,
): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  for (const line of text.slice(0, 1_000_000).split(/\r?\n/)) {
    const [, name, written] =
      /^\uFEFF?[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*[=:][ \t]*(.*)$/.exec(line) ?? [];
    if (name === undefined || written === undefined) continue;
    const single = /^'([^']*)'/.exec(written)?.[1];
    if (single !== undefined) {
      variables.set(name, single);
      continue;
    }
    const double = /^"((?:[^"\\]|\\.)*)"/.exec(written)?.[1];
    const comment = /(?:^|\s)#/.exec(written)?.index ?? written.length;
    const value = double ?? written.slice(0, comment).trimEnd();
    const known = (other: string): string | undefined => outside(other) ?? variables.get(other);
    const result = interpolate(value, (other) => ({ value: known(other) ?? "", from: "" }));
    if (result.kind === "text") variables.set(name, result.text);
  }
  return variables;
}
