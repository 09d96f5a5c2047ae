import { parseImageReference, type ImageReference, type Platform } from "../images";
import {
  LockError,
  lockKey,
  lockTextIfThere,
  parseLock,
  pinEntry,
  type Author,
  type Lock,
  type LockEntry,
} from "../lock";
import { askAll } from "./ask-all";
import { authorOf } from "./author";
import { changeLock } from "./change-lock";
import type { LockOptions, ReasonOptions } from "./common-options";
import type { ExitCode } from "./exit-codes";
import { hasDigestAlone, type FileImage } from "./file-outcome";
import { filesOf, readFiles, type FileOptions } from "./file-options";
import { lockToBegin, shortPath } from "./lock-path";
import { readPlatform, seeEntry, type SeenAt } from "./look-up";
import { printReport, type Done, type Failed, type Outcome } from "./outcome";
import { readReferences, UsageError } from "./read-references";
import { runVerb } from "./run-verb";
import type { Surroundings } from "./surroundings";
import { byAndWhy, day } from "./wording";

export interface PinOptions extends LockOptions, ReasonOptions, FileOptions {
  readonly platform?: string;
}

/** An image to lock, and what the registry says of it; nothing when it is locked already. */
interface Wanted {
  readonly name: string;
  readonly reference: ImageReference;
  readonly seen?: SeenAt;
}

/**
 * Adds references to the lock.
 *
 * @returns the exit code.
 */
export async function pin(
  words: readonly string[],
  options: PinOptions,
  surroundings: Surroundings,
): Promise<ExitCode> {
  return runVerb(surroundings, async () => {
    const platform = readPlatform(options.platform);
    if (platform !== undefined && options.in !== undefined) {
      throw new UsageError("--platform is for references; files are for every platform");
    }
    const inFiles = await readFiles(options, surroundings);
    const named =
      options.in !== undefined && words.length === 0 ? [] : await readReferences(words, surroundings.stdin);
    const author = await authorOf(options.reason, surroundings);
    const path = lockToBegin(options.lock, surroundings);
    const text = await lockTextIfThere(path);
    const before = text === undefined ? undefined : parseLock(text, path);
    const references = [...named, ...missingFrom(before, inFiles.images)];

    const answers = await askAll([...new Set(references)], surroundings, async (text, client) => {
      const reference = readTagged(text);
      const name = lockKey(reference, platform);
      // What is locked already is settled; nobody needs to be asked.
      if (reference.digest === undefined && before?.images.has(name) === true) return { name, reference };
      return { name, reference, seen: await seeEntry(client, reference, platform) };
    });
    const wanted: Wanted[] = [];
    const outcomes: Outcome[] = [];
    for (const answer of answers) {
      if ("error" in answer) outcomes.push({ image: answer.item, error: answer.error });
      else wanted.push(answer.found);
    }

    const changed: Outcome[] = [];
    const change = (lock: Lock): Lock => {
      const images = new Map(lock.images);
      for (const item of wanted) {
        const outcome = pinOne(images.get(item.name), item, platform, author);
        if (!("error" in outcome)) images.set(item.name, outcome.entry);
        changed.push(outcome);
      }
      return { ...lock, images };
    };
    const dryRun = options.dryRun === true;
    const isAny = wanted.length > 0 || inFiles.images.length > 0;
    const { diff = dryRun ? "" : undefined, files } = isAny
      ? await changeLock(path, dryRun, change, inFiles.withLock)
      : { files: [] };
    const lock = shortPath(path, surroundings.folder);
    const report = {
      verb: "pin",
      lock,
      outcomes: [...changed, ...outcomes],
      diff,
      ...filesOf(inFiles, files),
    };
    return printReport(report, options.json === true, surroundings);
  });
}

/**
 * The images of files that the lock does not have, each once: where two files have two digests of a tag, the first one counts. Under
 * which tag a digest alone would be locked, nobody has said.
 */
function missingFrom(lock: Lock | undefined, images: readonly FileImage[]): readonly string[] {
  const missing = new Map<string, string>();
  for (const { reference } of images) {
    const name = lockKey(reference);
    if (hasDigestAlone(reference) || lock?.images.has(name) === true) continue;
    if (!missing.has(name)) missing.set(name, reference.original);
  }
  return [...missing.values()];
}

function pinOne(
  before: LockEntry | undefined,
  { name, reference, seen }: Wanted,
  platform: Platform | undefined,
  author: Author,
): Done | Failed {
  if (before !== undefined && (reference.digest === undefined || before.digest === seen?.digest)) {
    const notes = [`already locked since ${day(before.lockedAt)}${byAndWhy(before)}`];
    return { image: name, outcome: "unchanged", entry: before, notes };
  }
  if (seen === undefined) {
    // Another process took it away meanwhile.
    const fix = "run the command again";
    return { image: name, error: new LockError({ code: "missing-entry", problem: "was removed", fix }) };
  }
  try {
    const entry = pinEntry(before, seen, author);
    const notes = before === undefined ? [] : [`was ${before.digest}, locked ${day(before.lockedAt)}`];
    const platforms = platform === undefined ? [seen.platforms.join(", ")] : [];
    const all = [...notes, ...platforms.filter((text) => text !== "")];
    return { image: name, outcome: before === undefined ? "locked" : "replaced", entry, before, notes: all };
  } catch (error) {
    return { image: name, error };
  }
}

/** A digest alone would be locked under `latest`, which nobody has named. */
function readTagged(text: string): ImageReference {
  const reference = parseImageReference(text);
  if (reference.digest === undefined || reference.tag !== undefined) return reference;
  throw new UsageError(
    `name the tag that the digest belongs to, too: ${reference.name}:<tag>@${reference.digest}`,
  );
}
