import {
  holdOn,
  readLockFile,
  refreshEntry,
  timestamp,
  type Author,
  type Lock,
  type LockEntry,
  type Seen,
} from "../lock";
import type { RegistryClient } from "../registry";
import { askAll } from "./ask-all";
import { authorOf } from "./author";
import { changeLock } from "./change-lock";
import type { ImageOptions, LockOptions, ReasonOptions } from "./common-options";
import { daysSince, readDays } from "./days";
import { differenceNotes, knownJson, knownOf, type Known } from "./difference";
import type { ExitCode } from "./exit-codes";
import { filesOf, readFiles, type FileOptions } from "./file-options";
import { existingLock, shortPath } from "./lock-path";
import { entryKey, platformNames, resolveEntry, seeDigest } from "./look-up";
import { printReport, type Done, type Outcome } from "./outcome";
import { runVerb } from "./run-verb";
import { missingEntry, entryArguments, selectEntries } from "./select";
import type { Surroundings } from "./surroundings";
import { byAndWhy, day } from "./wording";

export interface RefreshOptions extends LockOptions, ReasonOptions, ImageOptions, FileOptions {
  /** Days; true for the usual number of them. */
  readonly onlyStale?: string | true;
}

/** What a registry says of an entry. */
interface Finding {
  readonly name: string;
  readonly seen: Seen;
  /** What is known of the entry's digest and of the tag's, where they differ. */
  readonly was: Known;
  readonly is: Known;
}

/**
 * Takes the digests that the tags of the lock have now.
 *
 * @returns the exit code.
 */
export async function refresh(
  references: readonly string[],
  options: RefreshOptions,
  surroundings: Surroundings,
): Promise<ExitCode> {
  return runVerb(surroundings, async () => {
    const maxAge =
      options.onlyStale === undefined
        ? undefined
        : readDays(options.onlyStale === true ? undefined : options.onlyStale, "--only-stale");
    const now = timestamp(surroundings.clock());
    const author = await authorOf(options.reason, surroundings);
    const path = existingLock(options.lock, surroundings);
    const { images } = await readLockFile(path);
    const inFiles = await readFiles(options, surroundings);
    const { names, failed } = selectEntries(images.keys(), references, options.image);
    const entries = names.flatMap((name) => {
      const entry = images.get(name);
      if (entry === undefined) return [];
      return maxAge === undefined || daysSince(entry.lockedAt, now) > maxAge ? [{ name, entry }] : [];
    });

    const answers = await askAll(entries, surroundings, async ({ name, entry }, client) =>
      ask(client, name, entry),
    );
    const findings: Finding[] = [];
    const outcomes: Outcome[] = [...failed];
    for (const answer of answers) {
      if ("error" in answer) outcomes.push({ image: answer.item.name, error: answer.error });
      else findings.push(answer.found);
    }

    const changed: Outcome[] = [];
    const change = (lock: Lock): Lock => {
      const next = new Map(lock.images);
      for (const finding of findings) {
        const before = next.get(finding.name);
        if (before === undefined) {
          // Another process took it away meanwhile.
          changed.push({ image: finding.name, error: missingEntry() });
          continue;
        }
        const done = refreshOne(before, finding, author, options.lock);
        next.set(finding.name, done.entry);
        changed.push(done);
      }
      return { ...lock, images: next };
    };
    const { diff, files } = await changeLock(path, options.dryRun === true, change, inFiles.withLock);
    const lock = shortPath(path, surroundings.folder);
    const report = {
      verb: "refresh",
      lock,
      outcomes: [...changed, ...outcomes],
      diff,
      ...filesOf(inFiles, files),
      counted: "unchanged",
    };
    return printReport(report, options.json === true, surroundings);
  });
}

async function ask(client: RegistryClient, name: string, entry: LockEntry): Promise<Finding> {
  const { reference, platform } = entryKey(name);
  const found = await resolveEntry(client, reference, platform);
  if (found.digest === entry.digest) {
    const { digest, mediaType, platforms } = entry;
    return { name, seen: { digest, mediaType, platforms }, was: "unknown", is: "unknown" };
  }
  const [is, was] = await Promise.all([
    knownOf(client, reference, found.digest),
    knownOf(client, reference, entry.digest),
  ]);
  const seen =
    typeof is === "string"
      ? await seeDigest(client, reference, found)
      : { digest: found.digest, mediaType: found.mediaType, platforms: platformNames(is.platforms) };
  return { name, seen, was, is };
}

function refreshOne(
  before: LockEntry,
  { name, seen, was, is }: Finding,
  author: Author,
  lock: string | undefined,
): Done {
  const { entry, outcome } = refreshEntry(before, seen, author);
  if (outcome === "unchanged") return { image: name, outcome, entry };
  if (outcome === "held") {
    const hold = holdOn(before, seen.digest);
    const notes = [
      `the tag has ${seen.digest}, held since ${hold === undefined ? "" : day(hold.heldAt) + byAndWhy(hold)}`,
      `to let it come back: pinned-images rollback --release ${entryArguments(name, lock)}`,
    ];
    return { image: name, outcome, entry, notes, details: { tagDigest: seen.digest, held: hold } };
  }
  const notes = [
    `was ${before.digest}, locked ${day(before.lockedAt)}${byAndWhy(before)}`,
    ...differenceNotes(before, entry, was, is),
    ...sinceRollback(before, seen),
  ];
  const details = { previous: { ...knownJson(was), platforms: before.platforms }, present: knownJson(is) };
  return { image: name, outcome, entry, before, notes, details };
}

/** That the entry was rolled back, and goes on from there, is nothing to find out later. */
function sinceRollback(before: LockEntry, seen: Seen): readonly string[] {
  const released = before.held?.findLast(({ digest }) => digest === seen.digest);
  if (released?.releasedAt !== undefined) {
    const { releasedBy: by, releaseReason: reason, releasedAt } = released;
    const who = byAndWhy({
      ...(by === undefined ? {} : { by }),
      ...(reason === undefined ? {} : { reason }),
    });
    return [`comes back: rolled back ${day(released.heldAt)}, released ${day(releasedAt)}${who}`];
  }
  if (before.how !== "rollback") return [];
  return [`moves on from the rollback of ${day(before.lockedAt)}${byAndWhy(before)}`];
}
