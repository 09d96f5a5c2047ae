/** Why a file could not be read or written. */
export type FileErrorCode =
  /** It holds a NUL byte, so it is no text. */
  "binary" | "changed" | "not-found" | "not-utf8" | "outside" | "too-large" | "unreadable" | "unwritable";

/** What is wrong with one file or folder, and what to do. */
export interface FileProblem {
  readonly path: string;
  /** Half a sentence. */
  readonly problem: string;
  readonly fix: string;
}

/** A file that cannot be read or written. */
export class FileError extends Error implements FileProblem {
  override readonly name = "FileError";

  constructor(
    readonly code: FileErrorCode,
    readonly path: string,
    readonly problem: string,
    readonly fix: string,
    cause?: unknown,
  ) {
    super(`${path}: ${problem}`, cause === undefined ? undefined : { cause });
  }
}
