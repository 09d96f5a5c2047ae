import { join } from "node:path";
import * as v from "valibot";
import { parseDigest, type Digest } from "../images";
import { CacheFolder } from "../registry/cache-folder";
import { cacheHome } from "../registry/cache-home";

/** The stack whose previews are remembered, and the kind of run this is. */
export interface PreviewedStack {
  readonly organization: string;
  readonly project: string;
  readonly stack: string;
  /** The folder of the program: the same names may stand for another stack elsewhere. */
  readonly folder: string;
  /** Whether this run is a preview, which notes, or an update, which recalls. */
  readonly preview: boolean;
}

/**
 * What a preview resolved outside the lock, for the update that follows it: what the one showed is what the other deploys, even
 * when the tag moves in between. Kept on this machine, one file for each answer; the last preview counts.
 */
export interface PreviewMemory {
  /** The digest that the last preview gave; undefined in a preview, and for what none has resolved. */
  recall(key: string): Promise<Digest | undefined>;
  /** Notes an answer; only in a preview. */
  note(key: string, digest: Digest): Promise<void>;
}

const digestSchema = v.pipe(v.string(), v.transform(parseDigest));

/** @param folder Where answers are kept; the user's cache when left out. */
export function previewMemory(
  of: PreviewedStack,
  folder: string = join(cacheHome(), "previews"),
): PreviewMemory {
  const files = new CacheFolder(folder);
  const keyOf = (key: string): string =>
    JSON.stringify([of.organization, of.project, of.stack, of.folder, key]);
  return {
    recall: async (key) => (of.preview ? undefined : files.read(keyOf(key), digestSchema)),
    note: async (key, digest) => {
      if (of.preview) await files.write(keyOf(key), digest);
    },
  };
}
