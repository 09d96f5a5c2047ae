import { byDigest, type Digest } from "../images";
import { holdOn, verifiedEntry, type Lock, type LockEntry, type Timestamp } from "../lock";
import type { RegistryClient } from "../registry";
import { entryKey, platformNames, resolveEntry } from "./look-up";

/** Where a tag is, compared with its entry. */
export type TagState =
  | { readonly kind: "same" }
  | { readonly kind: "moved"; readonly digest: Digest }
  /** There is no such tag any more, or none for the entry's platform. */
  | { readonly kind: "gone" }
  /** The digest is missing, and the tag could not be asked for. */
  | { readonly kind: "unknown" };

/** What a registry says of an entry. */
export interface Checked {
  readonly name: string;
  /** The digest that was asked for. */
  readonly digest: Digest;
  /** The host that has it, which may be a mirror; undefined when nobody does. */
  readonly registry?: string;
  /** What the entry lists and the image lacks. */
  readonly missingPlatforms: readonly string[];
  readonly tag: TagState;
}

/**
 * Asks whether an entry's digest can be had, by that digest, from the mirror in use, and where its tag is.
 *
 * @throws RegistryError when the registry could not be asked.
 */
export async function checkEntry(client: RegistryClient, name: string, entry: LockEntry): Promise<Checked> {
  const { reference, platform } = entryKey(name);
  const pinned = byDigest(reference, entry.digest);
  const found = await unlessMissing(async () => {
    const { registry } = await client.resolve(pinned);
    return { registry, platforms: platformNames(await client.platforms(pinned)) };
  });
  const askTag = async (): Promise<TagState> => {
    const tag = await unlessMissing(async () => resolveEntry(client, reference, platform));
    if (tag === undefined) return { kind: "gone" };
    return tag.digest === entry.digest ? { kind: "same" } : { kind: "moved", digest: tag.digest };
  };
  if (found === undefined) {
    const tag = await askTag().catch((): TagState => ({ kind: "unknown" }));
    return { name, digest: entry.digest, missingPlatforms: [], tag };
  }
  const missingPlatforms = entry.platforms.filter((platform) => !found.platforms.includes(platform));
  return { name, digest: entry.digest, registry: found.registry, missingPlatforms, tag: await askTag() };
}

/** Whether the image can be deployed as the lock says. */
export function isWhole({ registry, missingPlatforms }: Checked): boolean {
  return registry !== undefined && missingPlatforms.length === 0;
}

/** The lock with what was found out about its entries; an entry that has another digest by now is left alone. */
export function recordChecks(lock: Lock, checks: readonly Checked[], now: Timestamp): Lock {
  const images = new Map(lock.images);
  for (const check of checks) {
    const entry = images.get(check.name);
    if (entry?.digest !== check.digest || !isWhole(check)) continue;
    const { tag } = check;
    const tagDigest = tag.kind === "same" ? entry.digest : tag.kind === "moved" ? tag.digest : undefined;
    images.set(check.name, verifiedEntry(entry, tagDigest, now));
  }
  return { ...lock, images };
}

/** Whether the tag has a digest that was rolled back: it is known, and nobody wants it. */
export function tagIsHeld(entry: LockEntry, tag: TagState): boolean {
  return tag.kind === "moved" && holdOn(entry, tag.digest) !== undefined;
}

async function unlessMissing<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "not-found" || code === "platform-missing") return undefined;
    throw error;
  }
}
