import type { ImageReference } from "../../images";
import { PatternError } from "./error";
import { compileGlob } from "./glob";

/** Longer than any reference that the grammar allows. */
const longest = 512;

/** A registry, and the components of a path within it. */
export interface NamePattern {
  readonly registry: string;
  readonly components: readonly string[];
}

/** Whether the first component of a name means a registry: Docker's rule, as for references. */
export function isRegistry(component: string): boolean {
  return /[.:]/.test(component) || component === "localhost" || component.toLowerCase() !== component;
}

/** @throws PatternError for what no registry host can be; a pattern never reaches over to another host. */
export function checkRegistry(registry: string): string {
  if (registry.includes("*")) {
    throw new PatternError(
      `has a "*" in its registry; a pattern names one registry, "*" stands in paths alone`,
    );
  }
  if (!/^[a-zA-Z0-9.[\]:-]+$/.test(registry)) throw new PatternError(`has no registry that could be one`);
  const host = registry.toLowerCase();
  return host === "index.docker.io" ? "docker.io" : host;
}

/** @throws PatternError for components that no repository has. */
export function checkComponents(components: readonly string[]): void {
  for (const [index, component] of components.entries()) {
    if (component === "") throw new PatternError("has an empty part in its path");
    if (component === "**") {
      if (index < components.length - 1) throw new PatternError(`has "**" before the end of its path`);
    } else if (component.includes("**")) {
      throw new PatternError(`has "**" in a part of its path; it stands alone, at the end`);
    } else if (/[A-Z]/.test(component)) {
      throw new PatternError("has upper case in its path, which no repository has");
    } else if (!/^[a-z0-9._*-]+$/.test(component)) {
      throw new PatternError(`has a part in its path that no repository has`);
    }
  }
}

export function checkLength(text: string): void {
  if (text.length > longest) throw new PatternError(`has ${text.length} characters; ${longest} are allowed`);
}

/**
 * Matches the normalised name of a reference: `*` within a component, `**` at the end for one component or more.
 *
 * @param deep whether everything beneath the path matches, too.
 */
export function compileName(
  { registry, components }: NamePattern,
  deep: boolean,
): (reference: ImageReference) => boolean {
  const open = components.at(-1) === "**";
  const fixed = (open ? components.slice(0, -1) : components).map(compileGlob);
  return (reference) => {
    if (reference.registry.toLowerCase() !== registry) return false;
    const parts = reference.repository.split("/");
    if (open ? parts.length <= fixed.length : parts.length < fixed.length) return false;
    if (!open && !deep && parts.length !== fixed.length) return false;
    return fixed.every((matches, index) => matches(parts[index] ?? ""));
  };
}
