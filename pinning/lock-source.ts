import { statSync } from "node:fs";
import { findLockFile, LockError, lockFileName, readLockText, viewLock, type LockView } from "../lock";

/** A lock that is there. */
export interface LockSource {
  /** The file. */
  readonly path: string;
  /** Its entries, as they are now. */
  view(): Promise<LockView>;
}

/** A lock that somebody named. */
export interface NamedLock {
  readonly file: string;
  /** Who, for errors: `pinned-images:lock in the stack's configuration`. */
  readonly by: string;
}

/** What came of looking for a lock that nobody has named. */
export type LocatedLock = LockSource | { readonly path?: undefined; readonly lookedIn: readonly string[] };

const opened = new Map<string, LockSource>();

/** A lock by its path: one for each file and process, so that it is read once, and again only when somebody has written it. */
export function openLock(path: string): LockSource {
  let source = opened.get(path);
  if (source === undefined) {
    let read: { readonly as: string; readonly view: Promise<LockView> } | undefined;
    // The images of one resource are looked up in one go, and a look at the file takes longer than looking an image up.
    let isFresh = false;
    source = {
      path,
      view: async () => {
        if (isFresh && read !== undefined) return read.view;
        isFresh = true;
        setImmediate(() => (isFresh = false)).unref();
        const as = versionOf(path);
        if (read?.as !== as) read = { as, view: readLockText(path).then((text) => viewLock(text, path)) };
        return read.view;
      },
    };
    opened.set(path, source);
  }
  return source;
}

/** What tells one version of a file from the next. */
function versionOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return `${found?.ino} ${found?.size} ${found?.mtimeMs}`;
}

/**
 * Finds the lock: the one that the first of `named` names, else `images.lock.json`. A relative name is looked for in the
 * folder and in those around it.
 *
 * @param named Those who may name one, the strongest first; whoever names none is left out.
 * @throws LockError with the code `not-found` when one was named and is not there: what it would have said, nobody knows.
 */
export function locateLock(named: readonly (NamedLock | undefined)[], folder: string): LocatedLock {
  const wish = named.find((candidate) => candidate !== undefined && candidate.file !== "");
  const found = findLockFile(wish?.file ?? lockFileName, folder);
  if ("path" in found) return openLock(found.path);
  if (wish === undefined) return found;
  throw new LockError({
    code: "not-found",
    problem: `${wish.by} names the lock ${JSON.stringify(wish.file)}, which is not there; looked in ${found.lookedIn.join(", ")}`,
    fix: "commit the lock, or correct the name",
  });
}
