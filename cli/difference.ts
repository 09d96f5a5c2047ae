import { byDigest, type Digest, type ImageReference } from "../images";
import type { LockEntry } from "../lock";
import type { Description, RegistryClient } from "../registry";
import { quote } from "../report";

/** What is known of the image behind a digest: all, that it is gone, or nothing, since the registry could not be asked. */
export type Known = Description | "gone" | "unknown";

/** Asks for what a digest names; that it cannot be had is an answer, too. */
export async function knownOf(
  client: RegistryClient,
  reference: ImageReference,
  digest: Digest,
): Promise<Known> {
  try {
    return await client.describe(byDigest(reference, digest));
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "not-found" ? "gone" : "unknown";
  }
}

/** What changed between two digests, a line each. What an image says of itself is quoted: anybody may have written it. */
export function differenceNotes(
  before: LockEntry,
  after: LockEntry,
  was: Known,
  is: Known,
): readonly string[] {
  const notes: string[] = [];
  const added = after.platforms.filter((platform) => !before.platforms.includes(platform));
  const removed = before.platforms.filter((platform) => !after.platforms.includes(platform));
  if (added.length + removed.length > 0) {
    const words = [...added.map((name) => `+ ${name}`), ...removed.map((name) => `- ${name}`)];
    notes.push(`platforms: ${words.join("  ")}`);
  }
  for (const field of ["created", "source", "revision"] as const) {
    const [old, now] = [annotation(was, field), annotation(is, field)];
    if (old !== now) notes.push(`${field}: ${old === undefined ? "" : `${old} `}-> ${now ?? "not stated"}`);
  }
  if (was === "gone") notes.push("the registry does not have the old digest any more");
  if (was === "unknown") notes.push("the registry could not be asked about the old digest");
  return notes;
}

function annotation(known: Known, field: "created" | "source" | "revision"): string | undefined {
  const value = typeof known === "string" ? undefined : known.annotations[field];
  return value === undefined ? undefined : quote(value);
}

/** What is known of a digest, for tools. */
export function knownJson(known: Known): object {
  return typeof known === "string"
    ? { registry: known }
    : { registry: "present", annotations: known.annotations };
}
