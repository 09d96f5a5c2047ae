import type { ImageReference } from "../images";
import { lockKey, type LockEntry, type LockView } from "../lock";

/** An entry of a lock under its name. */
export interface LockedImage {
  readonly key: string;
  readonly entry: LockEntry;
}

/** What the lock says of a reference. */
export type LockAnswer =
  /** There is no lock; these places were looked at. */
  | { readonly kind: "no-lock"; readonly lookedIn: readonly string[] }
  /** There is one, or ought to be, and it cannot be read. */
  | { readonly kind: "unreadable"; readonly error: unknown }
  | {
      readonly kind: "lock";
      readonly path: string;
      /** The entry that has the very digest. */
      readonly match?: LockedImage;
      /** What else is locked under the reference's tag; empty for a reference without one. */
      readonly others: readonly LockedImage[];
    };

const books = new WeakMap<LockView, ReadonlyMap<string, readonly string[]>>();

/**
 * Looks a reference up: by its tag, for the index or for one platform; one without a tag in all entries of its repository, since
 * some consumers take no tag beside the digest.
 */
export function lookUp(
  view: LockView,
  reference: ImageReference,
): { readonly match?: LockedImage; readonly others: readonly LockedImage[] } {
  const names = namesIn(view, reference);
  const entries = names.flatMap((key): readonly LockedImage[] => {
    const entry = view.get(key);
    return entry === undefined ? [] : [{ key, entry }];
  });
  const match = entries.find(({ entry }) => entry.digest === reference.digest);
  const others = reference.tag === undefined ? [] : entries.filter((locked) => locked !== match);
  return { ...(match === undefined ? {} : { match }), others };
}

function namesIn(view: LockView, reference: ImageReference): readonly string[] {
  let book = books.get(view);
  if (book === undefined) {
    const named = new Map<string, string[]>();
    for (const name of view.names) {
      const repository = name.slice(0, name.lastIndexOf(":", endOfImage(name)));
      const beside = named.get(repository);
      if (beside === undefined) named.set(repository, [name]);
      else beside.push(name);
    }
    books.set(view, (book = named));
  }
  const names = book.get(`${reference.registry}/${reference.repository}`) ?? [];
  if (reference.tag === undefined) return names;
  const image = lockKey(reference);
  return names.filter((name) => name === image || name.startsWith(`${image} `));
}

/** Where the image ends in an entry's name, before a platform. */
function endOfImage(name: string): number {
  const space = name.indexOf(" ");
  return space === -1 ? name.length : space;
}
