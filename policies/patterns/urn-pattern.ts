import { PatternError } from "./error";
import { compileGlob } from "./glob";

/** Resources by URN. */
export interface UrnPattern {
  /** As it was written. */
  readonly text: string;
  readonly matches: (urn: string) => boolean;
}

/**
 * Reads a URN in which `*` stands for anything: `urn:pulumi:prod::shop::*::traefik`, `*::traefik`.
 *
 * @throws PatternError for what no URN could match, such as a resource's bare name.
 */
export function parseUrnPattern(text: string): UrnPattern {
  if (!text.startsWith("urn:pulumi:") && !text.startsWith("*")) {
    throw new PatternError(
      `is no URN; write urn:pulumi:stack::project::type::name, "*" for any part: "*::${text}"`,
    );
  }
  if (text.length > 2_000) throw new PatternError(`has ${text.length} characters; 2000 are allowed`);
  return { text, matches: compileGlob(text) };
}
