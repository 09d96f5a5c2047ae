// pre-commit itself, which installs the hook from a repository that holds what lies here, as it does on a developer's machine. Not
// among the tests that always run: it needs Python, PyPI and a registry that answers, which a checkout does without (npm run test:hook).
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { ensurePythonWith } from "../../tools/python";
import { run, type RunResult } from "../../tools/run";
import { projectRoot } from "../support/paths";

const preCommit = { name: "pre-commit", version: "4.7.0" };
/** It installs what compiling needs, which takes a minute on a quiet machine. */
const patience = 15 * 60_000;

const pod = (image: string): string =>
  `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: web\n      image: ${image}\n`;

describe("the hook, by pre-commit", function () {
  this.timeout(2 * patience);
  let folder: string;
  let python: string;
  let environment: NodeJS.ProcessEnv;
  const path = (name: string): string => join(folder, name);
  const git = (within: string, ...args: readonly string[]): string =>
    execFileSync("git", ["-C", path(within), ...args], { env: environment, encoding: "utf8" });

  before(async () => {
    python = await ensurePythonWith(preCommit);
    folder = await mkdtemp(join(tmpdir(), "pinned-images-hook-"));
    environment = await developersEnvironment(path("bin"));
    await mkdir(path("hook"));
    const tracked = execFileSync("git", ["-C", projectRoot, "ls-files", "-z"], { encoding: "utf8" });
    for (const file of tracked.split("\0").filter((name) => name !== "")) {
      await mkdir(dirname(join(path("hook"), file)), { recursive: true });
      await cp(join(projectRoot, file), join(path("hook"), file));
    }
    commitAll("hook");
    await mkdir(path("work/prod"), { recursive: true });
    await writeFile(
      path("work/.pre-commit-config.yaml"),
      configuration(git("hook", "rev-parse", "HEAD").trim()),
    );
    commitAll("work");
    const installed = await preCommitDoes("install-hooks");
    assert.equal(installed.code, 0, `${installed.stdout}${installed.stderr}`);
  });

  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  function commitAll(within: string): void {
    git(within, "init", "--quiet");
    git(within, "add", "--all");
    git(within, "commit", "--quiet", "--message=all");
  }

  function configuration(revision: string): string {
    return `default_language_version: { node: system }
repos:
  - repo: ${path("hook")}
    rev: ${revision}
    hooks:
      - id: pinned-images
`;
  }

  async function preCommitDoes(...args: readonly string[]): Promise<RunResult> {
    const result = await run(python, ["-m", "pre_commit", ...args, "--color=never"], {
      cwd: path("work"),
      env: { ...environment, PRE_COMMIT_HOME: path("pre-commit") },
      timeoutMs: patience,
    });
    assert.ok(!result.timedOut, `pre-commit ${args.join(" ")} came to no end`);
    return result;
  }

  afterEach(() => {
    git("work", "reset", "--quiet", "--hard");
  });

  // what, the file that is staged, its text, exit code, what is said
  const table: readonly (readonly [string, string, string, number, RegExp])[] = [
    ["lets other files be", "notes.md", "nginx:1\n", 0, /\(no files to check\)Skipped/],
    [
      "stops a tag in production",
      "prod/web.yaml",
      pod("nginx:1"),
      1,
      /Failed\n[^]*\nprod\/web\.yaml:6:14 error image-pinned-by-digest\n/,
    ],
    ["takes a digest", "prod/web.yaml", pod(`nginx:1@sha256:${"a".repeat(64)}`), 0, /\.Passed\n/],
    ["advises elsewhere", "Dockerfile", "FROM nginx:1\n", 0, /\.Passed\n/],
    [
      "stops half a digest",
      "Dockerfile.prod",
      "FROM nginx@sha256:abc\n",
      1,
      /the digest has 3 hex characters/,
    ],
  ];
  for (const [what, file, text, code, said] of table) {
    it(what, async () => {
      await mkdir(path("work/prod"), { recursive: true });
      await writeFile(path(`work/${file}`), text);
      git("work", "add", file);
      // What `git commit` runs, over what is staged.
      const result = await preCommitDoes("run");
      assert.equal(result.code, code, `${result.stdout}${result.stderr}`);
      assert.match(result.stdout, said);
    });
  }
});

/**
 * The environment of somebody who commits: this Node.js under both of the names that pre-commit looks for, and nothing of the npm that
 * runs the tests, whose folders of commands and settings would hide what the hook has to bring itself.
 */
async function developersEnvironment(bin: string): Promise<NodeJS.ProcessEnv> {
  await mkdir(bin);
  for (const name of ["node", "nodejs"]) await symlink(process.execPath, join(bin, name));
  // How npm reaches its registry stays: proxies, certificates, addresses.
  const npms =
    /^npm_(?!config_)|^npm_config_(?:\w*prefix|global\w*|location|include|omit|ignore_scripts|workspaces?)$/i;
  const strangers = /^(?:GIT_|PRE_COMMIT)|^NODE_(?:OPTIONS|V8_COVERAGE|DISABLE_COMPILE_CACHE)$/i;
  const own = Object.entries(process.env).filter(([name]) => !npms.test(name) && !strangers.test(name));
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((one) => !one.includes("node_modules"));
  const author = { GIT_AUTHOR_NAME: "Ann Lee", GIT_AUTHOR_EMAIL: "ann@example.com" };
  return {
    ...Object.fromEntries(own),
    ...author,
    GIT_COMMITTER_NAME: author.GIT_AUTHOR_NAME,
    GIT_COMMITTER_EMAIL: author.GIT_AUTHOR_EMAIL,
    GIT_CONFIG_NOSYSTEM: "1",
    PATH: [bin, ...folders].join(delimiter),
  };
}
