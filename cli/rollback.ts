import { ImageReferenceError, parseDigest, type Digest, type ImageReference } from "../images";
import {
  holdOn,
  LockError,
  lockKey,
  previousDigest,
  readLockFile,
  releaseEntry,
  rollBackEntry,
  type Author,
  type Lock,
  type LockEntry,
} from "../lock";
import { quote } from "../report";
import { authorOf } from "./author";
import { changeLock } from "./change-lock";
import type { LockOptions, ReasonOptions } from "./common-options";
import type { ExitCode } from "./exit-codes";
import { RefusedError } from "./failure";
import { existingLock, shortPath } from "./lock-path";
import { readPlatform } from "./look-up";
import { printReport, type Done } from "./outcome";
import { askForReturn, type Return } from "./return-check";
import { readOne, UsageError } from "./read-references";
import { runVerb } from "./run-verb";
import { missingEntry, entryArguments } from "./select";
import type { Surroundings } from "./surroundings";
import { byAndWhy, day } from "./wording";

export interface RollbackOptions extends LockOptions, ReasonOptions {
  readonly to?: string;
  readonly release?: boolean;
  readonly offline?: boolean;
  readonly platform?: string;
}

/**
 * Goes back to an earlier digest, or lets go of the digests that are held.
 *
 * @returns the exit code.
 */
export async function rollback(
  text: string,
  options: RollbackOptions,
  surroundings: Surroundings,
): Promise<ExitCode> {
  return runVerb(surroundings, async () => {
    const platform = readPlatform(options.platform);
    const reference = readOne(text);
    const to = options.to === undefined ? undefined : readDigest(options.to);
    if (options.release === true && (to !== undefined || options.offline === true)) {
      throw new UsageError(
        "--release goes without --to and --offline; the digest to release stands in the reference",
      );
    }
    const author = await authorOf(options.reason, surroundings);
    const path = existingLock(options.lock, surroundings);
    const name = lockKey(reference, platform);
    const entry = entryOf(await readLockFile(path), name);

    const work =
      options.release === true
        ? (present: LockEntry): Done => releaseOne(name, present, reference.digest, author)
        : await backwards(name, entry, reference, to, author, options, surroundings);
    let done: Done | undefined;
    const change = (lock: Lock): Lock => {
      const present = entryOf(lock, name);
      done = work(present);
      return { ...lock, images: new Map(lock.images).set(name, done.entry) };
    };
    const { diff } = await changeLock(path, options.dryRun === true, change);
    const outcomes = done === undefined ? [] : [done];
    const lock = shortPath(path, surroundings.folder);
    return printReport({ verb: "rollback", lock, outcomes, diff }, options.json === true, surroundings);
  });
}

/** Asks, as far as somebody may be asked, and gives what is then to be done. @throws LockError */
async function backwards(
  name: string,
  entry: LockEntry,
  reference: ImageReference,
  to: Digest | undefined,
  author: Author,
  options: RollbackOptions,
  { environment }: Surroundings,
): Promise<(present: LockEntry) => Done> {
  mustBeLocked(entry, reference.digest);
  const target = to ?? previousDigest(entry);
  // What cannot be done at all is said before anybody is asked.
  const answer: Return =
    options.offline === true ||
    target === undefined ||
    target === entry.digest ||
    holdOn(entry, target) !== undefined
      ? { kind: "not-asked" }
      : await askForReturn(reference, target, environment);
  if (answer.kind === "gone") throw gone(target);
  return (present) => {
    mustBeLocked(present, reference.digest);
    const seen = answer.kind === "present" ? answer.seen : undefined;
    // The digest that was asked about, even if somebody else has changed the entry meanwhile.
    const after = rollBackEntry(present, author, target, seen);
    const notes = [
      `was ${present.digest}, locked ${day(present.lockedAt)}${byAndWhy(present)}; held from now on`,
      answer.kind === "present"
        ? `the registry has it (${answer.seen.registry} answered)`
        : `WARNING: nobody has checked that the registry still has it (${answer.kind === "unreachable" ? answer.why : "--offline"})`,
      "next: pulumi preview, then pulumi up",
      `when ${present.digest.slice(0, 19)}… is good again: pinned-images rollback --release ${entryArguments(name, options.lock)}`,
    ];
    const details = { registry: answer.kind };
    return { image: name, outcome: "rolled back", entry: after, before: present, notes, details };
  };
}

function releaseOne(name: string, entry: LockEntry, digest: Digest | undefined, author: Author): Done {
  const released = releaseEntry(entry, author, digest);
  const freed = (entry.held ?? []).filter((held, n) => held !== released.held?.[n]);
  const notes = freed.map(
    (held) => `released ${held.digest}, held since ${day(held.heldAt)}${byAndWhy(held)}`,
  );
  const details = { released: freed.map((held) => held.digest) };
  return {
    image: name,
    outcome: "released",
    entry: released,
    notes: [...notes, "the next refresh may take it"],
    details,
  };
}

function entryOf({ images }: Lock, name: string): LockEntry {
  const entry = images.get(name);
  if (entry !== undefined) return entry;
  const { code, message, fix } = missingEntry();
  throw new LockError({ code, problem: `${name} ${message}`, fix });
}

/** Two people may roll back the same digest at once; the second must not go back one step further. */
function mustBeLocked(entry: LockEntry, digest: Digest | undefined): void {
  if (digest === undefined || digest === entry.digest) return;
  const problem = `${digest} is not the digest in the lock, which is ${entry.digest} (${entry.how ?? "locked"} ${day(entry.lockedAt)}${byAndWhy(entry)})`;
  const fix =
    "perhaps somebody has rolled it back already; leave the digest out to go back from the present one";
  throw new LockError({ code: "no-history", problem, fix });
}

function gone(target: Digest | undefined): RefusedError {
  const problem = `the registry does not have ${target ?? "the digest"} any more, so nothing could be pulled`;
  const fix =
    "choose another one (pinned-images audit --history, then --to sha256:…), or, if a mirror or every node has it, --offline";
  return new RefusedError(problem, fix);
}

function readDigest(text: string): Digest {
  try {
    return parseDigest(text);
  } catch (error) {
    throw error instanceof ImageReferenceError
      ? new UsageError(`--to ${quote(text)}: ${error.message}`)
      : error;
  }
}
