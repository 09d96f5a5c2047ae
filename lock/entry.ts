import * as v from "valibot";
import type { Digest } from "../images";
import { base64, digest, mediaType, moment, platforms, said, words } from "./fields";
import type { Timestamp } from "./timestamp";

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

/** Somebody who signed a digest. */
export interface LockedSigner {
  /** A key's fingerprint, or a certificate's subject and its issuer. */
  readonly who: string;
  readonly how: "key" | "identity";
  /** When it was signed; missing where nobody vouches for a time. */
  readonly at?: Timestamp;
}

/**
 * The signatures of an entry's digest, as they were verified. `by` is what people read; what counts is `evidence`, which proves itself to
 * whoever trusts the signers, so that a lock that somebody forged proves nothing.
 */
export interface LockedSignatures {
  readonly verifiedAt: Timestamp;
  readonly by: readonly LockedSigner[];
  /** As `verifyImage` gives it: base64. */
  readonly evidence: string;
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
  readonly signatures?: LockedSignatures;
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

/** As many as an entry may name. */
export const mostSigners = 100;

const signaturesSchema = v.strictObject({
  verifiedAt: said(moment, "When they were last verified, to the day."),
  by: said(
    v.pipe(
      v.array(
        v.strictObject({
          who: said(words, "The fingerprint of a key; or the subject of a certificate, and its issuer."),
          how: said(v.picklist(["key", "identity"]), "Whether a key or a certificate signed."),
          at: v.exactOptional(said(moment, "When it was signed, as far as somebody vouches for it.")),
        }),
      ),
      v.minLength(1, "is empty"),
      v.maxLength(mostSigners, "has more than 100 elements"),
    ),
    "Who signed the digest. For people: the evidence is what counts.",
  ),
  evidence: said(base64, "The signatures themselves, packed. They are verified anew each time."),
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
  signatures: v.exactOptional(
    said(signaturesSchema, "Who signed the digest, so that nobody is asked again. Goes with the digest."),
  ),
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
