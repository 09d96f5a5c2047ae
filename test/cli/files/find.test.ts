import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { findFiles, type FileSearch } from "../../../cli/files";
import { unprivileged } from "../../support/unprivileged";
import { folderForEach, plant } from "./folder";

describe("findFiles", () => {
  const path = folderForEach();
  const find = (search: Partial<FileSearch> = {}): readonly string[] => {
    const { files, problems } = findFiles({ folder: path(), paths: [], ...search });
    assert.deepEqual(problems, []);
    return files.map((file) => file.path);
  };
  const none = (names: readonly string[]): Record<string, string> =>
    Object.fromEntries(names.map((name) => [name, ""]));

  // what, files, search → found
  const cases: readonly (readonly [
    string,
    Record<string, string>,
    Partial<FileSearch>,
    readonly string[],
  ])[] = [
    ["nothing", {}, {}, []],
    [
      "files in the order of their names",
      none(["b", "a", "c/b", "c/a", "B"]),
      {},
      ["B", "a", "b", "c/a", "c/b"],
    ],
    [
      "hidden files, workflows among them",
      none([".github/workflows/ci.yml", ".a"]),
      {},
      [".a", ".github/workflows/ci.yml"],
    ],
    [
      "no packages, and nothing of git's",
      none(["node_modules/a/b", "a/node_modules/b", ".git/config", "x"]),
      {},
      ["x"],
    ],
    [
      "what git does not ignore",
      { ".gitignore": "*.log\n/top\n", ...none(["a.log", "a/b.log", "top", "a/top"]) },
      {},
      [".gitignore", "a/top"],
    ],
    [
      "what a rule takes back",
      { ".gitignore": "*.yml\n!keep.yml\n", ...none(["a.yml", "keep.yml", "a/keep.yml"]) },
      {},
      [".gitignore", "keep.yml", "a/keep.yml"],
    ],
    [
      "what a deeper rule takes back",
      { ".gitignore": "*.yml\n", "a/.gitignore": "!b.yml\n", ...none(["a/a.yml", "a/b.yml"]) },
      {},
      [".gitignore", "a/.gitignore", "a/b.yml"],
    ],
    [
      "a folder that a deeper rule takes back",
      { ".gitignore": "b/\n", "a/.gitignore": "!b/\n", ...none(["a/b/c", "b/c"]) },
      {},
      [".gitignore", "a/.gitignore", "a/b/c"],
    ],
    [
      "in a folder that a deeper rule takes back, what no rule leaves out",
      { ".gitignore": "a\n", "b/.gitignore": "!/*\n", ...none(["b/a/a", "b/a/b", "b/a/c/a", "b/c"]) },
      {},
      [".gitignore", "b/.gitignore", "b/c", "b/a/b"],
    ],
    [
      "in folders with odd names that a deeper rule takes back, what no rule leaves out",
      {
        ".gitignore": "a*\n",
        "b/.gitignore": "!/*\n",
        ...none(["b/a[*] /x", "b/a[*] /ax", "b/a\\?/x", "b/a\n!/x", "b/a\n!/a"]),
      },
      {},
      [".gitignore", "b/.gitignore", "b/a\n!/x", "b/a[*] /x", "b/a\\?/x"],
    ],
    [
      "nothing in a folder that is left out",
      { ".gitignore": "a/\n!a/b\n", ...none(["a/b"]) },
      {},
      [".gitignore"],
    ],
    [
      "rules in their case",
      { ".gitignore": "Build\n", ...none(["build/a", "Build/a"]) },
      {},
      [".gitignore", "build/a"],
    ],
    [
      "rules with a byte-order mark and carriage returns",
      { ".gitignore": "\uFEFFa\r\nb\r\n", ...none(["a", "b", "c"]) },
      {},
      [".gitignore", "c"],
    ],
    [
      "a file that is named, ignored or not",
      { ".gitignore": "a\n", ...none(["a", "node_modules/x"]) },
      { paths: ["a", "node_modules/x"] },
      ["a", "node_modules/x"],
    ],
    [
      "a folder that is named, ignored or not",
      { ".gitignore": "a/\n*.log\n", ...none(["a/x", "a/y.log"]) },
      { paths: ["a"] },
      ["a/x", "a/y.log"],
    ],
    ["each file once", none(["a/x", "a/y"]), { paths: ["a/y", "a", "./a/x", "a/../a"] }, ["a/y", "a/x"]],
    ["what is included", none(["a.yml", "b.txt", "c/d.yml"]), { include: ["*.yml"] }, ["a.yml", "c/d.yml"]],
    ["what is included, of a folder", none(["a/b/x", "a/y", "z"]), { include: ["a/**"] }, ["a/y", "a/b/x"]],
    ["nothing, when nothing is included", none(["a"]), { include: [] }, []],
    [
      "what is not excluded",
      none(["a.yml", "test/a.yml", "c/test/b.yml"]),
      { exclude: ["test/"] },
      ["a.yml"],
    ],
    [
      "what is excluded and taken back",
      none(["a.yml", "b.yml"]),
      { exclude: ["*.yml", "!b.yml"] },
      ["b.yml"],
    ],
    [
      "no named file that is excluded",
      none(["a.yml", "b.yml"]),
      { paths: ["a.yml", "b.yml"], exclude: ["a.yml"] },
      ["b.yml"],
    ],
    [
      "names with odd characters",
      none(["a b", "ü", "[x]", "a\nb", "*"]),
      {},
      ["*", "[x]", "a\nb", "a b", "ü"],
    ],
  ];
  for (const [what, files, search, expected] of cases) {
    it(`finds ${what}`, () => {
      plant(path(), files);
      assert.deepEqual(find(search), expected);
    });
  }

  it("says which file was named, and where it lies", () => {
    plant(path(), none(["a", "b/c"]));
    const { files } = findFiles({ folder: path(), paths: ["a", "b"] });
    assert.deepEqual(files, [
      { path: "a", target: path("a"), named: true },
      { path: "b/c", target: path("b", "c"), named: false },
    ]);
  });

  it("follows the rules of the folders above, up to the repository's", () => {
    plant(path(), {
      ".gitignore": "*.above\n",
      "repo/.git/HEAD": "",
      "repo/.gitignore": "*.log\n/a/b/x\n",
      "repo/a/.gitignore": "*.tmp\n",
    });
    plant(path("repo", "a", "b"), none(["x", "y.log", "y.tmp", "y.above", "z"]));
    const found = findFiles({ folder: path("repo", "a", "b"), paths: [] });
    assert.deepEqual(
      found.files.map((file) => file.path),
      ["y.above", "z"],
    );
    assert.equal(found.tree, path("repo"));
  });

  it("looks at paths outside of the working folder when they are named", () => {
    plant(path(), none(["here/a", "there/b.yml", "there/c.txt"]));
    const { files } = findFiles({
      folder: path("here"),
      paths: ["../there", path("here", "a")],
      include: ["*.yml", "a"],
    });
    assert.deepEqual(
      files.map((file) => file.path),
      ["../there/b.yml", "a"],
    );
  });

  it("does not follow links on the way", () => {
    plant(path(), none(["tree/a/x", "outside/y"]));
    symlinkSync("a", path("tree", "link"));
    symlinkSync("../outside", path("tree", "out"));
    symlinkSync("../outside/y", path("tree", "y"));
    symlinkSync("..", path("tree", "a", "loop"));
    assert.deepEqual(find({ folder: path("tree") }), ["a/x"]);
  });

  it("follows a link that is named, unless it leads out of the tree", () => {
    plant(path(), none(["tree/a/x", "outside/y"]));
    symlinkSync("a/x", path("tree", "link"));
    symlinkSync("../outside/y", path("tree", "out"));
    symlinkSync("loop", path("tree", "loop"));
    const { files, problems } = findFiles({ folder: path("tree"), paths: ["link", "out", "loop", "no"] });
    assert.deepEqual(
      files.map((file) => file.path),
      ["a/x"],
    );
    assert.deepEqual(
      problems.map((each) => `${each.path} ${each.problem}`),
      [
        "out is a link that leads out of the folder",
        "loop cannot be read (ELOOP)",
        "no there is no such file or folder",
      ],
    );
  });

  it("works where the working folder is reached through a link", () => {
    plant(path(), none(["tree/a"]));
    symlinkSync("tree", path("link"));
    assert.deepEqual(find({ folder: path("link") }), ["a"]);
    assert.deepEqual(find({ folder: path("link"), paths: [path("link", "a")] }), ["a"]);
  });

  it("does not open what is neither a file nor a folder", () => {
    execFileSync("mkfifo", [path("pipe")]);
    assert.deepEqual(find(), []);
    const { problems } = findFiles({ folder: path(), paths: ["pipe"] });
    assert.deepEqual(
      problems.map(({ problem }) => problem),
      ["is neither a file nor a folder"],
    );
  });

  it("says of rules that cannot be read that they are not followed", () => {
    plant(path(), { ".gitignore": "a\0\n", a: "" });
    const { files, problems } = findFiles({ folder: path(), paths: [] });
    assert.deepEqual([files.length, problems.map((each) => each.path)], [2, [".gitignore"]]);
  });

  it("ends for rules and names made to take time", () => {
    const name = "a".repeat(250);
    plant(path(), {
      ".gitignore": [
        `${"*a".repeat(100)}b`,
        `${"**/".repeat(300)}b`,
        `${"a**/".repeat(60)}b`,
        `${"[a-z]*".repeat(60)}!`,
      ].join("\n"),
      [name]: "",
      [`${"a/".repeat(100)}c`]: "",
    });
    assert.equal(find().length, 3);
  });

  it("finds what git lists", () => {
    const word = fc.constantFrom("a", "b", "c", "a.yml", "b.yml");
    const file = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join("/"));
    const rule = fc
      .tuple(
        fc.constantFrom("", "!", "/", "!/"),
        fc.array(fc.oneof(word, fc.constantFrom("*", "**", "*.yml", "[ab]", "?")), {
          minLength: 1,
          maxLength: 3,
        }),
        fc.constantFrom("", "/", "/*", "/**"),
      )
      .map(([sign, words, end]) => sign + words.join("/") + end);
    const rules = fc.array(rule, { minLength: 1, maxLength: 5 }).map((lines) => `${lines.join("\n")}\n`);
    fc.assert(
      fc.property(
        fc.array(file, { maxLength: 12 }),
        fc.array(fc.tuple(fc.constantFrom("", "a/", "b/", "a/b/"), rules), { maxLength: 3 }),
        (files, ignores) => {
          const folder = mkdtempSync(join(tmpdir(), "files-git-"));
          try {
            for (const name of [...files, ...ignores.map(([at]) => `${at}x`)]) {
              try {
                plant(folder, { [name]: "" });
              } catch {
                // A folder of that name is there, or a file where a folder should be.
              }
            }
            for (const [at, text] of ignores) {
              try {
                plant(folder, { [`${at}.gitignore`]: text });
              } catch {
                // The same.
              }
            }
            const environment = {
              ...process.env,
              GIT_CONFIG_NOSYSTEM: "1",
              GIT_CONFIG_GLOBAL: "/dev/null",
              HOME: folder,
            };
            const git = (...args: string[]): string =>
              execFileSync("git", ["-C", folder, ...args], { encoding: "utf8", env: environment });
            git("init", "--quiet");
            const listed = git("ls-files", "--others", "--exclude-standard", "-z")
              .split("\0")
              .filter((name) => name !== "");
            const found = findFiles({ folder, paths: [] }).files.map((each) => each.path);
            assert.deepEqual([...found].sort(), listed.sort());
          } finally {
            rmSync(folder, { recursive: true, force: true });
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("makes a problem of a folder that cannot be read", async () => {
    mkdirSync(path("closed"), { mode: 0 });
    await unprivileged(path(), () => {
      const { problems } = findFiles({ folder: path(), paths: [] });
      assert.deepEqual(
        problems.map((each) => `${each.path} ${each.problem}`),
        ["closed cannot be read (EACCES)"],
      );
    });
  });
});
