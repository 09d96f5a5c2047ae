/** Every way in which a lock cannot be used. Stable: tools may switch on them. */
export type LockErrorCode =
  /** A lock was asked for by name and is nowhere. */
  | "not-found"
  /** The file cannot be read, or not be written. */
  | "unreadable"
  | "unwritable"
  /** It is no JSON, or is left in the middle of a merge. */
  | "syntax"
  /** It is JSON, and no lock. */
  | "invalid"
  /** Written by a later version of this tool. */
  | "version"
  /** Another process is writing it, and does not come to an end. */
  | "busy"
  /** The entry is not there. */
  | "missing-entry"
  /** The digest was rolled back and is held. */
  | "held"
  /** There is nothing to go back to, or not to what was named. */
  | "no-history";

export interface LockErrorDetails {
  readonly code: LockErrorCode;
  /** The file, where one is concerned. */
  readonly path?: string;
  /** Line and column of the trouble, from one. */
  readonly line?: number;
  readonly column?: number;
  /** What is wrong: half a sentence. */
  readonly problem: string;
  /** What to do about it. */
  readonly fix: string;
  readonly cause?: unknown;
}

/** A lock that cannot be used as asked. `message` has the place and what is wrong; `fix` what to do. */
export class LockError extends Error {
  readonly code: LockErrorCode;
  readonly path?: string;
  readonly line?: number;
  readonly column?: number;
  readonly fix: string;

  constructor({ code, path, line, column, problem, fix, cause }: LockErrorDetails) {
    const place = [path, line, column].filter((part) => part !== undefined).join(":");
    super(place === "" ? problem : `${place}: ${problem}`, cause === undefined ? {} : { cause });
    this.name = "LockError";
    this.code = code;
    this.fix = fix;
    if (path !== undefined) this.path = path;
    if (line !== undefined) this.line = line;
    if (column !== undefined) this.column = column;
  }
}

/** What the system calls an error: `ENOENT`. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : "unknown error";
}

/** A text of the file as a message may show it: in quotes, cut, with nothing in it that a terminal would obey. */
export function shown(text: string, most = 60): string {
  const cut = text.length <= most ? text : `${text.slice(0, most)}…`;
  return JSON.stringify(cut).replace(
    // What JSON leaves as it is, and moves the cursor or turns the text around all the same.
    /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
