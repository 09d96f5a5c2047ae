import { Option } from "commander";

// The options that several verbs share, once.

/** What every verb takes. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly dryRun?: boolean;
}

/** What a verb takes that works on one lock. */
export interface LockOptions extends CommonOptions {
  readonly lock?: string;
}

/** What a verb takes that records a choice. */
export interface ReasonOptions {
  readonly reason?: string;
}

/** What a verb takes that works on many entries. */
export interface ImageOptions {
  readonly image?: string;
}

export function jsonOption(): Option {
  return new Option("--json", 'print one JSON object, {"version":1,…}, instead of text');
}

export function dryRunOption(): Option {
  return new Option("--dry-run", "change nothing, and show what would change as a unified diff");
}

export function lockOption(): Option {
  return new Option(
    "--lock <file>",
    "the lock (default: PINNED_IMAGES_LOCK, else images.lock.json here or in a folder above)",
  );
}

export function reasonOption(): Option {
  return new Option("--reason <text>", "why: a ticket, a CVE; kept in the history");
}

export function imageOption(): Option {
  return new Option("--image <pattern>", "the images whose names fit; * stands for any characters");
}

export function platformOption(help: string): Option {
  return new Option("--platform <os/arch[/variant]>", help);
}

/** The last lines of every verb's help. */
export const exitCodesHelp =
  "Exit codes: 0 clean, 1 something was found or refused, 2 wrong usage or an unusable lock, 3 could not check.";
