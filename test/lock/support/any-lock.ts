import fc from "fast-check";
import { parseImageReference, parsePlatform } from "../../../images";
import {
  holdOn,
  lockKey,
  timestamp,
  type ChangeKind,
  type Held,
  type Lock,
  type LockedSignatures,
  type LockEntry,
  type PastEntry,
} from "../../../lock";
import { digestOf } from "./entries";

/** Anything that a lock can hold. */
const when = fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => timestamp(seconds * 1000));
const digest = fc.nat(40).map((seed) => digestOf(`digest ${seed}`));
const platform = fc.constantFrom("linux/amd64", "linux/arm64", "linux/arm/v7", "windows/amd64");
const platforms = fc.uniqueArray(platform);
const mediaType = fc.constantFrom(
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
);
// Text of every kind, and what could be taken for the syntax around it.
const words = fc
  .oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom('["a"]', '": {', "\\", '\\"', "<<<<<<<", "__proto__", "[x]", "😀"),
  )
  // eslint-disable-next-line no-control-regex -- control characters are what a lock refuses
  .map((text) => text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, "·"))
  .filter((text) => text !== "" && text.length <= 1000);
const how = fc.constantFrom<ChangeKind>("pin", "refresh", "rollback", "promote");

const past: fc.Arbitrary<PastEntry> = fc.record(
  {
    digest,
    lockedAt: when,
    replacedAt: when,
    mediaType,
    platforms,
    how,
    by: words,
    reason: words,
    from: words,
  },
  { requiredKeys: ["digest", "lockedAt", "replacedAt"], noNullPrototype: true },
);
const held: fc.Arbitrary<Held> = fc.record(
  {
    digest,
    heldAt: when,
    by: words,
    reason: words,
    releasedAt: when,
    releasedBy: words,
    releaseReason: words,
  },
  { requiredKeys: ["digest", "heldAt"], noNullPrototype: true },
);

const signatures: fc.Arbitrary<LockedSignatures> = fc.record(
  {
    verifiedAt: when,
    by: fc.array(
      fc.record(
        { who: words, how: fc.constantFrom("key", "identity"), at: when },
        { requiredKeys: ["who", "how"], noNullPrototype: true },
      ),
      { minLength: 1, maxLength: 3 },
    ),
    evidence: fc
      .uint8Array({ minLength: 1, maxLength: 60 })
      .map((bytes) => Buffer.from(bytes).toString("base64")),
  },
  { noNullPrototype: true },
);

export const anyEntry: fc.Arbitrary<LockEntry> = fc
  .record(
    {
      digest,
      mediaType,
      platforms,
      lockedAt: when,
      verifiedAt: when,
      tagMovedAt: when,
      how,
      by: words,
      reason: words,
      from: words,
      signatures,
      held: fc.array(held, { minLength: 1, maxLength: 3 }),
      history: fc.array(past, { minLength: 1, maxLength: 4 }),
    },
    { requiredKeys: ["digest", "mediaType", "platforms", "lockedAt", "verifiedAt"], noNullPrototype: true },
  )
  .filter((entry) => holdOn(entry, entry.digest) === undefined);

const name = fc
  .tuple(
    fc.constantFrom("nginx", "acme/api", "ghcr.io/acme/web", "localhost:5000/team/app", "[::1]:5000/x/y"),
    fc.stringMatching(/^[a-zA-Z0-9_][\w.-]{0,20}$/),
    fc.option(platform, { nil: undefined }),
  )
  .map(([image, tag, of]) =>
    lockKey(parseImageReference(`${image}:${tag}`), of === undefined ? undefined : parsePlatform(of)),
  );

export const anyLock: fc.Arbitrary<Lock> = fc
  .record(
    { $schema: fc.string(), images: fc.array(fc.tuple(name, anyEntry), { maxLength: 6 }) },
    { requiredKeys: ["images"], noNullPrototype: true },
  )
  .map(({ images, ...rest }) => ({ ...rest, images: new Map(images) }));
