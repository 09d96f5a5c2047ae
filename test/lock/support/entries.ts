import { createHash } from "node:crypto";
import { parseDigest, type Digest } from "../../../images";
import { timestamp, type Lock, type LockEntry, type Timestamp } from "../../../lock";

/** A digest that is the same for the same name. */
export function digestOf(name: string): Digest {
  return parseDigest(`sha256:${createHash("sha256").update(name).digest("hex")}`);
}

/** A time of 21 November 2026, `10:00` being `10:00:00Z`; or of another day. */
export function at(time: string, day = "2026-11-21"): Timestamp {
  return timestamp(Date.parse(`${day}T${time}:00Z`));
}

export const index = "application/vnd.oci.image.index.v1+json";

/** An entry with all that it must have. */
export function entryWith(changes: Partial<LockEntry> = {}): LockEntry {
  return {
    digest: digestOf("first"),
    mediaType: index,
    platforms: ["linux/amd64", "linux/arm64"],
    lockedAt: at("10:00"),
    verifiedAt: at("10:00"),
    ...changes,
  };
}

/** Two locks of different lengths, neither of them small. */
export const states: readonly [Lock, Lock] = [stateOf("one", 60), stateOf("two", 90)];

function stateOf($schema: string, images: number): Lock {
  const entries = Array.from({ length: images }, (_, index) => {
    const entry = entryWith({ digest: digestOf(`${$schema} ${index}`) });
    return [`ghcr.io/acme/service-${index}:1.0`, entry] as const;
  });
  return { $schema, images: new Map(entries) };
}
