import { readLockFile, timestamp, type Lock, type LockEntry } from "../lock";
import { askAll } from "./ask-all";
import { changeLock } from "./change-lock";
import { checkEntry, isWhole, recordChecks, tagIsHeld, type Checked } from "./check-entry";
import type { ImageOptions, LockOptions } from "./common-options";
import { exitCodes, type ExitCode } from "./exit-codes";
import type { FileImage, FileOutcome } from "./file-outcome";
import { filesOf, readFiles } from "./file-options";
import { existingLock, shortPath } from "./lock-path";
import { printReport, type Done, type Outcome } from "./outcome";
import { runVerb } from "./run-verb";
import { imageArguments, selectEntries } from "./select";
import type { Surroundings } from "./surroundings";

export interface LockVerifyOptions extends LockOptions, ImageOptions {
  /** Files and folders whose images must have what the lock has. */
  readonly in?: readonly string[];
}

/**
 * Asks for every digest of a lock, and records what was seen.
 *
 * @returns the exit code.
 */
export async function lockVerify(
  references: readonly string[],
  options: LockVerifyOptions,
  surroundings: Surroundings,
): Promise<ExitCode> {
  return runVerb(surroundings, async () => {
    const path = existingLock(options.lock, surroundings);
    const { images } = await readLockFile(path);
    const { names, failed } = selectEntries(images.keys(), references, options.image);
    const entries = names.flatMap((name) => {
      const entry = images.get(name);
      return entry === undefined ? [] : [{ name, entry }];
    });
    const { in: paths } = options;
    const inFiles = await readFiles(paths === undefined ? {} : { in: paths }, surroundings);
    const answers = await askAll(entries, surroundings, async ({ name, entry }, client) =>
      checkEntry(client, name, entry),
    );
    const checks: Checked[] = [];
    const outcomes: Outcome[] = answers.map((answer): Outcome => {
      const { name, entry } = answer.item;
      if ("error" in answer) return { image: name, error: answer.error };
      checks.push(answer.found);
      return outcomeOf(entry, answer.found, options.lock);
    });

    const now = timestamp(surroundings.clock());
    const change = (lock: Lock): Lock => recordChecks(lock, checks, now);
    const { diff } = await changeLock(path, options.dryRun === true, change);
    const lock = shortPath(path, surroundings.folder);
    const compared = inFiles.images.length === 0 ? [] : await compare(inFiles.images, { images });
    const report = {
      ...{ verb: "lock verify", lock, outcomes: [...outcomes, ...failed], diff },
      ...filesOf(inFiles, compared),
    };
    return printReport(report, options.json === true, surroundings);
  });
}

async function compare(images: readonly FileImage[], lock: Lock): Promise<readonly FileOutcome[]> {
  const { compareFiles } = await import("./file-images.js");
  return compareFiles(images, lock);
}

function outcomeOf(entry: LockEntry, check: Checked, lock: string | undefined): Done {
  const { name: image, registry, missingPlatforms, tag } = check;
  const tagDigest = tag.kind === "moved" ? tag.digest : undefined;
  const details = { registry, missingPlatforms, tag: tag.kind, tagDigest };
  const words = imageArguments(image, lock);
  if (registry === undefined) {
    const notes = [
      "the registry does not have this digest any more: no new node can pull it",
      tagNote(entry, check) ??
        (tag.kind === "same" ? "the tag still names it" : "the tag could not be asked for"),
      `next: pinned-images refresh ${words}, or push the image again`,
    ];
    return { image, outcome: "missing", entry, notes, details, code: exitCodes.findings };
  }
  const answered = `${registry} answered: ${entry.platforms.join(", ")}`;
  if (!isWhole(check)) {
    const notes = [
      `the image is not for ${missingPlatforms.join(", ")}, which the lock lists`,
      `next: pinned-images refresh ${words}, or correct the lock`,
    ];
    return { image, outcome: "incomplete", entry, notes, details, code: exitCodes.findings };
  }
  const note = tagNote(entry, check);
  const outcome = tag.kind === "moved" ? "tag moved" : tag.kind === "gone" ? "tag gone" : "present";
  return { image, outcome, entry, notes: note === undefined ? [answered] : [answered, note], details };
}

function tagNote(entry: LockEntry, { name, tag }: Checked): string | undefined {
  switch (tag.kind) {
    case "moved":
      return tagIsHeld(entry, tag)
        ? `the tag has ${tag.digest}, which was rolled back and is held`
        : `the tag has ${tag.digest} now`;
    case "gone":
      return name.includes(" ")
        ? "the tag is gone, or its image is not for this platform any more"
        : "the registry does not have the tag any more";
    default:
      return undefined;
  }
}
