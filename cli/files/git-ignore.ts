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
export function patterns(lines: readonly (string | Ignore)[] | string): Ignore {
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
    const layers = path === "" ? this.layers : this.#entered(path);
    const base = path === "" ? "" : `${path}/`;
    const text = gitignore === undefined ? "" : readRules(gitignore, `${base}.gitignore`, problems);
    if (text === "") return layers === this.layers ? this : new GitIgnore(layers);
    return new GitIgnore([{ base, rules: patterns(text) }, ...layers]);
  }

  /**
   * The rules for what is in a folder that is entered. To git only the last rule that fits the folder says whether it is: one that a
   * deeper rule takes back is entered, and every rule is asked again of each entry. Where all rules leave a folder out, somebody asked for
   * it: those that do say nothing of what is in it.
   */
  #entered(path: string): readonly Layer[] {
    const against = new Set(this.layers.filter((layer) => test(layer, path, true).ignored));
    if (against.size === 0) return this.layers;
    const isAsked = this.ignores(path, true);
    return this.layers.flatMap((layer) => {
      if (!against.has(layer)) return layer;
      return isAsked ? [] : takenBack(layer, path);
    });
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

/** A layer's rules, and one behind them for a folder that they leave out, without which they would leave out all that is in it. */
function takenBack({ base, rules }: Layer, path: string): Layer {
  const folder = path.slice(base.length).replace(/[\\*?[]/g, "\\$&");
  return { base, rules: patterns([rules, `!/${folder}/`]) };
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
