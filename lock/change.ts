import type { Digest } from "../images";
import type { ChangeKind, Held, LockedSignatures, LockEntry, PastEntry } from "./entry";
import { LockError } from "./error";
import { later, type Timestamp } from "./timestamp";

// What every change keeps: a digest that is held does not come back, history only grows, and `lockedAt` and `signatures` go with
// the digest alone.

/** What a registry says of a reference. */
export interface Seen {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly platforms: readonly string[];
}

/** Who makes a change, when, and why. */
export interface Author {
  readonly now: Timestamp;
  readonly by?: string;
  readonly reason?: string;
}

/** `verifiedAt` is kept to the day: written more often, it would only make conflicts. In milliseconds. */
const verifiedWithin = 24 * 60 * 60 * 1000;

/** The hold that keeps a digest away; undefined when there is none, or it was released. */
export function holdOn(entry: LockEntry, digest: Digest): Held | undefined {
  return entry.held?.find((held) => held.digest === digest && held.releasedAt === undefined);
}

/**
 * Locks a digest that somebody names. An entry that has it already stays as it is.
 *
 * @throws LockError with the code `held` for a digest that was rolled back.
 */
export function pinEntry(entry: LockEntry | undefined, seen: Seen, author: Author): LockEntry {
  if (entry === undefined) return { ...choiceOf(seen, "pin", author), verifiedAt: author.now };
  // Whoever names a digest says nothing of where the tag points.
  if (entry.digest === seen.digest) return { ...entry, verifiedAt: verifiedAt(entry, author.now) };
  refuseHeld(entry, seen.digest);
  return replace(entry, seen, "pin", author);
}

/** What came of a refresh. `held`: the tag points to a digest that was rolled back, so the entry keeps its own. */
export interface Refreshed {
  readonly entry: LockEntry;
  readonly outcome: "unchanged" | "replaced" | "held";
}

/** Takes the digest that the tag has now, unless it is held. */
export function refreshEntry(entry: LockEntry, seen: Seen, author: Author): Refreshed {
  if (entry.digest === seen.digest) {
    return { entry: verifiedEntry(entry, seen.digest, author.now), outcome: "unchanged" };
  }
  if (holdOn(entry, seen.digest) !== undefined) {
    return { entry: { ...entry, tagMovedAt: entry.tagMovedAt ?? author.now }, outcome: "held" };
  }
  return { entry: replace(entry, seen, "refresh", author), outcome: "replaced" };
}

/**
 * Notes that the registry has the entry's digest, and where its tag points.
 *
 * @param tagDigest Undefined when the tag is gone: it does not point to the digest any more, either.
 */
export function verifiedEntry(entry: LockEntry, tagDigest: Digest | undefined, now: Timestamp): LockEntry {
  const { tagMovedAt, ...rest } = entry;
  const seen = { ...rest, verifiedAt: verifiedAt(entry, now) };
  return entry.digest === tagDigest ? seen : { ...seen, tagMovedAt: tagMovedAt ?? now };
}

/** Notes who signed the entry's digest, and what proves it. */
export function signedEntry(
  entry: LockEntry,
  signatures: Omit<LockedSignatures, "verifiedAt">,
  now: Timestamp,
): LockEntry {
  const { by, evidence } = signatures;
  const before = entry.signatures;
  const at = before?.evidence === evidence ? verifiedAt(before, now) : now;
  return { ...entry, signatures: { verifiedAt: at, by, evidence } };
}

/** When it was last seen to be so, now that it has been seen again. */
function verifiedAt({ verifiedAt: before }: { readonly verifiedAt: Timestamp }, now: Timestamp): Timestamp {
  const age = Date.parse(now) - Date.parse(before);
  // A time in the future came from a clock that was wrong.
  return age >= 0 && age < verifiedWithin ? before : now;
}

/**
 * Goes back to a digest, and holds the one that is left.
 *
 * @param to The last one before the present that is not held, when left out.
 * @param seen What the registry says of `to`; without it the history has to know it.
 * @throws LockError with the code `no-history` or `held` when there is no way back.
 */
export function rollBackEntry(entry: LockEntry, author: Author, to?: Digest, seen?: Seen): LockEntry {
  const target = to ?? previousDigest(entry);
  if (target === undefined) {
    const fix = "name the digest to go back to: --to sha256:…";
    throw new LockError({ code: "no-history", problem: "there is no earlier digest that is not held", fix });
  }
  if (target === entry.digest) {
    throw new LockError({
      code: "no-history",
      problem: `${target} is the digest that is locked`,
      fix: "name another one",
    });
  }
  refuseHeld(entry, target);
  const past = entry.history?.findLast(({ digest }) => digest === target);
  if (past === undefined && seen === undefined) {
    const fix = "name one from the history: pinned-images audit --history";
    throw new LockError({ code: "no-history", problem: `${target} was never locked`, fix });
  }
  const known: Seen = {
    digest: target,
    mediaType: seen?.mediaType ?? past?.mediaType ?? entry.mediaType,
    platforms: seen?.platforms ?? past?.platforms ?? entry.platforms,
  };
  const replaced = replace(entry, known, "rollback", author);
  const held: Held = { digest: entry.digest, heldAt: author.now, ...whoAndWhy(author) };
  // Nobody asked the registry, so it was seen there when it was locked, and not since.
  const verifiedAt = seen === undefined ? (past?.lockedAt ?? author.now) : author.now;
  return { ...replaced, verifiedAt, held: [...(entry.held ?? []), held] };
}

/** The digest that a rollback goes to: the last one before the present that is not held. */
export function previousDigest(entry: LockEntry): Digest | undefined {
  return entry.history?.findLast(
    ({ digest }) => digest !== entry.digest && holdOn(entry, digest) === undefined,
  )?.digest;
}

/**
 * Lets digests that were held come back with the next refresh.
 *
 * @param digest All that are held, when left out.
 * @throws LockError with the code `no-history` when nothing is held.
 */
export function releaseEntry(entry: LockEntry, author: Author, digest?: Digest): LockEntry {
  const releases = (held: Held): boolean =>
    held.releasedAt === undefined && (digest === undefined || held.digest === digest);
  if (entry.held?.some(releases) !== true) {
    const problem = digest === undefined ? "no digest is held" : `${digest} is not held`;
    throw new LockError({ code: "no-history", problem, fix: "see what is held: pinned-images audit" });
  }
  const { now, by, reason } = author;
  const released = (heldAt: Timestamp): Partial<Held> => ({
    releasedAt: later(now, heldAt),
    ...(by === undefined ? {} : { releasedBy: by }),
    ...(reason === undefined ? {} : { releaseReason: reason }),
  });
  const held = entry.held.map((hold) => (releases(hold) ? { ...hold, ...released(hold.heldAt) } : hold));
  return { ...entry, held };
}

/**
 * Takes over what another lock has for the reference. What is held there is held here, too.
 *
 * @param from The other lock, as its file is called.
 * @throws LockError with the code `held` when the digest is held here.
 */
export function promoteEntry(
  entry: LockEntry | undefined,
  source: LockEntry,
  from: string,
  author: Author,
): LockEntry {
  const base = entry === undefined ? undefined : withHolds(entry, source);
  if (base === undefined) {
    const held = source.held?.filter(({ releasedAt }) => releasedAt === undefined) ?? [];
    return {
      ...choiceOf(source, "promote", author),
      verifiedAt: source.verifiedAt,
      from,
      ...signaturesOf(source),
      ...(held.length === 0 ? {} : { held }),
    };
  }
  if (base.digest === source.digest) return base;
  refuseHeld(base, source.digest);
  const promoted = replace(base, source, "promote", author);
  return { ...promoted, verifiedAt: source.verifiedAt, from, ...signaturesOf(source) };
}

function signaturesOf({ signatures }: LockEntry): Pick<LockEntry, "signatures"> {
  return signatures === undefined ? {} : { signatures };
}

/** An entry with the other's holds, but for those of digests that are held here already, or were released here since. */
function withHolds(entry: LockEntry, source: LockEntry): LockEntry {
  const decidedHere = ({ digest, heldAt }: Held): boolean =>
    entry.held?.some(
      (held) => held.digest === digest && (held.releasedAt === undefined || held.releasedAt >= heldAt),
    ) === true;
  const added = (source.held ?? []).filter((held) => held.releasedAt === undefined && !decidedHere(held));
  return added.length === 0 ? entry : { ...entry, held: [...(entry.held ?? []), ...added] };
}

function refuseHeld(entry: LockEntry, digest: Digest): void {
  const held = holdOn(entry, digest);
  if (held === undefined) return;
  const why = held.reason === undefined ? "" : `: ${held.reason}`;
  throw new LockError({
    code: "held",
    problem: `${digest} was rolled back on ${held.heldAt.slice(0, 10)} and is held${why}`,
    fix: "let it go first, if it is good after all: pinned-images rollback --release",
  });
}

function replace(entry: LockEntry, seen: Seen, how: ChangeKind, author: Author): LockEntry {
  const { digest, mediaType, platforms, lockedAt, history = [], held } = entry;
  const past: PastEntry = {
    ...{ digest, mediaType, platforms, lockedAt },
    // By a clock that is behind the one that locked it, it was replaced before it was there.
    replacedAt: later(author.now, lockedAt),
    ...(entry.how === undefined ? {} : { how: entry.how }),
    ...whoAndWhy(entry),
    ...(entry.from === undefined ? {} : { from: entry.from }),
  };
  return {
    ...choiceOf(seen, how, author),
    verifiedAt: author.now,
    ...(held === undefined ? {} : { held }),
    history: [...history, past],
  };
}

function choiceOf(
  { digest, mediaType, platforms }: Seen,
  how: ChangeKind,
  author: Author,
): Omit<LockEntry, "verifiedAt"> {
  return { digest, mediaType, platforms, lockedAt: author.now, how, ...whoAndWhy(author) };
}

function whoAndWhy({ by, reason }: { readonly by?: string; readonly reason?: string }): {
  by?: string;
  reason?: string;
} {
  return { ...(by === undefined ? {} : { by }), ...(reason === undefined ? {} : { reason }) };
}
