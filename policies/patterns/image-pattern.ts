import type { ImageReference } from "../../images";
import { PatternError } from "./error";
import { compileGlob } from "./glob";
import { checkComponents, checkLength, checkRegistry, compileName, isRegistry } from "./name-pattern";

/** Images by their normalised name, and by their tag where the pattern has one. */
export interface ImagePattern {
  /** As it was written. */
  readonly text: string;
  readonly matches: (reference: ImageReference) => boolean;
}

/**
 * Reads `[registry/]path[:tag]`, normalised like a reference: `nginx` is `docker.io/library/nginx`, of any tag and digest.
 * `*` stands for anything within one part of the path or within the tag, `**` at the end for all that lies beneath.
 * The registry is always one registry. What has neither tag nor digest counts as `latest`, since that is what is pulled.
 *
 * @throws PatternError
 */
export function parseImagePattern(text: string): ImagePattern {
  checkLength(text);
  if (text === "") throw new PatternError("is empty");
  if (text.includes("@"))
    throw new PatternError("has a digest; a pattern is for a name, and a tag if need be");
  const colon = colonOfTag(text);
  const name = colon === -1 ? text : text.slice(0, colon);
  const tag = colon === -1 ? undefined : text.slice(colon + 1);
  if (tag !== undefined && !/^[\w.*-]{1,128}$/.test(tag))
    throw new PatternError("has a tag that no image has");

  const parts = name.split("/");
  const [first = ""] = parts;
  const named = parts.length > 1 && isRegistry(first);
  const registry = named ? checkRegistry(first) : "docker.io";
  const path = named ? parts.slice(1) : parts;
  checkComponents(path);
  const official = registry === "docker.io" && path.length === 1 && path[0] !== "**";
  const matchesName = compileName({ registry, components: official ? ["library", ...path] : path }, false);
  const matchesTag = tag === undefined ? undefined : compileGlob(tag);
  return {
    text,
    matches: (reference) =>
      matchesName(reference) && (matchesTag === undefined || matchesTag(pulledTag(reference) ?? "")),
  };
}

/**
 * Reads a pattern as {@link parseImagePattern} does, without a tag: for what is trusted. The tag beside a digest is whatever the
 * developer writes.
 *
 * @throws PatternError
 */
export function parseRepositoryPattern(text: string): ImagePattern {
  const pattern = parseImagePattern(text);
  if (colonOfTag(text) === -1) return pattern;
  throw new PatternError("has a tag; beside a digest anybody may write any tag, so it decides nothing here");
}

/** Where the tag begins; -1 without one. */
function colonOfTag(text: string): number {
  return text.indexOf(":", text.lastIndexOf("/") + 1);
}

function pulledTag({ tag, digest }: ImageReference): string | undefined {
  return tag ?? (digest === undefined ? "latest" : undefined);
}
