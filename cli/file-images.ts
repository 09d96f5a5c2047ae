import { lockKey, type Lock } from "../lock";
import type { Digest, ImageReference, ReferenceForm } from "../images";
import type { FileTrouble } from "../report";
import { applyEdits, type LocatedImage, type TextEdit } from "../sources";
import { editsDiff } from "../sources/apply-diff";
import { sourceFiles, type SourceFile } from "./check-files";
import { isLeftAlone } from "./check-ignore";
import type { FileChange } from "./files";

/** An image in a file, by the name that it has in the lock. */
export interface FileImage {
  readonly file: SourceFile;
  readonly image: LocatedImage;
  readonly name: string;
  readonly reference: ImageReference;
}

export interface FileImages {
  readonly images: readonly FileImage[];
  /** Images that no digest can be written to. */
  readonly fixed: readonly FileOutcome[];
  readonly troubles: readonly FileTrouble[];
}

/** What came of one image in a file. */
export interface FileOutcome {
  readonly file: string;
  readonly line: number;
  /** The image as it stood there. */
  readonly found: string;
  /**
   * `rewritten`: it has the digest of the lock now. `differs`: it has a digest that the lock never had. `not in lock`: the lock has
   * none for it. `fixed`: no digest can be written there.
   */
  readonly outcome: "rewritten" | "differs" | "not in lock" | "fixed";
  /** The digest of the lock. */
  readonly digest?: Digest;
  /** Half a sentence: why, or what to do. */
  readonly note?: string;
}

/**
 * Reads the images of files: those that a runtime will pull. Texts that only look like images, those that a comment leaves alone until its
 * day, and digests without a tag are left alone.
 *
 * @param now When it is: such comments expire.
 * @throws UsageError for a path that is not there.
 */
export function imagesIn(paths: readonly string[], folder: string, now: Date): FileImages {
  const images: FileImage[] = [];
  const fixed: FileOutcome[] = [];
  const troubles: FileTrouble[] = [];
  for (const file of sourceFiles({ paths }, folder)) {
    if ("problem" in file) {
      troubles.push(file);
      continue;
    }
    for (const image of file.format.read(file.text, { path: file.path, beside: file.beside })) {
      const { state, line } = image;
      if (image.advice === true || isLeftAlone(image, now)) continue;
      if (state.kind !== "tag" && state.kind !== "untagged" && state.kind !== "digest") continue;
      const { reference } = state;
      if (state.kind === "digest" && reference.tag === undefined) continue;
      if (image.fixed !== undefined && state.kind !== "digest") {
        const note = `${image.fixed.reason}; ${image.fixed.fix}`;
        fixed.push({ file: file.path, line, found: state.text, outcome: "fixed", note });
      } else images.push({ file, image, name: lockKey(reference), reference });
    }
  }
  return { images, fixed, troubles };
}

/** What is written to files, and what is said of each image that does not have what the lock has. */
export interface Rewrite {
  readonly changes: readonly FileChange[];
  readonly outcomes: readonly FileOutcome[];
  /** The unified diff of all files. */
  readonly diff: string;
}

/**
 * Gives every image in the files the digest that the lock has for it. A digest that the lock never had stays: somebody wrote it by hand,
 * and whether it is right only they can say.
 *
 * @param form How digests are written; as each consumer takes it when left out.
 */
export function rewriteFiles(images: readonly FileImage[], lock: Lock, form?: ReferenceForm): Rewrite {
  const edits = new Map<SourceFile, TextEdit[]>();
  const outcomes: FileOutcome[] = [];
  for (const found of images) {
    const { file, image } = found;
    const outcome = outcomeOf(found, lock);
    if (outcome === undefined) continue;
    outcomes.push(outcome);
    if (outcome.outcome !== "rewritten" || outcome.digest === undefined) continue;
    edits.set(file, [...(edits.get(file) ?? []), ...image.edits(outcome.digest, form)]);
  }
  const changed = [...edits].filter(([, list]) => list.length > 0);
  return {
    outcomes,
    changes: changed.map(([{ path, target, text }, list]) => ({
      ...{ path, target, before: text },
      after: applyEdits(text, list),
    })),
    diff: changed.map(([{ path, text }, list]) => editsDiff(path, text, list)).join(""),
  };
}

/** The images in files that do not have what the lock has, where nothing is to be written. */
export function compareFiles(images: readonly FileImage[], lock: Lock): readonly FileOutcome[] {
  return rewriteFiles(images, lock).outcomes.map((outcome) =>
    outcome.outcome === "rewritten"
      ? {
          ...outcome,
          outcome: "differs",
          note: `the lock has ${outcome.digest ?? "another digest"}; let it take that: pinned-images pin --in ${outcome.file}`,
        }
      : outcome,
  );
}

/** Undefined for an image that has what the lock has. */
function outcomeOf({ file, image, name, reference }: FileImage, lock: Lock): FileOutcome | undefined {
  const entry = lock.images.get(name);
  const at = { file: file.path, line: image.line, found: reference.original };
  if (entry === undefined)
    return { ...at, outcome: "not in lock", note: `add it: pinned-images pin ${reference.original}` };
  if (reference.digest === entry.digest) return undefined;
  const { digest } = entry;
  const isKnown = [...(entry.history ?? []), ...(entry.held ?? [])].some(
    (past) => past.digest === reference.digest,
  );
  if (reference.digest === undefined || isKnown) return { ...at, outcome: "rewritten", digest };
  const note = `the lock has ${digest}; choose one: pinned-images pin ${reference.original}, or write the lock's`;
  return { ...at, outcome: "differs", digest, note };
}
