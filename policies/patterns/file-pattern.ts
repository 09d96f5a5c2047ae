import { PatternError } from "./error";
import { compileGlob } from "./glob";

/** Files by name, or by path. */
export interface FilePattern {
  /** As it was written. */
  readonly text: string;
  /** @param path with forward slashes, relative to the folder of the settings. */
  readonly matches: (path: string) => boolean;
}

/**
 * Reads a pattern of files, in which `*` stands for anything: `compose.prod*.yaml` is a name in any folder, `deploy/live/*` a path
 * from the folder of the settings on, with all that lies beneath.
 *
 * @throws PatternError
 */
export function parseFilePattern(text: string): FilePattern {
  if (text === "") throw new PatternError("is empty");
  if (text.length > 1_000) throw new PatternError(`has ${text.length} characters; 1000 are allowed`);
  if (text.includes("\\")) throw new PatternError(`has a backslash; folders are parted by "/"`);
  const glob = compileGlob(text.replace(/^\.?\//, ""));
  return {
    text,
    matches: text.includes("/") ? glob : (path) => glob(path.slice(path.lastIndexOf("/") + 1)),
  };
}
