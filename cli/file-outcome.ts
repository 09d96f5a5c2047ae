import type { Digest, ImageReference } from "../images";
import { lockKey, parseLockKey, type Lock, type LockEntry } from "../lock";
import type { LocatedImage } from "../sources";
import type { SourceFile } from "./check-files";

/** An image in a file. */
export interface FileImage {
  readonly file: SourceFile;
  readonly image: LocatedImage;
  readonly reference: ImageReference;
}

/** What came of one image in a file. */
export interface FileOutcome {
  readonly file: string;
  readonly line: number;
  /** The image as it stood there; what it is called there (`services.web.image`) where nothing here says which one it is. */
  readonly found: string;
  /**
   * `rewritten`: it has the digest of the lock now. `differs`: it has a digest that the lock never had. `not in lock`: the lock has
   * none for it. `fixed`: no digest can be written there. `malformed`: it is no reference.
   */
  readonly outcome: "rewritten" | "differs" | "not in lock" | "fixed" | "malformed";
  /** The digest of the lock. */
  readonly digest?: Digest;
  /** Half a sentence: why, or what to do. */
  readonly note?: string;
}

/** An entry of the lock under its name. */
type Named = readonly [name: string, entry: LockEntry];

/**
 * The entries that a reference may have come from: its tag's, or, where only a digest is left (`--form digest` writes that, and some
 * consumers take no tag beside it), all of its repository.
 */
export function entriesOf(lock: Lock): (reference: ImageReference) => readonly Named[] {
  let repositories: Map<string, Named[]> | undefined;
  return (reference) => {
    const name = lockKey(reference);
    const entry = lock.images.get(name);
    if (!hasDigestAlone(reference)) return entry === undefined ? [] : [[name, entry]];
    repositories ??= byRepository(lock);
    return repositories.get(repositoryOf(reference)) ?? [];
  };
}

function byRepository({ images }: Lock): Map<string, Named[]> {
  const all = new Map<string, Named[]>();
  for (const named of images) {
    const repository = repositoryOf(parseLockKey(named[0])?.reference);
    const beside = all.get(repository);
    if (beside === undefined) all.set(repository, [named]);
    else beside.push(named);
  }
  return all;
}

function repositoryOf(reference: ImageReference | undefined): string {
  return reference === undefined ? "" : `${reference.registry}/${reference.repository}`;
}

/** Whether a reference has a digest and no tag: which tag it belongs to, only the lock can say. */
export function hasDigestAlone({ tag, digest }: ImageReference): boolean {
  return tag === undefined && digest !== undefined;
}

/** Undefined for an image that has what the lock has. */
export function outcomeOf(
  { file, image, reference }: FileImage,
  entries: readonly Named[],
): FileOutcome | undefined {
  const { original, digest } = reference;
  const at = { file: file.path, line: image.line, found: original };
  // In quotes, since to a shell the brackets are files.
  const tagged = hasDigestAlone(reference) ? `"${reference.name}:<tag>@${digest}"` : original;
  const choose = `pinned-images pin ${tagged}`;
  if (entries.length === 0) return { ...at, outcome: "not in lock", note: `add it: ${choose}` };
  if (entries.some(([, entry]) => entry.digest === digest)) return undefined;
  const own = digest === undefined ? entries : entries.filter(([, entry]) => hadDigest(entry, digest));
  const [taken, ...others] = new Set((own.length === 0 ? entries : own).map(([, entry]) => entry.digest));
  if (taken !== undefined && own.length > 0 && others.length === 0) {
    return { ...at, outcome: "rewritten", digest: taken };
  }
  const has =
    others.length === 0
      ? `the lock has ${taken}`
      : `the lock has ${entries.map(([name, entry]) => `${entry.digest} for ${name}`).join(", ")}`;
  const note = `${has}; choose one: ${choose}, or write the lock's`;
  return {
    ...at,
    outcome: "differs",
    ...(taken !== undefined && others.length === 0 && { digest: taken }),
    note,
  };
}

/** Whether an entry had a digest before, or holds it back. */
function hadDigest({ history = [], held = [] }: LockEntry, digest: Digest): boolean {
  return [...history, ...held].some((past) => past.digest === digest);
}
