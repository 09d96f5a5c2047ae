import * as v from "valibot";
import { formatPlatform, parseDigest, parsePlatform, type Digest } from "../images";
import { isTimestamp, type Timestamp } from "./timestamp";

/** How an entry came to its digest. */
export type ChangeKind = "pin" | "refresh" | "rollback" | "promote";

/** The choice of one digest: who made it, when, and why. */
interface Choice {
  readonly digest: Digest;
  /** When it was chosen. */
  readonly lockedAt: Timestamp;
  /** By which verb. */
  readonly how?: ChangeKind;
  /** `Name <mail>`, as git has it. */
  readonly by?: string;
  /** A ticket, a CVE. */
  readonly reason?: string;
  /** The lock that it was promoted from. */
  readonly from?: string;
}

/** A choice that was replaced by the next one. */
export interface PastEntry extends Choice {
  readonly mediaType?: string;
  readonly platforms?: readonly string[];
  readonly replacedAt: Timestamp;
}

/** A digest that was rolled back: it must not come back until it is released. */
export interface Held {
  readonly digest: Digest;
  readonly heldAt: Timestamp;
  readonly by?: string;
  readonly reason?: string;
  /** A hold that was released stays on record. */
  readonly releasedAt?: Timestamp;
  readonly releasedBy?: string;
  readonly releaseReason?: string;
}

/** What the lock holds for one reference. */
export interface LockEntry extends Choice {
  readonly mediaType: string;
  /** `os/architecture[/variant]`; empty for an artifact that is no image. */
  readonly platforms: readonly string[];
  /** When the registry was last seen to have the digest. */
  readonly verifiedAt: Timestamp;
  /** When the tag was first seen to point elsewhere; missing as long as it has not. */
  readonly tagMovedAt?: Timestamp;
  readonly held?: readonly Held[];
  /** Oldest first. */
  readonly history?: readonly PastEntry[];
}

/** A lock: entries by the names that `lockKey` gives, in no particular order. */
export interface Lock {
  /** The schema that an editor completes with; kept as it was found. */
  readonly $schema?: string;
  readonly images: ReadonlyMap<string, LockEntry>;
}

const digest = v.pipe(
  v.string(),
  v.rawTransform<string, Digest>(({ dataset, addIssue, NEVER }) => {
    try {
      return parseDigest(dataset.value);
    } catch (error) {
      addIssue({ message: error instanceof Error ? error.message : "is no digest" });
      return NEVER;
    }
  }),
);

const moment = v.pipe(v.string(), v.guard(isTimestamp, "is no time like 2026-11-21T10:00:00Z"));

/** People's words: on one line, and of a length that a report can show. */
const words = v.pipe(
  v.string(),
  v.minLength(1, "is empty"),
  v.maxLength(1000, "has more than 1,000 characters"),
  // eslint-disable-next-line no-control-regex -- control characters are what must not get in
  v.regex(/^[^\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/, "has control characters"),
);

/**
 * What keeps a text from being written into a lock as a name or a reason: half a sentence, to stand behind what the text is.
 * Undefined when nothing does.
 */
export function problemOfWords(text: string): string | undefined {
  return v.safeParse(words, text).issues?.[0].message;
}

const platform = v.pipe(v.string(), v.check(isPlatform, "is no platform like linux/amd64"));

function isPlatform(text: string): boolean {
  try {
    return formatPlatform(parsePlatform(text)) === text;
  } catch {
    return false;
  }
}

const mediaType = v.pipe(
  v.string(),
  v.regex(/^[\w.+-]+\/[\w.+-]+$/, "is no media type"),
  v.maxLength(255, "has more than 255 characters"),
);
const platforms = v.pipe(v.array(platform), v.maxLength(200, "has more than 200 elements"));

const choice = {
  how: v.exactOptional(v.picklist(["pin", "refresh", "rollback", "promote"])),
  by: v.exactOptional(words),
  reason: v.exactOptional(words),
  from: v.exactOptional(words),
};

const heldSchema = v.strictObject({
  digest,
  heldAt: moment,
  by: v.exactOptional(words),
  reason: v.exactOptional(words),
  releasedAt: v.exactOptional(moment),
  releasedBy: v.exactOptional(words),
  releaseReason: v.exactOptional(words),
});

const pastEntrySchema = v.strictObject({
  digest,
  mediaType: v.exactOptional(mediaType),
  platforms: v.exactOptional(platforms),
  lockedAt: moment,
  replacedAt: moment,
  ...choice,
});

/** What the file holds for one reference. Fields are written in the order in which they stand here. */
export const entrySchema: v.GenericSchema<unknown, LockEntry> = v.strictObject({
  digest,
  mediaType,
  platforms,
  lockedAt: moment,
  verifiedAt: moment,
  tagMovedAt: v.exactOptional(moment),
  ...choice,
  held: v.exactOptional(v.pipe(v.array(heldSchema), v.minLength(1, "is empty"))),
  history: v.exactOptional(v.pipe(v.array(pastEntrySchema), v.minLength(1, "is empty"))),
});
