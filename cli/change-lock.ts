import { basename } from "node:path";
import { formatLock, LockError, newLock, parseLock, readLockText, updateLockFile, type Lock } from "../lock";

/**
 * Changes a lock, or with `dryRun` shows how it would be changed.
 *
 * @param change As for `updateLockFile`: may be handed a lock that another process has changed meanwhile.
 * @returns the unified diff of a dry run, empty when nothing would change; undefined when the file was changed.
 * @throws LockError as `updateLockFile`.
 */
export async function changeLock(
  path: string,
  dryRun: boolean,
  change: (lock: Lock) => Lock,
): Promise<string | undefined> {
  if (!dryRun) {
    await updateLockFile(path, change);
    return undefined;
  }
  const before = await textIfThere(path);
  const after = formatLock(change(before === undefined ? newLock(path) : parseLock(before, path)));
  if (after === before) return "";
  const { createTwoFilesPatch, FILE_HEADERS_ONLY } = await import("diff");
  const name = basename(path);
  const from = before === undefined ? "/dev/null" : `a/${name}`;
  return createTwoFilesPatch(from, `b/${name}`, before ?? "", after, undefined, undefined, {
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
  });
}

async function textIfThere(path: string): Promise<string | undefined> {
  try {
    return await readLockText(path);
  } catch (error) {
    if (error instanceof LockError && error.code === "not-found") return undefined;
    throw error;
  }
}
