import { existsSync } from "node:fs";
import { readFile, realpath, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { writeAtomically } from "./atomic-write";
import type { Lock } from "./entry";
import { codeOf, LockError } from "./error";
import { formatLock } from "./format";
import { exclusively } from "./mutex";
import { emptyLock, parseLock } from "./parse";

/** Far more than a lock of 5,000 images with a long history. */
const maxBytes = 64 * 1024 * 1024;

/** Where an editor finds the schema of a lock that lies beside `node_modules`. */
const schemaBeside = "node_modules/pulumi-pinned-images/schemas/images.lock.schema.json";

/**
 * The text of a lock.
 *
 * @throws LockError with the code `not-found` or `unreadable`.
 */
export async function readLockText(path: string): Promise<string> {
  const text = await lockTextIfThere(path);
  if (text !== undefined) return text;
  const fix = `begin one: pinned-images pin --lock ${path} <image>`;
  throw new LockError({ code: "not-found", path, problem: "there is no such lock", fix });
}

/**
 * The text of a lock; undefined where there is none.
 *
 * @throws LockError with the code `unreadable`.
 */
export async function lockTextIfThere(path: string): Promise<string | undefined> {
  try {
    const found = await stat(path);
    // A link from a repository may lead to a device or a pipe, which never ends.
    if (!found.isFile()) throw unreadable(path, "is no file");
    if (found.size > maxBytes) {
      throw unreadable(path, `has ${found.size} bytes; no lock is larger than ${maxBytes}`);
    }
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await readFile(path));
  } catch (cause) {
    if (cause instanceof LockError) throw cause;
    if (codeOf(cause) === "ENOENT") return undefined;
    const problem = cause instanceof TypeError ? "is no UTF-8" : `cannot be read (${codeOf(cause)})`;
    throw unreadable(path, problem, cause);
  }
}

/**
 * Reads a lock as a whole.
 *
 * @throws LockError that says what is wrong with the file, and where.
 */
export async function readLockFile(path: string): Promise<Lock> {
  return parseLock(await readLockText(path), path);
}

/**
 * Changes a lock: reads it, applies `change`, writes it, while no other process can. A lock that is not there is begun, with
 * the schema of this package where it is installed beside it. When nothing changes, nothing is written. A symbolic link stays one.
 *
 * @param change Takes the lock as it is now and gives the one to be. Whatever it throws leaves the file as it was.
 * @param around For what must be written together with the lock: takes the lock to be, and the function that writes it.
 * @returns the lock as it is now.
 * @throws LockError when the file cannot be read, is no lock, cannot be written, or stays busy; and what `around` throws.
 */
export async function updateLockFile(
  path: string,
  change: (lock: Lock) => Lock,
  around: (lock: Lock, write: () => Promise<void>) => Promise<void> = async (_, write) => write(),
): Promise<Lock> {
  // Two links to one lock must meet at one claim, so it stands beside what they lead to.
  const target = await realpath(path).catch(() => path);
  return exclusively(target, async (stillMine) => {
    const before = await lockTextIfThere(path);
    const lock = change(before === undefined ? newLock(path) : parseLock(before, path));
    const text = formatLock(lock);
    await around(lock, async () => {
      if (text === before) return;
      if (!(await stillMine())) {
        const problem = "another process took it over";
        throw new LockError({ code: "busy", path, problem, fix: "run the command again" });
      }
      try {
        await writeAtomically(target, text);
      } catch (cause) {
        const problem = `cannot be written (${codeOf(cause)})`;
        const fix = "check the folder's permissions and the space left; the lock is as it was";
        throw new LockError({ code: "unwritable", path, problem, fix, cause });
      }
    });
    return lock;
  });
}

/** The lock with which {@link updateLockFile} begins a file. */
export function newLock(path: string): Lock {
  return emptyLock(existsSync(join(dirname(path), schemaBeside)) ? schemaBeside : undefined);
}

function unreadable(path: string, problem: string, cause?: unknown): LockError {
  const fix = "check the file and its permissions, or name the file that is the lock";
  return new LockError({ code: "unreadable", path, problem, fix, cause });
}
