import assert from "node:assert/strict";
import {
  holdOn,
  pinEntry,
  previousDigest,
  promoteEntry,
  refreshEntry,
  releaseEntry,
  rollBackEntry,
  signedEntry,
  verifiedEntry,
  type Author,
  type Held,
  type LockedSignatures,
  type LockEntry,
  type PastEntry,
  type Seen,
} from "../../lock";
import { at, digestOf, entryWith, index } from "./support/entries";

const [a, b, c] = [digestOf("a"), digestOf("b"), digestOf("c")];
const seen = (digest: Seen["digest"]): Seen => ({ digest, mediaType: index, platforms: ["linux/amd64"] });
const author: Author = { now: at("12:00"), by: "Ada <ada@example.com>", reason: "CVE-2026-1234" };
const signed = { by: "Ada <ada@example.com>", reason: "CVE-2026-1234" };
const past = (digest: Seen["digest"], lockedAt: string, replacedAt: string): PastEntry => ({
  digest,
  mediaType: index,
  platforms: ["linux/amd64"],
  lockedAt: at(lockedAt),
  replacedAt: at(replacedAt),
});
const heldB: Held = { digest: b, heldAt: at("09:00"), reason: "crashes" };
/** Locked on `a` since 10:00. */
const onA = entryWith({ ...seen(a), how: "pin", by: "Bob", reason: "first" });
/** What `onA` becomes when it is replaced at 12:00. */
const pastA: PastEntry = { ...past(a, "10:00", "12:00"), how: "pin", by: "Bob", reason: "first" };
const chosen = (digest: Seen["digest"], how: LockEntry["how"]): object => ({
  ...seen(digest),
  lockedAt: at("12:00"),
  verifiedAt: at("12:00"),
  how,
  ...signed,
});

describe("pinEntry", () => {
  it("begins an entry", () => {
    assert.deepEqual(pinEntry(undefined, seen(a), author), chosen(a, "pin"));
  });
  it("says neither who nor why when nobody says it", () => {
    assert.deepEqual(pinEntry(undefined, seen(a), { now: at("12:00") }), {
      ...seen(a),
      lockedAt: at("12:00"),
      verifiedAt: at("12:00"),
      how: "pin",
    });
  });
  it("leaves one that has the digest as it is", () => {
    assert.deepEqual(pinEntry(onA, seen(a), author), onA);
    const moved = { ...onA, tagMovedAt: at("11:00") };
    assert.deepEqual(
      pinEntry(moved, seen(a), author),
      moved,
      "and where the tag points stays as it was seen",
    );
  });
  it("replaces another digest, and remembers it", () => {
    assert.deepEqual(pinEntry(onA, seen(b), author), { ...chosen(b, "pin"), history: [pastA] });
  });
  it("forgets that the tag had moved from the digest that was", () => {
    assert.equal(pinEntry({ ...onA, tagMovedAt: at("11:00") }, seen(b), author).tagMovedAt, undefined);
  });
  it("refuses a digest that is held", () => {
    assert.throws(() => pinEntry({ ...onA, held: [heldB] }, seen(b), author), {
      code: "held",
      message: `${b} was rolled back on 2026-11-21 and is held: crashes`,
      fix: "let it go first, if it is good after all: pinned-images rollback --release",
    });
  });
  it("takes one that was released, and keeps the record of the hold", () => {
    const released = { ...heldB, releasedAt: at("11:00") };
    assert.deepEqual(pinEntry({ ...onA, held: [released] }, seen(b), author), {
      ...chosen(b, "pin"),
      held: [released],
      history: [pastA],
    });
  });
});

describe("refreshEntry", () => {
  it("takes the digest that the tag has now", () => {
    assert.deepEqual(refreshEntry(onA, seen(b), author), {
      outcome: "replaced",
      entry: { ...chosen(b, "refresh"), history: [pastA] },
    });
  });
  it("appends to the history", () => {
    const before = { ...onA, history: [past(c, "08:00", "10:00")] };
    assert.deepEqual(refreshEntry(before, seen(b), author).entry.history, [past(c, "08:00", "10:00"), pastA]);
  });
  it("changes nothing but what was verified when the tag has not moved", () => {
    const later = { ...author, now: at("12:00", "2026-11-25") };
    assert.deepEqual(refreshEntry(onA, seen(a), later), {
      outcome: "unchanged",
      entry: { ...onA, verifiedAt: later.now },
    });
  });
  it("does not bring back a digest that is held, and notes since when the tag points to it", () => {
    const before = { ...onA, held: [heldB] };
    const first = refreshEntry(before, seen(b), author);
    assert.deepEqual(first, { outcome: "held", entry: { ...before, tagMovedAt: at("12:00") } });
    assert.deepEqual(refreshEntry(first.entry, seen(b), { now: at("13:00") }), first);
  });
  it("takes a third digest past one that is held", () => {
    const { entry, outcome } = refreshEntry({ ...onA, held: [heldB] }, seen(c), author);
    assert.deepEqual([outcome, entry.digest, entry.held], ["replaced", c, [heldB]]);
  });
});

describe("verifiedEntry", () => {
  const day = "2026-11-22";
  // when, where the tag points, tagMovedAt before → verifiedAt, tagMovedAt after
  const cases: readonly (readonly [string, string, LockEntry, Partial<LockEntry>])[] = [
    ["at once", at("10:00"), onA, { verifiedAt: at("10:00") }],
    ["23 hours later", at("09:59", day), onA, { verifiedAt: at("10:00") }],
    ["a day later", at("10:00", day), onA, { verifiedAt: at("10:00", day) }],
    ["by a clock that is behind", at("09:59"), onA, { verifiedAt: at("09:59") }],
    [
      "of a lock from the future",
      at("12:00"),
      { ...onA, verifiedAt: at("10:00", "2099-01-01") },
      { verifiedAt: at("12:00") },
    ],
  ];
  for (const [what, now, entry, expected] of cases) {
    it(`notes to the day when the registry had the digest: ${what}`, () => {
      assert.deepEqual(verifiedEntry(entry, a, at(now.slice(11, 16), now.slice(0, 10))), {
        ...onA,
        ...expected,
      });
    });
  }
  it("notes when the tag was first seen elsewhere, and keeps that", () => {
    const moved = verifiedEntry(onA, b, at("11:00"));
    assert.deepEqual(moved, { ...onA, tagMovedAt: at("11:00") });
    assert.deepEqual(verifiedEntry(moved, c, at("12:00")), moved);
  });
  it("forgets it when the tag is back", () => {
    assert.deepEqual(verifiedEntry({ ...onA, tagMovedAt: at("11:00") }, a, at("12:00")), onA);
  });
});

describe("signedEntry", () => {
  const proof = (who: string, evidence: string): Omit<LockedSignatures, "verifiedAt"> => ({
    by: [{ who, how: "key" }],
    evidence,
  });
  const first = signedEntry(onA, proof("Ann", "AAAA"), at("12:00"));

  it("notes who signed, what proves it, and when that was found out", () => {
    const signatures = { verifiedAt: at("12:00"), ...proof("Ann", "AAAA") };
    assert.deepEqual(first, { ...onA, signatures });
  });

  // what, signatures, when → verifiedAt
  const cases: readonly (readonly [string, string, string, string])[] = [
    ["an hour later", "AAAA", at("13:00"), at("12:00")],
    ["two days later", "AAAA", at("12:00", "2026-11-23"), at("12:00", "2026-11-23")],
    ["an hour later, of another evidence", "BBBB", at("13:00"), at("13:00")],
  ];
  for (const [what, evidence, now, verifiedAt] of cases) {
    it(`keeps to the day when it was found out: ${what}`, () => {
      const again = signedEntry(first, proof("Bob", evidence), at(now.slice(11, 16), now.slice(0, 10)));
      assert.deepEqual(again.signatures, { verifiedAt, ...proof("Bob", evidence) });
    });
  }

  // the change, of an entry that is on `a` and signed → whose signatures it has
  const changes: readonly (readonly [string, LockEntry, string | undefined])[] = [
    ["a pin of the same digest", pinEntry(first, seen(a), author), "Ann"],
    ["a pin of another digest", pinEntry(first, seen(b), author), undefined],
    ["a refresh to the same digest", refreshEntry(first, seen(a), author).entry, "Ann"],
    ["a refresh to another digest", refreshEntry(first, seen(b), author).entry, undefined],
    [
      "a refresh that keeps away what is held",
      refreshEntry({ ...first, held: [heldB] }, seen(b), author).entry,
      "Ann",
    ],
    ["a tag that has moved", verifiedEntry(first, b, at("13:00")), "Ann"],
    ["a rollback", rollBackEntry({ ...first, history: [past(b, "08:00", "10:00")] }, author), undefined],
    ["a release", releaseEntry({ ...first, held: [heldB] }, author), "Ann"],
    ["a promotion into a lock that has no such entry", promoteEntry(undefined, first, "x", author), "Ann"],
    [
      "a promotion over another digest",
      promoteEntry(signedEntry(entryWith(seen(b)), proof("Bob", "BBBB"), at("09:00")), first, "x", author),
      "Ann",
    ],
    [
      "a promotion of a digest that nobody verified, over one that somebody did",
      promoteEntry(first, entryWith(seen(b)), "x", author),
      undefined,
    ],
    [
      "a promotion of the same digest",
      promoteEntry(signedEntry(onA, proof("Bob", "BBBB"), at("09:00")), first, "x", author),
      "Bob",
    ],
  ];
  for (const [what, entry, who] of changes) {
    it(`goes with the digest: ${what} ${who === undefined ? "drops it" : "keeps it"}`, () => {
      assert.equal(entry.signatures?.by[0]?.who, who);
    });
  }
});

describe("rollBackEntry", () => {
  const onC = { ...onA, ...seen(c), history: [past(a, "07:00", "08:00"), past(b, "08:00", "10:00")] };
  const pastC = { ...pastA, digest: c };
  const heldC = { digest: c, heldAt: at("12:00"), ...signed };

  it("goes to the last digest, and holds the one that it leaves", () => {
    assert.deepEqual(rollBackEntry(onC, author), {
      ...chosen(b, "rollback"),
      // When it was locked it was there; nobody has asked since.
      verifiedAt: at("08:00"),
      held: [heldC],
      history: [...onC.history, pastC],
    });
  });
  it("passes over digests that are held", () => {
    assert.deepEqual(rollBackEntry({ ...onC, held: [heldB] }, author).digest, a);
  });
  it("goes back step by step, holding each", () => {
    const once = rollBackEntry(onC, author);
    const twice = rollBackEntry(once, { now: at("12:01") });
    assert.deepEqual([once.digest, twice.digest], [b, a]);
    assert.deepEqual(twice.held, [heldC, { digest: b, heldAt: at("12:01") }]);
    assert.throws(() => rollBackEntry(twice, author), { code: "no-history" });
  });
  it("passes over the present digest in the history", () => {
    const history = [past(a, "07:00", "08:00"), past(c, "08:00", "09:00")];
    assert.equal(previousDigest({ ...onC, history }), a);
  });
  it("goes to a digest of the history that is named, with what is known of it", () => {
    const history = [{ ...past(a, "07:00", "08:00"), platforms: ["linux/arm/v7"] }, ...onC.history.slice(1)];
    const entry = rollBackEntry({ ...onC, history }, author, a);
    assert.deepEqual([entry.digest, entry.platforms, entry.verifiedAt], [a, ["linux/arm/v7"], at("07:00")]);
  });
  it("goes to a digest that the registry knows, though the history does not", () => {
    const entry = rollBackEntry(onA, author, b, { ...seen(b), platforms: [] });
    assert.deepEqual(entry, {
      ...chosen(b, "rollback"),
      platforms: [],
      held: [{ ...heldC, digest: a }],
      history: [pastA],
    });
  });
  it("takes what a history without details leaves open from the present entry", () => {
    const history = [{ digest: b, lockedAt: at("08:00"), replacedAt: at("10:00") }];
    const entry = rollBackEntry({ ...onA, history }, author);
    assert.deepEqual([entry.mediaType, entry.platforms], [index, ["linux/amd64"]]);
  });

  // what, entry, to, code, message, fix
  const refused: readonly (readonly [
    string,
    LockEntry,
    Seen["digest"] | undefined,
    string,
    string,
    string,
  ])[] = [
    [
      "without a history",
      onA,
      undefined,
      "no-history",
      "there is no earlier digest that is not held",
      "name the digest to go back to: --to sha256:…",
    ],
    [
      "to the digest that is locked",
      onC,
      c,
      "no-history",
      `${c} is the digest that is locked`,
      "name another one",
    ],
    [
      "to one that was never locked",
      onA,
      b,
      "no-history",
      `${b} was never locked`,
      "name one from the history: pinned-images audit --history",
    ],
    [
      "to one that is held",
      { ...onC, held: [heldB] },
      b,
      "held",
      `${b} was rolled back on 2026-11-21 and is held: crashes`,
      "let it go first, if it is good after all: pinned-images rollback --release",
    ],
  ];
  for (const [what, entry, to, code, message, fix] of refused) {
    it(`is refused ${what}`, () => {
      assert.throws(() => rollBackEntry(entry, author, to), { name: "LockError", code, message, fix });
    });
  }
});

describe("releaseEntry", () => {
  const heldC: Held = { digest: c, heldAt: at("11:00") };
  const release = { releasedAt: at("12:00"), releasedBy: signed.by, releaseReason: signed.reason };
  const entry = { ...onA, held: [heldB, heldC] };

  it("releases all, and keeps them on record", () => {
    const released = releaseEntry(entry, author);
    assert.deepEqual(released, {
      ...onA,
      held: [
        { ...heldB, ...release },
        { ...heldC, ...release },
      ],
    });
    assert.deepEqual([holdOn(released, b), holdOn(released, c)], [undefined, undefined]);
  });
  it("releases the one that is named", () => {
    assert.deepEqual(releaseEntry(entry, author, c).held, [heldB, { ...heldC, ...release }]);
  });
  it("leaves those alone that were released before", () => {
    const before = { ...heldB, releasedAt: at("10:00"), releasedBy: "Bob" };
    assert.deepEqual(releaseEntry({ ...onA, held: [before, heldC] }, author).held?.[0], before);
  });
  it("does not release before it was held, by a clock that is behind", () => {
    const [hold] = releaseEntry({ ...onA, held: [heldC] }, { now: at("10:00") }).held ?? [];
    assert.deepEqual(hold, { ...heldC, releasedAt: at("11:00") });
  });
  it("lets the next refresh bring the digest, and a rollback hold it again", () => {
    const back = refreshEntry(releaseEntry(entry, author), seen(b), { now: at("13:00") });
    assert.deepEqual([back.outcome, back.entry.digest], ["replaced", b]);
    const again = rollBackEntry(back.entry, { now: at("14:00") });
    assert.deepEqual([again.digest, again.held?.length, holdOn(again, b)?.heldAt], [a, 3, at("14:00")]);
  });

  // what, entry, digest → message
  const refused: readonly (readonly [string, LockEntry, Seen["digest"] | undefined, string])[] = [
    ["nothing was ever held", onA, undefined, "no digest is held"],
    ["all were released", releaseEntry(entry, author), undefined, "no digest is held"],
    ["another one is held", { ...onA, held: [heldB] }, c, `${c} is not held`],
  ];
  for (const [what, before, digest, message] of refused) {
    it(`is refused where ${what}`, () => {
      assert.throws(() => releaseEntry(before, author, digest), { code: "no-history", message });
    });
  }
});

describe("promoteEntry", () => {
  const from = "images.staging.lock.json";
  const source = entryWith({ ...seen(b), verifiedAt: at("11:00"), history: [past(a, "08:00", "10:00")] });

  it("begins an entry, without the other lock's history", () => {
    assert.deepEqual(promoteEntry(undefined, source, from, author), {
      ...chosen(b, "promote"),
      verifiedAt: at("11:00"),
      from,
    });
  });
  it("replaces another digest, and remembers it", () => {
    assert.deepEqual(promoteEntry(onA, source, from, author), {
      ...chosen(b, "promote"),
      verifiedAt: at("11:00"),
      from,
      history: [pastA],
    });
  });
  it("remembers from where the digest came that is replaced", () => {
    const promoted = promoteEntry(undefined, source, from, { now: at("11:00") });
    assert.equal(refreshEntry(promoted, seen(c), author).entry.history?.[0]?.from, from);
  });
  it("changes nothing where both have the digest", () => {
    const same = { ...onA, ...seen(b) };
    assert.deepEqual(promoteEntry(same, source, from, author), same);
  });
  it("is refused where the digest is held", () => {
    assert.throws(() => promoteEntry({ ...onA, held: [heldB] }, source, from, author), { code: "held" });
  });

  const hold = (heldAt: string, releasedAt?: string): Held => ({
    digest: c,
    heldAt: at(heldAt),
    ...(releasedAt === undefined ? {} : { releasedAt: at(releasedAt) }),
  });
  // what, held there, held here → held here afterwards
  const holds: readonly (readonly [
    string,
    readonly Held[],
    readonly Held[] | undefined,
    readonly Held[] | undefined,
  ])[] = [
    ["is held there is held here", [hold("09:00")], undefined, [hold("09:00")]],
    ["was released there is not held here", [hold("09:00", "10:00")], undefined, undefined],
    ["is held in both keeps its record here", [hold("09:00")], [hold("08:00")], [hold("08:00")]],
    [
      "was released here since it was held there stays released",
      [hold("09:00")],
      [hold("09:00", "10:00")],
      [hold("09:00", "10:00")],
    ],
    [
      "was held there anew since it was released here is held again",
      [hold("07:00", "08:00"), hold("11:00")],
      [hold("07:00", "08:00")],
      [hold("07:00", "08:00"), hold("11:00")],
    ],
  ];
  for (const [what, there, here, expected] of holds) {
    it(`what ${what}`, () => {
      const entry = { ...onA, ...(here === undefined ? {} : { held: here }) };
      assert.deepEqual(promoteEntry(entry, { ...source, held: there }, from, author).held, expected);
    });
    if (here === undefined) {
      it(`what ${what}, in an entry that is new`, () => {
        assert.deepEqual(promoteEntry(undefined, { ...source, held: there }, from, author).held, expected);
      });
    }
  }
  it("leaves a digest that was rolled back there, and holds it", () => {
    const rolledBack = rollBackEntry({ ...onA, history: [past(b, "08:00", "10:00")] }, { now: at("11:00") });
    const promoted = promoteEntry(onA, rolledBack, from, author);
    assert.deepEqual([promoted.digest, holdOn(promoted, a)?.heldAt], [b, at("11:00")]);
  });
});

describe("a change by a clock that is behind the lock's", () => {
  const future = { ...onA, lockedAt: at("10:00", "2099-01-01"), verifiedAt: at("10:00", "2099-01-01") };
  it("takes its own time for the new digest, and ends the old one no earlier than it began", () => {
    const { entry } = refreshEntry(future, seen(b), author);
    assert.deepEqual([entry.lockedAt, entry.verifiedAt], [at("12:00"), at("12:00")]);
    assert.deepEqual(entry.history, [{ ...pastA, lockedAt: future.lockedAt, replacedAt: future.lockedAt }]);
  });
  it("keeps the time of a digest that stays", () => {
    assert.equal(refreshEntry(future, seen(a), author).entry.lockedAt, future.lockedAt);
  });
  it("rolls back as ever", () => {
    const entry = rollBackEntry(refreshEntry(future, seen(b), author).entry, { now: at("09:00") });
    assert.deepEqual([entry.digest, entry.lockedAt, holdOn(entry, b)?.heldAt], [a, at("09:00"), at("09:00")]);
  });
});
