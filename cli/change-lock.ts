import { basename } from "node:path";
import { formatLock, lockTextIfThere, newLock, parseLock, updateLockFile, type Lock } from "../lock";
import type { ReferenceForm } from "../images";
import type { Rewrite } from "./file-images";
import type { FileImage, FileOutcome } from "./file-outcome";
import type { FileChange } from "./files";
import { holdSignals } from "./hold-signals";

/** Files that take their digests from the lock. */
export interface FilesWithLock {
  readonly images: readonly FileImage[];
  readonly form?: ReferenceForm | undefined;
  /** Keeps each file as it was beside it. */
  readonly backup: boolean;
}

export interface Changed {
  /** The unified diff of a dry run, empty when nothing would change; undefined when files were changed. */
  readonly diff?: string;
  /** What came of the images in files. */
  readonly files: readonly FileOutcome[];
}

/**
 * Changes a lock, and with it the files that take their digests from it: all of them or none. With `dryRun` it only shows how.
 *
 * @param change As for `updateLockFile`: may be handed a lock that another process has changed meanwhile.
 * @throws LockError as `updateLockFile`; FileError for a file that cannot be written, with everything as it was.
 */
export async function changeLock(
  path: string,
  dryRun: boolean,
  change: (lock: Lock) => Lock,
  files?: FilesWithLock,
): Promise<Changed> {
  if (dryRun) {
    const before = await lockTextIfThere(path);
    const lock = change(before === undefined ? newLock(path) : parseLock(before, path));
    const rewrite = await rewriteFor(lock, files);
    return { diff: (await lockDiff(path, before, formatLock(lock))) + rewrite.diff, files: rewrite.outcomes };
  }
  let outcomes: readonly FileOutcome[] = [];
  let release: (() => void) | undefined;
  try {
    await updateLockFile(path, change, async (lock, write) => {
      if (files === undefined) return write();
      const rewrite = await rewriteFor(lock, files);
      outcomes = rewrite.outcomes;
      const { writeFiles } = await import("./files/index.js");
      // From here on, ending in between would leave files that the lock says nothing of.
      release = holdSignals();
      await writeFiles(rewrite.changes, files);
      try {
        await write();
      } catch (error) {
        await writeFiles(rewrite.changes.map(back));
        throw error;
      }
    });
  } finally {
    release?.();
  }
  return { files: outcomes };
}

async function rewriteFor(lock: Lock, files: FilesWithLock | undefined): Promise<Rewrite> {
  if (files === undefined) return { changes: [], outcomes: [], diff: "" };
  // With the parsers of all formats: loaded for who works on files.
  const { rewriteFiles } = await import("./file-images.js");
  return rewriteFiles(files.images, lock, files.form);
}

function back({ before, after, ...file }: FileChange): FileChange {
  return { ...file, before: after, after: before };
}

async function lockDiff(path: string, before: string | undefined, after: string): Promise<string> {
  if (after === before) return "";
  const { createTwoFilesPatch, FILE_HEADERS_ONLY } = await import("diff");
  const name = basename(path);
  const from = before === undefined ? "/dev/null" : `a/${name}`;
  return createTwoFilesPatch(from, `b/${name}`, before ?? "", after, undefined, undefined, {
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
  });
}
