import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { FileTrouble } from "../report";
import { allFormats, type SourceFormat } from "../sources";
import { FileError, findFiles, readBeside, readText } from "./files";
import { UsageError } from "./read-references";

/** A file to check. */
export interface SourceFile {
  /** As reports name it: relative to the working folder, with forward slashes. */
  readonly path: string;
  /** Where it lies. */
  readonly target: string;
  readonly text: string;
  readonly format: SourceFormat;
  readonly beside: (path: string) => string | undefined;
}

/** What to look for: paths, and patterns as in a `.gitignore`. */
export interface FileWish {
  readonly paths: readonly string[];
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
}

/**
 * Finds the files of which some format says that they are its own, and reads them, one after the other. What cannot be read is said
 * in its place.
 *
 * @throws UsageError for a path that is not there.
 */
export function* sourceFiles(wish: FileWish, folder: string): Generator<SourceFile | FileTrouble> {
  for (const path of wish.paths) {
    if (!existsSync(resolve(folder, path))) {
      throw new UsageError(`there is no file or folder ${JSON.stringify(path)}; name what is to be checked`);
    }
  }
  const { files, problems, tree } = findFiles({ folder, ...wish });
  yield* problems.map(troubleOf);
  for (const { path, target } of files) {
    try {
      let text: string | undefined;
      const read = (): string => (text ??= readText(target, path));
      const format = allFormats.find((one) => one.claims(path, read));
      if (format === undefined) continue;
      const beside = (other: string): string | undefined => readBeside(tree, target, other);
      yield { path, target, text: read(), format, beside };
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      yield troubleOf(error);
    }
  }
}

function troubleOf({ path, problem, fix }: { path: string; problem: string; fix: string }): FileTrouble {
  return { file: path, problem, fix };
}
