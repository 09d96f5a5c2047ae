import { parseDotenv } from "./dotenv";
import type { Variable } from "./interpolation";
import type { SourceContext } from "./source";

/** The variables of a Compose file: the environment's, or else those of `.env` beside it. */
export function variablesOf(context: SourceContext): (name: string) => Variable | undefined {
  const outside = (name: string): string | undefined =>
    context.variables !== undefined && Object.hasOwn(context.variables, name)
      ? context.variables[name]
      : undefined;
  let file: ReadonlyMap<string, string> | undefined;
  return (name) => {
    const given = outside(name);
    if (given !== undefined) return { value: given, from: "the environment" };
    file ??= parseDotenv(context.beside(".env") ?? "", outside);
    const value = file.get(name);
    return value === undefined ? undefined : { value, from: ".env" };
  };
}
