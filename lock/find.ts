import { existsSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";

/** The lock of a project that has one for all its environments. */
export const lockFileName = "images.lock.json";

/**
 * Looks for a lock in a folder and in those around it, up to the root of the git repository, or of the file system where there
 * is none. An absolute name is looked for where it says.
 *
 * @returns the path, or every place that was looked at.
 */
export function findLockFile(
  name: string,
  folder: string,
): { readonly path: string } | { readonly lookedIn: readonly string[] } {
  const lookedIn: string[] = [];
  for (const candidate of isAbsolute(name) ? [name] : upwards(resolve(folder), name)) {
    if (existsSync(candidate)) return { path: candidate };
    lookedIn.push(candidate);
  }
  return { lookedIn };
}

function* upwards(folder: string, name: string): Generator<string> {
  for (let here = folder; ; here = dirname(here)) {
    yield join(here, name);
    // Beyond the repository lie other people's files.
    if (existsSync(join(here, ".git")) || dirname(here) === here) return;
  }
}
