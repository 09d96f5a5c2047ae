import type { Lock } from "../lock";
import type { ReferenceForm } from "../images";
import type { FileTrouble } from "../report";
import { applyEdits, type LocatedImage, type TextEdit } from "../sources";
import { editsDiff } from "../sources/apply-diff";
import { sourceFiles, type SourceFile } from "./check-files";
import { isLeftAlone } from "./check-ignore";
import { entriesOf, outcomeOf, type FileImage, type FileOutcome } from "./file-outcome";
import type { FileChange } from "./files";

export interface FileImages {
  readonly images: readonly FileImage[];
  /** Images that no digest can be written to, and what is no image where one has to stand. */
  readonly refused: readonly FileOutcome[];
  readonly troubles: readonly FileTrouble[];
}

/**
 * Reads the images of files: those that a runtime will pull. Texts that only look like images, those that a comment leaves alone until its
 * day, and what only a program knows when it runs are left alone.
 *
 * @param now When it is: such comments expire.
 * @throws UsageError for a path that is not there.
 */
export function imagesIn(paths: readonly string[], folder: string, now: Date): FileImages {
  const images: FileImage[] = [];
  const refused: FileOutcome[] = [];
  const troubles: FileTrouble[] = [];
  for (const file of sourceFiles({ paths }, folder)) {
    if ("problem" in file) {
      troubles.push(file);
      continue;
    }
    for (const image of file.format.read(file.text, { path: file.path, beside: file.beside })) {
      if (image.advice === true || isLeftAlone(image, now)) continue;
      const refusal = refusalOf(image);
      if (refusal !== undefined) refused.push({ file: file.path, line: image.line, ...refusal });
      else if ("reference" in image.state) images.push({ file, image, reference: image.state.reference });
    }
  }
  return { images, refused, troubles };
}

/** Why an image takes no digest, whatever the lock says; undefined for one that does, and for what is in no registry. */
function refusalOf({
  path,
  state,
  fixed,
}: LocatedImage): Pick<FileOutcome, "found" | "outcome" | "note"> | undefined {
  switch (state.kind) {
    case "unreadable": {
      const note = fixed === undefined ? state.problem : `${fixed.reason}; ${fixed.fix}`;
      return { found: path, outcome: "fixed", note };
    }
    case "malformed": {
      const note = `${state.error.message}; write it as [registry/]repository:tag, and run this again`;
      return { found: state.text, outcome: "malformed", note };
    }
    case "tag":
    case "untagged":
      return fixed && { found: state.text, outcome: "fixed", note: `${fixed.reason}; ${fixed.fix}` };
    default:
      return undefined;
  }
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
  const entriesFor = entriesOf(lock);
  for (const found of images) {
    const { file, image } = found;
    const outcome = outcomeOf(found, entriesFor(found.reference));
    if (outcome === undefined) continue;
    const own = outcome.outcome === "rewritten" && outcome.digest ? image.edits(outcome.digest, form) : [];
    outcomes.push(outcome.outcome === "rewritten" && own.length === 0 ? unwritten(image, outcome) : outcome);
    if (own.length > 0) edits.set(file, [...(edits.get(file) ?? []), ...own]);
  }
  const changed = [...edits];
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

/** What has to be said of an image that shall get another digest, and cannot be edited. */
function unwritten({ fixed }: LocatedImage, outcome: FileOutcome): FileOutcome {
  const { reason = "cannot be changed here", fix = "write it there by hand" } = fixed ?? {};
  return { ...outcome, outcome: "fixed", note: `the lock has ${outcome.digest}; ${reason}; ${fix}` };
}
