import { parseImageReference } from "../images";
import { LockError, lockKey } from "../lock";
import { fitsImage } from "./image-pattern";
import { UsageError } from "./read-references";

/** The entries that somebody means, and what was named and is not there. */
export interface Selection {
  readonly names: readonly string[];
  readonly failed: readonly { readonly image: string; readonly error: unknown }[];
}

/**
 * Picks entries by reference and by pattern; all, when neither is given. A reference means its entry, and those of its single
 * platforms.
 *
 * @throws UsageError for a pattern that nothing fits: it was probably mistyped.
 */
export function selectEntries(
  all: Iterable<string>,
  references: readonly string[],
  pattern: string | undefined,
): Selection {
  const names = [...all].sort();
  if (references.length === 0 && pattern === undefined) return { names, failed: [] };
  const chosen = new Set<string>();
  if (pattern !== undefined) {
    for (const name of names) if (fitsImage(pattern, name)) chosen.add(name);
    if (chosen.size === 0)
      throw new UsageError(`no image in the lock fits --image ${JSON.stringify(pattern)}`);
  }
  const failed: { image: string; error: unknown }[] = [];
  for (const image of references) {
    try {
      const key = keyOfTag(image);
      const found = names.filter((name) => name === key || name.startsWith(`${key} `));
      if (found.length === 0) throw missingEntry();
      for (const name of found) chosen.add(name);
    } catch (error) {
      failed.push({ image, error });
    }
  }
  return { names: names.filter((name) => chosen.has(name)), failed };
}

/** The entry is not there. */
export function missingEntry(): LockError {
  const fix = "see what is: pinned-images audit; add it: pinned-images pin";
  return new LockError({ code: "missing-entry", problem: "is not in the lock", fix });
}

function keyOfTag(text: string): string {
  const reference = parseImageReference(text);
  if (reference.digest !== undefined) {
    throw new UsageError("name it without its digest; to choose a digest: pinned-images pin");
  }
  return lockKey(reference);
}

/** An entry's name, and the lock that it was looked for in, as `rollback` takes them. */
export function entryArguments(name: string, lock: string | undefined): string {
  return `${name.replace(" ", " --platform ")}${lockArgument(lock)}`;
}

/** As {@link entryArguments} for the verbs to which a reference means its platforms, too. */
export function imageArguments(name: string, lock: string | undefined): string {
  return `${name.replace(/ .*/, "")}${lockArgument(lock)}`;
}

export function lockArgument(lock: string | undefined): string {
  return lock === undefined ? "" : ` --lock ${lock}`;
}
