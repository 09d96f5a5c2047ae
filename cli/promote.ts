import { realpathSync } from "node:fs";
import { basename, resolve } from "node:path";
import { promoteEntry, readLockFile, type Author, type Lock, type LockEntry } from "../lock";
import { authorOf } from "./author";
import { changeLock } from "./change-lock";
import type { CommonOptions, ImageOptions, ReasonOptions } from "./common-options";
import type { ExitCode } from "./exit-codes";
import { existingLock, shortPath } from "./lock-path";
import { printReport, type Outcome } from "./outcome";
import { UsageError } from "./read-references";
import { runVerb } from "./run-verb";
import { selectEntries } from "./select";
import type { Surroundings } from "./surroundings";
import { byAndWhy, day } from "./wording";

export interface PromoteOptions extends CommonOptions, ReasonOptions, ImageOptions {
  readonly from: string;
  readonly to: string;
}

/**
 * Copies entries from one lock into another.
 *
 * @returns the exit code.
 */
export async function promote(
  references: readonly string[],
  options: PromoteOptions,
  surroundings: Surroundings,
): Promise<ExitCode> {
  return runVerb(surroundings, async () => {
    const author = await authorOf(options.reason, surroundings);
    const from = existingLock(options.from, surroundings);
    const to = resolve(surroundings.folder, options.to);
    if (isSameFile(from, to)) throw new UsageError("--from and --to are the same lock");
    const source = await readLockFile(from);
    const { names, failed } = selectEntries(source.images.keys(), references, options.image);

    const outcomes: Outcome[] = [...failed];
    const change = (lock: Lock): Lock => {
      const images = new Map(lock.images);
      for (const name of names) {
        const entry = source.images.get(name);
        if (entry === undefined) continue;
        const outcome = promoteOne(name, images.get(name), entry, basename(from), author);
        if (!("error" in outcome)) images.set(name, outcome.entry);
        outcomes.push(outcome);
      }
      return { ...lock, images };
    };
    const dryRun = options.dryRun === true;
    const diff = names.length > 0 ? (await changeLock(to, dryRun, change)).diff : dryRun ? "" : undefined;
    const lock = shortPath(to, surroundings.folder);
    const details = { from: shortPath(from, surroundings.folder) };
    const report = { verb: "promote", lock, outcomes, diff, counted: "unchanged", details };
    return printReport(report, options.json === true, surroundings);
  });
}

function promoteOne(
  name: string,
  before: LockEntry | undefined,
  source: LockEntry,
  from: string,
  author: Author,
): Outcome {
  try {
    const entry = promoteEntry(before, source, from, author);
    const holds = holdNotes(before, entry);
    if (before === undefined) {
      return { image: name, outcome: "added", entry, notes: [...originNotes(source, from), ...holds] };
    }
    if (entry.digest !== before.digest) {
      const was = `was ${before.digest}, locked ${day(before.lockedAt)}${byAndWhy(before)}`;
      const notes = [was, ...originNotes(source, from), ...holds];
      return { image: name, outcome: "replaced", entry, before, notes };
    }
    return { image: name, outcome: holds.length === 0 ? "unchanged" : "held", entry, before, notes: holds };
  } catch (error) {
    return { image: name, error };
  }
}

function originNotes(source: LockEntry, from: string): readonly string[] {
  return [`in ${from} since ${day(source.lockedAt)}${byAndWhy(source)}`];
}

function holdNotes(before: LockEntry | undefined, after: LockEntry): readonly string[] {
  const added = (after.held ?? []).slice(before?.held?.length ?? 0);
  return added.map((held) => `from now on held here, too: ${held.digest}${byAndWhy(held)}`);
}

function isSameFile(a: string, b: string): boolean {
  try {
    return realpathSync(a) === realpathSync(b);
  } catch {
    // The target is begun.
    return false;
  }
}
