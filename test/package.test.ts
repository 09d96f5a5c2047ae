import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import * as v from "valibot";

import { compile, node10 } from "./support/package/compile";
import { installPackage, type InstalledPackage } from "./support/package/install";
import { entryKeys, manifest } from "./support/package/manifest";
import { rightUse, wrongUses } from "./support/package/programs";
import { run, type Finished } from "./support/package/run";
import { projectRoot } from "./support/paths";

const seenSchema = v.object({ listening: v.number(), loaded: v.array(v.string()), own: v.array(v.string()) });

/** What only those may load who ask for it: the HTTP stack, the providers' SDKs, and the server of policies. */
const heavy = ["undici", "@pulumi/kubernetes", "@pulumi/docker", "@pulumi/policy"];

describe("the published package", function () {
  this.timeout(120_000);
  let installed: InstalledPackage;

  before(async () => {
    installed = await installPackage();
  });
  after(async () => {
    await installed.remove();
  });

  /** Runs a JavaScript file in the folder where the package is installed, and looks at what it loaded. */
  async function probe(
    file: string,
    cwd = installed.folder,
    untilOutput = false,
    args: readonly string[] = [],
  ): Promise<Finished & v.InferOutput<typeof seenSchema>> {
    const seen = join(installed.folder, "probe.json");
    const finished = await run(
      process.execPath,
      ["--require", join(__dirname, "support", "package", "probe.js"), file, ...args],
      { cwd, env: { PROBE_FILE: seen }, untilOutput },
    );
    return { ...finished, ...v.parse(seenSchema, JSON.parse(await readFile(seen, "utf8"))) };
  }

  describe("holds", () => {
    it("nothing beside the compiled sources but what npm and the engine need", () => {
      const others = installed.files.filter((path) => !path.startsWith("dist/"));
      assert.deepEqual(others.toSorted(), [
        "CHANGELOG.md",
        "LICENSE",
        "PulumiPolicy.yaml",
        "README.md",
        "package.json",
        "plugin/PulumiPlugin.yaml",
        "plugin/package.json",
        "plugin/schema.json",
        "presets/development.json",
        "presets/policy-pack-config.schema.json",
        "presets/production.json",
        "presets/staging.json",
        "renovate/images-lock.json",
        "schemas/images.lock.schema.json",
        "schemas/report.schema.json",
      ]);
    });

    it("no compiled file without a source, and no source map", () => {
      const strangers = installed.files
        .filter((path) => path.startsWith("dist/"))
        .filter((path) => {
          const source = /^dist\/(.+)(?:\.js|\.d\.ts)$/.exec(path)?.[1];
          return source === undefined || !existsSync(join(projectRoot, `${source}.ts`));
        });
      assert.deepEqual(strangers, []);
    });

    it("every file that package.json names", () => {
      const named = Object.values(manifest.exports)
        .flatMap((target) => (typeof target === "string" ? [target] : Object.values(target)))
        .concat(manifest.main, Object.values(manifest.bin))
        .map((path) => path.replace(/^\.\//, ""));
      assert.deepEqual(
        named.filter((path) => !installed.files.includes(path)),
        [],
      );
    });

    it("a command that runs", async () => {
      for (const path of Object.values(manifest.bin)) {
        const { code, stdout, stderr } = await run(
          process.execPath,
          [join(installed.packageFolder, path), "--version"],
          { cwd: installed.folder },
        );
        assert.deepEqual([code, stdout, stderr], [0, `${manifest.version}\n`, ""]);
      }
    });
  });

  describe("in a program", () => {
    const kinds = ["cts", "mts"] as const;
    const programs = entryKeys.map((key, index) => ({ key, base: `use-${index}` }));
    let complaints: string[];

    before(async () => {
      const sources = [
        ...programs.flatMap(({ key, base }) =>
          kinds.map((kind) => [`${base}.${kind}`, rightUse(key)] as const),
        ),
        ...wrongUses.flatMap(({ source }, index) =>
          kinds.map((kind) => [`wrong-${index}.${kind}`, source] as const),
        ),
      ];
      const paths = sources.map(([file]) => join(installed.folder, file));
      await Promise.all(
        sources.map(async ([file, source]) => writeFile(join(installed.folder, file), source)),
      );
      complaints = compile(installed.folder, paths);
    });

    it("type-checks, strictly, as CommonJS and as an ES module, from every entry", () => {
      assert.ok(programs.length >= 8);
      assert.deepEqual(
        complaints.filter((complaint) => !complaint.startsWith("wrong-")),
        [],
      );
    });

    it("type-checks as a program whose compiler knows no exports, from every entry", async () => {
      const paths = programs.map(({ base }) => join(installed.folder, `${base}.ts`));
      await Promise.all(programs.map(async ({ key }, index) => writeFile(paths[index] ?? "", rightUse(key))));
      assert.deepEqual(compile(installed.folder, paths, node10), []);
    });

    for (const [index, { name, code }] of wrongUses.entries()) {
      it(`does not compile with ${name}`, () => {
        assert.deepEqual(
          complaints.filter((complaint) => complaint.startsWith(`wrong-${index}.`)).toSorted(),
          kinds.map((kind) => `wrong-${index}.${kind}:2 TS${code}`),
        );
      });
    }

    const mayLoad: Readonly<Record<string, readonly string[]>> = {
      "./policies": ["@pulumi/policy"],
      "./components/docker": ["@pulumi/docker"],
      "./components/kubernetes": ["@pulumi/kubernetes"],
    };
    for (const { key, base } of programs) {
      const allowed = mayLoad[key] ?? [];
      const loads = allowed.length === 0 ? "nothing heavy" : `of what is heavy only ${allowed.join(", ")}`;
      it(`starts no server, prints nothing, ends by itself and loads ${loads}: ${key}`, async () => {
        for (const extension of ["cjs", "mjs"]) {
          const { code, stdout, stderr, listening, loaded } = await probe(`${base}.${extension}`);
          assert.deepEqual(
            { code, stdout, stderr, listening },
            { code: 0, stdout: "", stderr: "", listening: 0 },
            extension,
          );
          assert.ok(loaded.includes(manifest.name));
          assert.deepEqual(
            heavy.filter((name) => loaded.includes(name)),
            allowed,
            extension,
          );
        }
      });
    }

    it("gives its package.json", async () => {
      const file = join(installed.folder, "manifest.cjs");
      await writeFile(file, `process.stdout.write(require("${manifest.name}/package.json").version);`);
      const { code, stdout } = await run(process.execPath, [file], { cwd: installed.folder });
      assert.deepEqual([code, stdout], [0, manifest.version]);
    });
  });

  it("starts as a pack without the HTTP stack, the verifier of signatures and any provider's SDK", async () => {
    const { code, stdout, stderr, listening, loaded, own } = await probe(
      join(installed.packageFolder, manifest.main),
      installed.packageFolder,
      true,
    );
    assert.match(stdout, /^\d+\n$/, "the port, which the engine waits for");
    assert.deepEqual({ code, stderr, listening }, { code: 0, stderr: "", listening: 1 });
    assert.deepEqual(
      heavy.filter((name) => loaded.includes(name)),
      ["@pulumi/policy"],
    );
    // By our own files: Pulumi's SDK loads npm's verifier, which is the same.
    assert.deepEqual(
      own.filter((path) => path.startsWith("signatures/")),
      ["signatures/error.js", "signatures/key.js"],
    );
  });

  describe("as a commit hook waits for it, loads", () => {
    const always = ["commander", "fastest-levenshtein", "ignore", manifest.name, "valibot"];
    const pod = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: nginx:1\n";
    // the file, its text, what the format needs
    const table: readonly (readonly [string, string, readonly string[]])[] = [
      ["pod.yaml", pod, []],
      ["anchored.yaml", `${pod}      name: &name web\n`, ["yaml"]],
      ["pod.json", `{"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"image":"nginx:1"}]}}`, ["yaml"]],
      ["Dockerfile", "FROM nginx:1\n", []],
      ["other.toml", "", []],
    ];
    for (const [file, text, needed] of table) {
      it(`${needed.join(", ") || "nothing more"} for ${file}`, async () => {
        await writeFile(join(installed.folder, file), text);
        const { code, stdout, loaded } = await probe(
          join(installed.packageFolder, manifest.bin["pinned-images"] ?? ""),
          installed.folder,
          false,
          ["check", "--offline", file],
        );
        assert.equal(code, 0);
        assert.equal(stdout.includes("image-pinned-by-digest"), text !== "");
        assert.deepEqual(loaded.toSorted(), [...always, ...needed].toSorted());
      });
    }
  });

  it("starts as a component package without its sources, and without anything heavy", async () => {
    const { code, stdout, stderr, listening, loaded } = await probe(
      join(installed.packageFolder, "plugin"),
      installed.folder,
      true,
    );
    assert.match(stdout, /^\d+\n$/, "the port, which the engine waits for");
    assert.deepEqual({ code, stderr, listening }, { code: 0, stderr: "", listening: 1 });
    assert.deepEqual(
      heavy.filter((name) => loaded.includes(name)),
      [],
    );
  });
});

describe("package-lock.json", () => {
  it("names no address, so that each machine installs from the registry that it is told", async () => {
    const lock = await readFile(join(projectRoot, "package-lock.json"), "utf8");
    assert.doesNotMatch(lock, /"resolved"/);
    assert.match(lock, /"integrity"/);
  });
});
