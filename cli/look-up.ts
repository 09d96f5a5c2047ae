import { byDigest, formatPlatform, parsePlatform, type ImageReference, type Platform } from "../images";
import { parseLockKey, type LockKey, type Seen } from "../lock";
import type { RegistryClient, RequestOptions, Resolution } from "../registry";
import { UsageError } from "./read-references";

/** What a registry says of a reference, as a lock takes it, and who said so. */
export interface SeenAt extends Seen {
  /** The host that answered: a mirror's, where one did. */
  readonly registry: string;
}

/**
 * Asks for the digest of a tag, or of a tag's image for one platform; a reference with a digest is confirmed by that digest.
 *
 * @throws RegistryError
 */
export async function resolveEntry(
  client: RegistryClient,
  reference: ImageReference,
  platform: Platform | undefined,
): Promise<Resolution> {
  return platform === undefined ? client.resolve(reference) : client.resolvePlatform(reference, platform);
}

/** As {@link resolveEntry}, and asks for the platforms of what was found. @throws RegistryError */
export async function seeEntry(
  client: RegistryClient,
  reference: ImageReference,
  platform: Platform | undefined,
): Promise<SeenAt> {
  const found = await resolveEntry(client, reference, platform);
  return seeDigest(client, reference, found);
}

/** What a registry says of a digest that it was just seen to have. @throws RegistryError */
export async function seeDigest(
  client: RegistryClient,
  reference: ImageReference,
  { digest, mediaType, registry }: Resolution,
  options?: RequestOptions,
): Promise<SeenAt> {
  const platforms = await client.platforms(byDigest(reference, digest), options);
  return { digest, mediaType, platforms: platformNames(platforms), registry };
}

/** Platforms as a lock writes them. @throws Error for one that a lock cannot hold: it would not be readable any more. */
export function platformNames(platforms: readonly Platform[]): readonly string[] {
  return platforms.map((platform) => {
    const name = formatPlatform(platform);
    parsePlatform(name);
    return name;
  });
}

/** Reads `--platform`. @throws UsageError */
export function readPlatform(text: string | undefined): Platform | undefined {
  try {
    return text === undefined ? undefined : parsePlatform(text);
  } catch (error) {
    throw error instanceof TypeError ? new UsageError(error.message) : error;
  }
}

/** The reference and the platform of an entry. The lock was read, so its names are what they have to be. */
export function entryKey(name: string): LockKey {
  const key = parseLockKey(name);
  if (key === undefined) throw new TypeError(`${JSON.stringify(name)} is no name of an entry`);
  return key;
}
