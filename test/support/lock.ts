import type { Digest } from "../../images";
import { formatLock, timestamp, type LockEntry } from "../../lock";

/** The text of a lock that holds these digests, locked at a moment (milliseconds), for tests. */
export function lockText(
  digests: Readonly<Record<string, Digest>>,
  lockedAt = Date.parse("2026-11-01T10:00:00Z"),
): string {
  const entryOf = (digest: Digest): LockEntry => ({
    digest,
    mediaType: "application/vnd.oci.image.index.v1+json",
    platforms: ["linux/amd64", "linux/arm64"],
    lockedAt: timestamp(lockedAt),
    verifiedAt: timestamp(lockedAt),
  });
  const images = new Map(Object.entries(digests).map(([key, digest]) => [key, entryOf(digest)]));
  return formatLock({ images });
}
