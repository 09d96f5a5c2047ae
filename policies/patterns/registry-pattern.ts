import type { ImageReference } from "../../images";
import { PatternError } from "./error";
import { checkComponents, checkLength, checkRegistry, compileName, isRegistry } from "./name-pattern";

/** A registry, or a path within one, with all that lies beneath. */
export interface RegistryPattern {
  /** As it was written. */
  readonly text: string;
  readonly matches: (reference: ImageReference) => boolean;
}

/**
 * Reads `registry[/path]`: `ghcr.io`, `ghcr.io/acme`, `docker.io/library`. The registry is written out, also Docker Hub's:
 * an entry `acme` could mean either. `*` stands for anything within one part of the path.
 *
 * @throws PatternError
 */
export function parseRegistryPattern(text: string): RegistryPattern {
  checkLength(text);
  const [first = "", ...path] = text.split("/");
  if (!isRegistry(first))
    throw new PatternError(`names no registry; write "docker.io/${text}" for Docker Hub`);
  const registry = checkRegistry(first);
  checkComponents(path);
  return { text, matches: compileName({ registry, components: path }, true) };
}
