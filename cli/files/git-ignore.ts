import ignore, { type Ignore } from "ignore";
import { codeOf } from "../../lock/error";
import { FileError, type FileProblem } from "./error";
import { readText } from "./read";

interface Layer {
  /** The folder of the file with the rules, relative to the tree, with a slash behind it; empty for the tree itself. */
  readonly base: string;
  readonly rules: Ignore;
}

/** Patterns as in a `.gitignore` (https://git-scm.com/docs/gitignore); upper and lower case differ. */
export function patterns(lines: readonly string[] | string): Ignore {
  return ignore({ ignorecase: false }).add(lines);
}

/**
 * What the `.gitignore` files of a tree leave out, for the entries of one folder. A rule of a deeper file wins, and a folder that is
 * left out is never entered. Global rules of the user and of `.git/info/exclude` are not read: everybody shall get the same answer.
 */
export class GitIgnore {
  private constructor(private readonly layers: readonly Layer[]) {}

  static readonly none = new GitIgnore([]);

  /**
   * The rules for the entries of a folder beneath this one.
   *
   * @param path The folder's, relative to the tree; empty for the tree itself.
   * @param gitignore Where its `.gitignore` lies; undefined when it has none.
   */
  within(path: string, gitignore: string | undefined, problems: FileProblem[]): GitIgnore {
    // A folder that is entered all the same has been taken back by a deeper rule, or somebody asked for it: rules that leave it out
    // as a whole say nothing of what is in it.
    const layers =
      path === "" ? this.layers : this.layers.filter((layer) => !test(layer, path, true).ignored);
    const base = path === "" ? "" : `${path}/`;
    const text = gitignore === undefined ? "" : readRules(gitignore, `${base}.gitignore`, problems);
    if (text === "") return layers.length === this.layers.length ? this : new GitIgnore(layers);
    return new GitIgnore([{ base, rules: patterns(text) }, ...layers]);
  }

  /** Whether an entry of the folder is left out. */
  ignores(path: string, isFolder: boolean): boolean {
    for (const layer of this.layers) {
      const { ignored, unignored } = test(layer, path, isFolder);
      if (ignored || unignored) return ignored;
    }
    return false;
  }
}

function test({ base, rules }: Layer, path: string, isFolder: boolean): ReturnType<Ignore["test"]> {
  return rules.test(path.slice(base.length) + (isFolder ? "/" : ""));
}

/** Rules that cannot be read leave nothing out. */
function readRules(target: string, path: string, problems: FileProblem[]): string {
  try {
    return readText(target, path);
  } catch (error) {
    problems.push(
      error instanceof FileError ? error : { path, problem: codeOf(error), fix: "check the file" },
    );
    return "";
  }
}
