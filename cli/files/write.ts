import { copyFile, link, lstat, open, realpath, rename, rm, stat } from "node:fs/promises";
import type { Stats } from "node:fs";
import { basename, dirname, join } from "node:path";
import { codeOf } from "../../lock/error";
import { FileError } from "./error";
import { readText } from "./read";

/** A text to be replaced by another one. */
export interface FileChange {
  /** What the file is called in messages. */
  readonly path: string;
  readonly target: string;
  /** The text that was read, from which `after` was made. */
  readonly before: string;
  readonly after: string;
}

/** A change on its way: `fresh` holds the new text, `kept` the file as it was. */
interface Prepared {
  readonly change: FileChange;
  readonly real: string;
  readonly found: Stats;
  readonly fresh: string;
  readonly kept: string;
}

/** How many files are written at a time: each waits for the disk. */
const atOnce = 16;

/**
 * Replaces the texts of files: all of them, or none. Every new text is on the disk before the first file is replaced, and when one
 * cannot be replaced those before it get their old bytes back. Files keep their permissions, and links stay links.
 *
 * Whoever reads meanwhile sees a file with its old bytes or its new ones. A process that dies between the first replacement and the
 * last leaves some files old and some new, each of them whole; running the command again completes the work. Beside them it leaves
 * `.name.pinned-images.new` and `.name.pinned-images.old`, which may be removed; a file that is still to be changed loses its own.
 *
 * @param backup Keeps each file as it was beside it, as `name.bak`; an older one is replaced.
 * @throws FileError for what cannot be written or holds another text than `before`. It says so where a file could not be given back.
 */
export async function writeFiles(
  changes: readonly FileChange[],
  { backup = false }: { readonly backup?: boolean } = {},
): Promise<void> {
  const needed = changes.filter(({ before, after }) => before !== after);
  const prepared: Prepared[] = [];
  const replaced: Prepared[] = [];
  const backedUp = new Set<Prepared>();
  try {
    const targets = await Promise.all(needed.map(realTarget));
    refuseDoubles(targets);
    for (let i = 0; i < targets.length; i += atOnce) {
      const some = targets.slice(i, i + atOnce);
      // All of them have ended before anything is cleared away.
      const ends = await Promise.allSettled(some.map((target) => prepare(target, backup)));
      for (const end of ends) if (end.status === "fulfilled") prepared.push(end.value);
      for (const end of ends) if (end.status === "rejected") throw end.reason;
    }
    for (const each of prepared) {
      await replace(each);
      replaced.push(each);
    }
    for (const each of backup ? prepared : []) {
      await rename(each.kept, `${each.real}.bak`).catch(unwritable(each.change));
      backedUp.add(each);
    }
  } catch (error) {
    await giveBack(replaced, backedUp, error);
    await clear(prepared);
    throw error;
  }
  await clear(prepared);
  for (const folder of new Set(prepared.map(({ real }) => dirname(real)))) await syncFolder(folder);
}

interface Target {
  readonly change: FileChange;
  readonly real: string;
}

async function realTarget(change: FileChange): Promise<Target> {
  try {
    return { change, real: await realpath(change.target) };
  } catch (cause) {
    const problem = `cannot be written (${codeOf(cause)})`;
    throw new FileError(
      "not-found",
      change.path,
      problem,
      "run the command again; no file was changed",
      cause,
    );
  }
}

function refuseDoubles(targets: readonly Target[]): void {
  const seen = new Map<string, string>();
  for (const { change, real } of targets) {
    const other = seen.get(real);
    if (other !== undefined) {
      const problem = `is the same file as ${other}, and shall get two texts`;
      throw new FileError("unwritable", change.path, problem, "name one of the two; no file was changed");
    }
    seen.set(real, change.path);
  }
}

/** Puts the new text and the old file beside the file, under names that nobody else uses. */
async function prepare({ change, real }: Target, backup: boolean): Promise<Prepared> {
  const beside = (end: string): string => join(dirname(real), `.${basename(real)}.pinned-images.${end}`);
  const [fresh, kept] = [beside("new"), beside("old")];
  try {
    refuseChanged(change, readText(real, change.path) === change.before);
    const found = await stat(real);
    if (backup && (await isFolder(`${real}.bak`))) throw new Error("there is a folder where the backup goes");
    // Removed and made anew: a repository could have put a link there that leads elsewhere.
    await rm(fresh, { force: true });
    await rm(kept, { force: true });
    await writeNew(fresh, change.after, found);
    await link(real, kept).catch(() => copyFile(real, kept));
    return { change, real, found, fresh, kept };
  } catch (cause) {
    await rm(fresh, { force: true }).catch(() => undefined);
    await rm(kept, { force: true }).catch(() => undefined);
    if (cause instanceof FileError) throw cause;
    const problem = `cannot be written (${reason(cause)})`;
    const fix = "check the folder's permissions and the space left; no file was changed";
    throw new FileError("unwritable", change.path, problem, fix, cause);
  }
}

function refuseChanged(change: FileChange, same: boolean): void {
  if (same) return;
  const fix = "run the command again; no file was changed";
  throw new FileError("changed", change.path, "was changed by somebody else meanwhile", fix);
}

async function writeNew(path: string, text: string, found: Stats): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(text);
    // Only the superuser can give a file away. Before the mode: it takes the set-user-ID bit off.
    await file.chown(found.uid, found.gid).catch(() => undefined);
    await file.chmod(found.mode & 0o7777);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function replace({ change, real, found, fresh }: Prepared): Promise<void> {
  const now = await stat(real).catch(unwritable(change));
  refuseChanged(change, now.ino === found.ino && now.size === found.size && now.mtimeMs === found.mtimeMs);
  await rename(fresh, real).catch(unwritable(change));
}

function unwritable({ path }: FileChange): (cause: unknown) => never {
  return (cause) => {
    const fix = "check the folder's permissions and the space left; every file is as it was";
    throw new FileError("unwritable", path, `cannot be replaced (${reason(cause)})`, fix, cause);
  };
}

/** Gives the replaced files their old bytes back, the last one first. */
async function giveBack(
  replaced: readonly Prepared[],
  backedUp: ReadonlySet<Prepared>,
  cause: unknown,
): Promise<void> {
  const lost: Prepared[] = [];
  for (const each of [...replaced].reverse()) {
    const { real, kept } = each;
    await rename(backedUp.has(each) ? `${real}.bak` : kept, real).catch(() => lost.push(each));
  }
  const [first] = lost;
  if (first === undefined) return;
  const problem = `was replaced and cannot be given back (${reason(cause)})`;
  const places = lost.map(({ change, kept }) => `${change.path} is in ${kept}`).join(", ");
  throw new FileError("unwritable", first.change.path, problem, `move them back: ${places}`, cause);
}

async function clear(prepared: readonly Prepared[]): Promise<void> {
  for (const { fresh, kept } of prepared) {
    await rm(fresh, { force: true }).catch(() => undefined);
    await rm(kept, { force: true }).catch(() => undefined);
  }
}

async function isFolder(path: string): Promise<boolean> {
  return lstat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function reason(cause: unknown): string {
  return cause instanceof Error && !("code" in cause) ? cause.message : codeOf(cause);
}

/** The renames are on the disk only when the folder is; some systems cannot open one. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    await handle.sync().finally(() => handle.close());
  } catch {
    // The files are whole either way.
  }
}
