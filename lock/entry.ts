import * as v from "valibot";
import { parseDigest, parsePlatform, type Digest } from "../images";
import { isTimestamp, timestampPattern, type Timestamp } from "./timestamp";

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

// `metadata` and `description` check nothing: they are for the published schema (tools/schema.ts), which cannot call functions.

const digest = v.pipe(
  v.string(),
  v.metadata({ pattern: "^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$" }),
  v.rawTransform<string, Digest>(({ dataset, addIssue, NEVER }) => {
    try {
      return parseDigest(dataset.value);
    } catch (error) {
      addIssue({ message: error instanceof Error ? error.message : "is no digest" });
      return NEVER;
    }
  }),
);

const moment = v.pipe(
  v.string(),
  v.metadata({ pattern: timestampPattern.source }),
  v.guard(isTimestamp, "is no time like 2026-11-21T10:00:00Z"),
);

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

const platform = v.pipe(
  v.string(),
  v.metadata({ pattern: "^[a-z0-9]{1,32}/[a-z0-9_]{1,32}(/[a-z0-9.]{1,32})?$" }),
  v.check(isPlatform, "is no platform like linux/amd64"),
);

function isPlatform(text: string): boolean {
  try {
    parsePlatform(text);
    return true;
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

/** A field with what an editor says of it. */
function said<const TSchema extends v.GenericSchema>(
  schema: TSchema,
  description: string,
): v.SchemaWithPipe<readonly [TSchema, v.DescriptionAction<v.InferOutput<TSchema>, string>]> {
  return v.pipe(schema, v.description(description));
}

const choice = {
  how: v.exactOptional(
    said(v.picklist(["pin", "refresh", "rollback", "promote"]), "By which verb the digest was chosen."),
  ),
  by: v.exactOptional(said(words, "Who chose it: a name, and a mail address as git has it.")),
  reason: v.exactOptional(said(words, "Why: a ticket, a CVE.")),
  from: v.exactOptional(said(words, "The lock that it was promoted from.")),
};

const heldSchema = v.strictObject({
  digest: said(digest, "The digest that must not come back."),
  heldAt: said(moment, "When it was rolled back."),
  by: v.exactOptional(said(words, "Who rolled it back.")),
  reason: v.exactOptional(said(words, "Why it was rolled back.")),
  releasedAt: v.exactOptional(
    said(moment, "When it was allowed to come back; missing as long as it is held."),
  ),
  releasedBy: v.exactOptional(said(words, "Who released it.")),
  releaseReason: v.exactOptional(said(words, "Why it was released.")),
});

const pastEntrySchema = v.strictObject({
  digest: said(digest, "A digest that was locked before."),
  mediaType: v.exactOptional(said(mediaType, "The media type of what it names.")),
  platforms: v.exactOptional(said(platforms, "The platforms that it had.")),
  lockedAt: said(moment, "When it was chosen."),
  replacedAt: said(moment, "When the next one was chosen."),
  ...choice,
});

/** What the file holds for one reference. Fields are written in the order in which they stand here. */
export const entrySchema: v.GenericSchema<unknown, LockEntry> = v.strictObject({
  digest: said(digest, "The digest that is deployed: of the index, for an image of several platforms."),
  mediaType: said(mediaType, "The media type of what the digest names."),
  platforms: said(platforms, "os/architecture[/variant] of each; empty for an artifact that is no image."),
  lockedAt: said(moment, "When the digest was chosen: UTC, to the second. Moves with the digest alone."),
  verifiedAt: said(moment, "When the registry was last seen to have the digest, to the day."),
  tagMovedAt: v.exactOptional(
    said(moment, "When the tag was first seen to point elsewhere; missing as long as it has not."),
  ),
  ...choice,
  held: v.exactOptional(
    said(
      v.pipe(v.array(heldSchema), v.minLength(1, "is empty")),
      "Digests that were rolled back: no refresh brings them back until they are released.",
    ),
  ),
  history: v.exactOptional(
    said(
      v.pipe(v.array(pastEntrySchema), v.minLength(1, "is empty")),
      "The digests before this one, oldest first. It only grows.",
    ),
  ),
});
