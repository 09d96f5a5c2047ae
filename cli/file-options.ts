import { Option, type Command } from "commander";
import type { ReferenceForm } from "../images";
import type { FileTrouble } from "../report";
import { quote } from "../report";
import type { FilesWithLock } from "./change-lock";
import type { FileImage, FileOutcome } from "./file-outcome";
import { UsageError } from "./read-references";
import type { Surroundings } from "./surroundings";

/** What a verb takes that works on files, too. */
export interface FileOptions {
  /** Files and folders. */
  readonly in?: readonly string[];
  readonly form?: ReferenceForm;
  readonly backup?: boolean;
}

export function addFileOptions(command: Command): Command {
  return command
    .option("--in <path...>", "also the images in these files and folders: they take the digests of the lock")
    .addOption(
      new Option(
        "--form <form>",
        "how digests are written in files (default: as each consumer takes it)",
      ).choices(["tag-and-digest", "digest"]),
    )
    .option("--backup", "keep each file as it was beside it, as <file>.bak");
}

/** The images in files of a run, and what has to be said of files already. */
export interface FilesOfRun {
  readonly images: readonly FileImage[];
  readonly outcomes: readonly FileOutcome[];
  readonly troubles: readonly FileTrouble[];
  /** To be written together with the lock; undefined where no files are meant. */
  readonly withLock: FilesWithLock | undefined;
}

/**
 * Reads the images of the files that are meant.
 *
 * @throws UsageError for a path that is not there, and for options of files where none are meant.
 */
export async function readFiles(
  { in: paths, form, backup = false }: FileOptions,
  { folder, stderr, clock }: Surroundings,
): Promise<FilesOfRun> {
  if (paths === undefined) {
    const flag = form !== undefined ? "--form" : backup ? "--backup" : undefined;
    if (flag !== undefined) throw new UsageError(`${flag} is for files; name them: --in <path>`);
    return { images: [], outcomes: [], troubles: [], withLock: undefined };
  }
  const { imagesIn } = await import("./file-images.js");
  const { images, refused, troubles } = imagesIn(paths, folder, new Date(clock()));
  for (const { file, problem, fix } of troubles) stderr.write(`${quote(file)} ${problem}\nfix: ${fix}\n`);
  return { images, outcomes: refused, troubles, withLock: { images, form, backup } };
}

/** What a report says of files; nothing where none are meant. */
export function filesOf(
  { outcomes, troubles, withLock }: FilesOfRun,
  written: readonly FileOutcome[],
): { readonly files?: readonly FileOutcome[]; readonly unread?: readonly FileTrouble[] } {
  return withLock === undefined ? {} : { files: [...written, ...outcomes], unread: troubles };
}
