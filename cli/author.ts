import { execFile } from "node:child_process";
import { userInfo } from "node:os";
import { promisify } from "node:util";
import { problemOfWords, timestamp, type Author } from "../lock";
import { UsageError } from "./read-references";
import type { Surroundings } from "./surroundings";

const execute = promisify(execFile);

/** What git may take to say a name, in milliseconds. */
const patience = 2_000;

/**
 * Who changes the lock, when, and why: git's author, else the system's user.
 *
 * @throws UsageError for a reason that a lock cannot hold.
 */
export async function authorOf(reason: string | undefined, surroundings: Surroundings): Promise<Author> {
  const problem = reason === undefined ? undefined : problemOfWords(reason);
  if (problem !== undefined) throw new UsageError(`the reason ${problem}`);
  const by = (await gitAuthor(surroundings)) ?? systemUser();
  return {
    now: timestamp(surroundings.clock()),
    ...(by === undefined ? {} : { by }),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** `Name <mail>`, as the next commit would have it. Undefined without git, or where git knows no name. */
async function gitAuthor({ folder, environment }: Surroundings): Promise<string | undefined> {
  try {
    const { stdout } = await execute("git", ["var", "GIT_AUTHOR_IDENT"], {
      cwd: folder,
      env: environment,
      timeout: patience,
      killSignal: "SIGKILL",
      maxBuffer: 64 * 1024,
    });
    // `Name <mail> 1763719200 +0100`
    return usable(stdout.trimEnd().replace(/ \d+ [+-]\d{4}$/, ""));
  } catch {
    return undefined;
  }
}

function systemUser(): string | undefined {
  try {
    return usable(userInfo().username);
  } catch {
    // A container may run under a number that has no name.
    return undefined;
  }
}

function usable(name: string): string | undefined {
  return problemOfWords(name) === undefined ? name : undefined;
}
