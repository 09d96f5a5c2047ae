import { existsSync, readdirSync, realpathSync, statSync, type Dirent } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { codeOf } from "../../lock/error";
import type { FileProblem } from "./error";
import { GitIgnore, patterns } from "./git-ignore";
import { isWithin } from "./read";

/** More than any repository has of them beside what git ignores: a home folder or a whole disk was named. */
const maxFiles = 200_000;
/** Never searched, unless somebody names a file in there: packages of others, and git's own. */
const skipped: ReadonlySet<string> = new Set(["node_modules", ".git"]);

/** What to look for. */
export interface FileSearch {
  /** The working folder: paths and patterns are relative to it. */
  readonly folder: string;
  /** Files and folders to look at; none for the working folder. */
  readonly paths: readonly string[];
  /** Patterns as in a `.gitignore`: only what they match is found. Left out, everything is. */
  readonly include?: readonly string[];
  /** Patterns as in a `.gitignore` for what is left out. */
  readonly exclude?: readonly string[];
}

/** A file to look into. */
export interface FoundFile {
  /** Relative to the working folder, with forward slashes. */
  readonly path: string;
  /** Where it lies, links followed. */
  readonly target: string;
  /** Whether somebody named the very file. */
  readonly named: boolean;
}

export interface FoundFiles {
  /** In the order of the paths that were named; within a folder by name. Each once. */
  readonly files: readonly FoundFile[];
  /** What could not be looked at: nobody must take it for clean. */
  readonly problems: readonly FileProblem[];
  /** The folder of the git repository around the working folder, or else the working folder; links followed. */
  readonly tree: string;
}

/**
 * Finds the files of a tree that git does not ignore. Links are not followed on the way, since what they lead to within the tree is
 * found where it lies; a link that is named is followed, unless it leads out of the tree. A file that is named is found whether git
 * ignores it or not. Never throws for what is on the disk.
 */
export function findFiles(search: FileSearch): FoundFiles {
  const folder = realpathSync(search.folder);
  const walk = new Walk(folder, search);
  for (const path of search.paths.length === 0 ? ["."] : search.paths) walk.start(path);
  return { files: walk.files, problems: walk.problems, tree: walk.tree };
}

class Walk {
  readonly files: FoundFile[] = [];
  readonly problems: FileProblem[] = [];
  readonly tree: string;
  readonly #seen = new Set<string>();
  readonly #include: ReturnType<typeof patterns> | undefined;
  readonly #exclude: ReturnType<typeof patterns>;

  constructor(
    private readonly folder: string,
    { include, exclude = [] }: FileSearch,
  ) {
    this.tree = repositoryOf(folder) ?? folder;
    this.#include = include === undefined ? undefined : patterns(include);
    this.#exclude = patterns(exclude);
  }

  /** Looks at what somebody named. */
  start(path: string): void {
    const written = resolve(this.folder, path);
    let target: string;
    let isFolder: boolean;
    try {
      target = realpathSync(written);
      const found = statSync(target);
      isFolder = found.isDirectory();
      if (!isFolder && !found.isFile()) {
        this.problems.push({
          path,
          problem: "is neither a file nor a folder",
          fix: "name files and folders",
        });
        return;
      }
    } catch (error) {
      const problem =
        codeOf(error) === "ENOENT" ? "there is no such file or folder" : `cannot be read (${codeOf(error)})`;
      this.problems.push({ path, problem, fix: "check the path and its permissions" });
      return;
    }
    // What the link leads to, not the way to it: a working folder may be reached through links.
    const direct = join(realpathSync(dirname(written)), basename(written));
    if (target !== direct && written !== this.folder && !isWithin(this.tree, target)) {
      const fix = "name what it leads to";
      this.problems.push({ path, problem: "is a link that leads out of the folder", fix });
      return;
    }
    if (isFolder) this.#folder(target);
    else if (this.#isWanted(target, false)) this.#add(target, true);
  }

  #folder(start: string): void {
    const within = isWithin(this.tree, start);
    const tree = within ? this.tree : (repositoryOf(start) ?? start);
    const stack = [{ at: start, rules: this.#rulesAbove(tree, start) }];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      const { at } = next;
      const entries = this.#entries(at);
      const gitignore = entries.some((entry) => entry.name === ".gitignore" && entry.isFile());
      const base = slashed(relative(tree, at));
      const rules = next.rules.within(base, gitignore ? join(at, ".gitignore") : undefined, this.problems);
      const folders: string[] = [];
      for (const entry of entries) {
        const isFolder = entry.isDirectory();
        if (!isFolder && !entry.isFile()) continue;
        if (isFolder && skipped.has(entry.name)) continue;
        const target = `${at}${at.endsWith(sep) ? "" : sep}${entry.name}`;
        if (rules.ignores(base === "" ? entry.name : `${base}/${entry.name}`, isFolder)) continue;
        if (!this.#isWanted(target, isFolder)) continue;
        if (isFolder) folders.push(target);
        else if (!this.#add(target, false)) return;
      }
      for (const at of folders.reverse()) stack.push({ at, rules });
    }
  }

  /** The rules of the folders above the one where the search begins. */
  #rulesAbove(tree: string, start: string): GitIgnore {
    let rules = GitIgnore.none;
    const steps = slashed(relative(tree, start))
      .split("/")
      .filter((step) => step !== "");
    for (let depth = 0; depth < steps.length; depth++) {
      const path = steps.slice(0, depth).join("/");
      const gitignore = join(tree, path, ".gitignore");
      rules = rules.within(path, existsSync(gitignore) ? gitignore : undefined, this.problems);
    }
    return rules;
  }

  #entries(folder: string): readonly Dirent[] {
    try {
      return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    } catch (error) {
      const path = this.#shown(folder);
      const fix = "check its permissions, or exclude it";
      this.problems.push({ path, problem: `cannot be read (${codeOf(error)})`, fix });
      return [];
    }
  }

  #isWanted(target: string, isFolder: boolean): boolean {
    const path = this.#shown(target).replace(/^(?:\.\.\/)+/, "");
    // A folder above the working folder, or that folder itself: no pattern speaks of it.
    if (path === "" || path === ".." || /^(?:[a-z]:|\/)/i.test(path)) return true;
    if (this.#exclude.ignores(isFolder ? `${path}/` : path)) return false;
    return isFolder || this.#include === undefined || this.#include.ignores(path);
  }

  /** @returns false when there are too many. */
  #add(target: string, named: boolean): boolean {
    if (this.#seen.has(target)) return true;
    if (this.files.length === maxFiles) {
      const problem = `holds more than ${maxFiles} files; the rest was not looked at`;
      this.problems.push({ path: ".", problem, fix: "name the folders to check, or exclude some" });
      return false;
    }
    this.#seen.add(target);
    this.files.push({ path: this.#shown(target), target, named });
    return true;
  }

  #shown(target: string): string {
    const prefix = `${this.folder}${sep}`;
    return slashed(target.startsWith(prefix) ? target.slice(prefix.length) : relative(this.folder, target));
  }
}

function slashed(path: string): string {
  return sep === "/" ? path : path.replaceAll(sep, "/");
}

/** The nearest folder, this one or one above, that holds a `.git`: a folder, or a file in a worktree. */
function repositoryOf(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, ".git"))) return at;
    if (dirname(at) === at) return undefined;
  }
}
