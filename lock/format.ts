import type { Held, Lock, LockedSignatures, LockEntry, PastEntry } from "./entry";

/**
 * The bytes of a lock: entries sorted by name, fields in one order, two spaces, `\n`, one at the end. The same lock always
 * gives the same text, so that a diff shows only what changed. As `JSON.stringify` writes it, but for platforms, which stand
 * on one line.
 */
export function formatLock(lock: Lock): string {
  const images = [...lock.images]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, entry]) => [name, inOrder(entry)] as const);
  const fields = { $schema: lock.$schema, version: 1, images: Object.fromEntries(images) };
  const text = JSON.stringify(fields, undefined, 2);
  // A line ends within a JSON text only between its tokens, so that this finds lists of strings and nothing else.
  return `${text.replace(/\[\n\s+("[^[\]{}]*")\n\s+\]/g, (_, items: string) => `[${items.replace(/\n\s+/g, " ")}]`)}\n`;
}

function inOrder(entry: LockEntry): object {
  const { digest, mediaType, platforms, lockedAt, verifiedAt, tagMovedAt, how, by, reason, from } = entry;
  return {
    ...{ digest, mediaType, platforms, lockedAt, verifiedAt, tagMovedAt, how, by, reason, from },
    signatures: entry.signatures && signaturesInOrder(entry.signatures),
    held: entry.held?.map(heldInOrder),
    history: entry.history?.map(pastInOrder),
  };
}

function signaturesInOrder({ verifiedAt, by, evidence }: LockedSignatures): object {
  return { verifiedAt, by: by.map(({ who, how, at }) => ({ who, how, at })), evidence };
}

function heldInOrder(held: Held): object {
  const { digest, heldAt, by, reason, releasedAt, releasedBy, releaseReason } = held;
  return { digest, heldAt, by, reason, releasedAt, releasedBy, releaseReason };
}

function pastInOrder(past: PastEntry): object {
  const { digest, mediaType, platforms, lockedAt, replacedAt, how, by, reason, from } = past;
  return { digest, mediaType, platforms, lockedAt, replacedAt, how, by, reason, from };
}
