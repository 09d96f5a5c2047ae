import type { Command } from "commander";
import type { ExitCode } from "./exit-codes";
import type { ProgressStream } from "./progress";
import type { Input } from "./read-references";

/** What a verb reads and writes beside files and registries. */
export interface Surroundings {
  readonly stdin: Input;
  readonly stdout: { write(text: string): unknown };
  readonly stderr: ProgressStream;
  /** The working folder. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/**
 * Adds one verb to the command line: its arguments, options and help. What it does is loaded when it is asked for.
 *
 * @param end Takes the exit code.
 */
export type AddVerb = (parent: Command, surroundings: Surroundings, end: (code: ExitCode) => void) => void;

/** Those of this process. Standard input is opened when it is read: not every command has one. */
export const processSurroundings: Surroundings = {
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  folder: process.cwd(),
  environment: process.env,
  clock: Date.now,
};
