import { open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Replaces a file as a whole: whoever reads it sees the old bytes or the new ones, whenever this process dies. The file keeps its
 * permissions. One process at a time.
 *
 * @param target Where the file lies; a symbolic link would be replaced by a file.
 * @throws what the file system says; the file is then as it was.
 */
export async function writeAtomically(target: string, text: string): Promise<void> {
  const mode = await stat(target).then(
    (found) => found.mode & 0o7777,
    () => undefined,
  );
  // One name, so that what a process leaves behind when it dies does not pile up. Removed and made anew: a repository could
  // have put a link there that leads elsewhere.
  const temporary = `${target}.tmp`;
  await rm(temporary, { force: true });
  try {
    const file = await open(temporary, "wx", mode);
    try {
      await file.writeFile(text);
      if (mode !== undefined) await file.chmod(mode); // past the umask
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(target));
}

/** The rename itself is on the disk only when the folder is; some systems cannot open one. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // The file is whole either way.
  }
}
