import type { Digest, ImageReference } from "../images";
import { holdOn, lockKey, type Lock, type LockEntry } from "../lock";
import type { FoundImage } from "../resources";
import type { AuditClass } from "./audit-classes";
import { lockArgument } from "./select";
import { byAndWhy, day, short } from "./wording";

/** The locks that an image is compared with. */
export interface Compared {
  /** The locks that say what should run, as people here write them, and what they hold. */
  readonly locks: readonly { readonly file: string; readonly lock: Lock }[];
  /** What `--lock` has to say in commands. */
  readonly argument: string | undefined;
}

/** What is to be said of one image. */
export interface Verdict {
  readonly kind: AuditClass;
  readonly says: string;
  /** The digest that the lock holds, where it holds another. */
  readonly lockDigest?: Digest;
  /** The command that is next. */
  readonly next?: string;
}

/** Compares one image with the locks. */
export function verdictOf(
  { state, secret }: { readonly state: FoundImage["state"]; readonly secret: boolean },
  compared: Compared,
): Verdict {
  switch (state.kind) {
    case "unknown":
      return { kind: "unreadable", says: secret ? "secret, not readable" : "not known" };
    case "unreadable":
      return { kind: "unreadable", says: state.problem };
    case "malformed":
      return { kind: "malformed", says: state.error.message };
    case "local":
    case "scratch":
      return { kind: "local", says: "in no registry" };
    case "tag":
    case "untagged":
      return unpinned(state.reference, compared);
    case "digest":
      return pinned(state.reference, state.digest, compared);
  }
}

function unpinned(reference: ImageReference, compared: Compared): Verdict {
  const [entry] = entriesOf(reference, compared);
  if (entry === undefined) {
    const next = `pinned-images pin ${lockKey(reference)}${lockArgument(compared.argument)}`;
    return { kind: "unpinned", says: "no digest, and not in the lock", next };
  }
  return {
    kind: "unpinned",
    says: `no digest; the lock has ${short(entry.digest)}`,
    lockDigest: entry.digest,
  };
}

function pinned(reference: ImageReference, digest: Digest, compared: Compared): Verdict {
  const entries = entriesOf(reference, compared);
  for (const entry of entries) {
    const held = holdOn(entry, digest);
    if (held === undefined) continue;
    const says = `rolled back ${day(held.heldAt)}${byAndWhy(held)}`;
    return { kind: "rolled-back", says, lockDigest: entry.digest };
  }
  const same = entries.find((entry) => entry.digest === digest);
  if (same !== undefined) return { kind: "ok", says: `as locked ${day(same.lockedAt)}` };
  const [first] = entries;
  if (first !== undefined) {
    const past = entries.some(({ history }) => history?.some((choice) => choice.digest === digest) === true);
    const says = `${past ? "replaced in the lock" : "never in the lock"}, which has ${short(first.digest)} since ${day(first.lockedAt)}`;
    return { kind: "differs", says, lockDigest: first.digest };
  }
  // Which tag a digest belongs to, only people can say; in quotes, since to a shell the brackets are files.
  const image =
    reference.tag === undefined
      ? `"${reference.registry}/${reference.repository}:<tag>@${digest}"`
      : `${lockKey(reference)}@${digest}`;
  const next = `pinned-images pin ${image}${lockArgument(compared.argument)}`;
  return { kind: "not-in-lock", says: "in no lock", next };
}

/** The entries that a reference may have come from: its tag's, or, where only a digest is left, all of its repository. */
function entriesOf(reference: ImageReference, { locks }: Compared): readonly LockEntry[] {
  const name = lockKey(reference);
  const anyTag = reference.tag === undefined && reference.digest !== undefined;
  const start = anyTag ? `${reference.registry}/${reference.repository}:` : `${name} `;
  return locks.flatMap(({ lock }) =>
    [...lock.images].flatMap(([entryName, entry]) =>
      entryName === name || entryName.startsWith(start) ? [entry] : [],
    ),
  );
}
