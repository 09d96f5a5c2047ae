import { existsSync } from "node:fs";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { findLockFile, LockError, lockFileName } from "../lock";
import type { Surroundings } from "./surroundings";

/**
 * The lock to work on: the one that is named, else the one in `PINNED_IMAGES_LOCK`, else `images.lock.json`, looked for in the
 * working folder and above.
 *
 * @throws LockError with the code `not-found` that says where it was looked for.
 */
export function existingLock(named: string | undefined, surroundings: Surroundings): string {
  const { path, lookedIn } = locate(named, surroundings);
  if (lookedIn === undefined) return path;
  const problem = `there is no lock: looked for ${lookedIn.join(", ")}`;
  const fix = "begin one: pinned-images pin <image>; or name it: --lock <file>";
  throw new LockError({ code: "not-found", problem, fix });
}

/** As {@link existingLock}; where there is none, the one to begin. */
export function lockToBegin(named: string | undefined, surroundings: Surroundings): string {
  return locate(named, surroundings).path;
}

/** The lock that verbs work on when none is named; undefined where there is none. */
export function lockInUse(surroundings: Surroundings): string | undefined {
  const { path, lookedIn } = locate(undefined, surroundings);
  return lookedIn === undefined ? path : undefined;
}

interface Located {
  readonly path: string;
  /** Every place that was looked at, when it is not there. */
  readonly lookedIn?: readonly string[];
}

function locate(named: string | undefined, { folder, environment }: Surroundings): Located {
  if (named !== undefined) {
    const path = resolve(folder, named);
    return existsSync(path) ? { path } : { path, lookedIn: [path] };
  }
  const variable = environment["PINNED_IMAGES_LOCK"];
  const name = variable === undefined || variable === "" ? lockFileName : variable;
  const found = findLockFile(name, folder);
  return "path" in found ? found : { path: resolve(folder, name), lookedIn: found.lookedIn };
}

/** A path as people in the working folder would write it. */
export function shortPath(path: string, folder: string): string {
  const short = relative(folder, path);
  return short === "" || short.startsWith(`..${sep}..`) || isAbsolute(short) ? path : short;
}
