import assert from "node:assert/strict";
import fc from "fast-check";
import {
  formatLock,
  holdOn,
  LockError,
  parseLock,
  pinEntry,
  promoteEntry,
  refreshEntry,
  releaseEntry,
  rollBackEntry,
  signedEntry,
  timestamp,
  verifiedEntry,
  type Author,
  type LockedSignatures,
  type LockEntry,
  type Seen,
} from "../../lock";
import { digestOf, index } from "./support/entries";

/** A change, of the lock of staging or of the one of production. */
interface Step {
  readonly verb:
    | "pin"
    | "refresh"
    | "verified"
    | "signed"
    | "rollback"
    | "rollback-to"
    | "release"
    | "release-one"
    | "promote"
    | "demote";
  readonly production: boolean;
  readonly digest: Seen["digest"];
  readonly author: Author;
}

const step: fc.Arbitrary<Step> = fc.record({
  verb: fc.constantFrom(
    "pin",
    "refresh",
    "verified",
    "signed",
    "rollback",
    "rollback-to",
    "release",
    "release-one",
    "promote",
    "demote",
  ),
  production: fc.boolean(),
  digest: fc.nat(4).map((seed) => digestOf(`digest ${seed}`)),
  // Clocks that jump to and fro, and stand still.
  author: fc.record(
    {
      now: fc.nat(20).map((hours) => timestamp(hours * 3_600_000)),
      by: fc.constant("Ada"),
      reason: fc.constant("why"),
    },
    { requiredKeys: ["now"] },
  ),
});

/** What is kept of the signatures of a digest: it names the digest, so that it is seen where it does not belong. */
function signaturesOf(digest: Seen["digest"]): Omit<LockedSignatures, "verifiedAt"> {
  return { by: [{ who: digest, how: "key" }], evidence: Buffer.from(digest).toString("base64") };
}

function changed(
  entry: LockEntry | undefined,
  other: LockEntry | undefined,
  step: Step,
): LockEntry | undefined {
  const { verb, digest, author } = step;
  const seen = { digest, mediaType: index, platforms: ["linux/amd64"] };
  if (verb === "pin") return pinEntry(entry, seen, author);
  if (verb === "promote" || verb === "demote") {
    return other === undefined ? entry : promoteEntry(entry, other, "other.lock.json", author);
  }
  if (entry === undefined) return undefined;
  switch (verb) {
    case "refresh":
      return refreshEntry(entry, seen, author).entry;
    case "verified":
      return verifiedEntry(entry, digest, author.now);
    case "signed":
      return signedEntry(entry, signaturesOf(entry.digest), author.now);
    case "rollback":
      return rollBackEntry(entry, author);
    case "rollback-to":
      return rollBackEntry(entry, author, digest, seen);
    case "release":
      return releaseEntry(entry, author);
    case "release-one":
      return releaseEntry(entry, author, digest);
  }
}

/** What must hold of an entry, and of the step from the one before it. */
function assertKept(before: LockEntry | undefined, after: LockEntry, { verb, author }: Step): void {
  assert.equal(holdOn(after, after.digest), undefined, "a held digest is locked");
  for (const { lockedAt, replacedAt } of after.history ?? []) assert.ok(replacedAt >= lockedAt);
  for (const { heldAt, releasedAt } of after.held ?? []) assert.ok((releasedAt ?? heldAt) >= heldAt);
  if (after.signatures !== undefined) {
    const { by, evidence } = after.signatures;
    assert.deepEqual({ by, evidence }, signaturesOf(after.digest), "the signatures of another digest");
  }
  const lock = { images: new Map([["docker.io/library/nginx:1.27", after]]) };
  assert.deepEqual(parseLock(formatLock(lock)), lock);
  if (before === undefined) return;

  const [old = [], now = []] = [before.history, after.history];
  assert.deepEqual(now.slice(0, old.length), old, "the old part of the history is another one");
  const moved = after.digest !== before.digest;
  assert.equal(now.length, old.length + (moved ? 1 : 0));
  if (moved) {
    const last = now.at(-1);
    assert.deepEqual([last?.digest, last?.lockedAt], [before.digest, before.lockedAt]);
    assert.equal(after.lockedAt, author.now);
  } else {
    assert.equal(after.lockedAt, before.lockedAt, "lockedAt moved without the digest");
    assert.ok(before.signatures === undefined || after.signatures !== undefined, "the signatures are gone");
    assert.deepEqual(
      [after.how, after.by, after.reason, after.from],
      [before.how, before.by, before.reason, before.from],
    );
  }

  const records = before.held ?? [];
  const kept = (after.held ?? []).slice(0, records.length);
  assert.deepEqual(
    kept.map(({ digest, heldAt, by, reason }) => ({ digest, heldAt, by, reason })),
    records.map(({ digest, heldAt, by, reason }) => ({ digest, heldAt, by, reason })),
    "the record of a hold is gone",
  );
  for (const [index, hold] of records.entries()) {
    if (hold.releasedAt !== undefined) assert.deepEqual(kept[index], hold);
    else if (!verb.startsWith("release"))
      assert.equal(kept[index]?.releasedAt, undefined, "released by itself");
  }
}

describe("any sequence of pin, refresh, verify, sign, rollback, release and promote", () => {
  it("keeps held digests away, the history whole, and lockedAt and signatures with the digest", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const locks: Record<"staging" | "production", LockEntry | undefined> = {
          staging: undefined,
          production: undefined,
        };
        for (const next of steps) {
          const [here, there] = next.production
            ? (["production", "staging"] as const)
            : (["staging", "production"] as const);
          const before = locks[here];
          const copy = structuredClone(before);
          try {
            const after = changed(before, locks[there], next);
            if (after !== undefined) assertKept(before, after, next);
            locks[here] = after;
          } catch (error) {
            if (!(error instanceof LockError)) throw error;
            assert.ok(["held", "no-history"].includes(error.code), error.code);
          }
          // What was handed in stays what it was.
          assert.deepEqual(before, copy);
        }
      }),
      { numRuns: 500 },
    );
  });
});
