import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import * as v from "valibot";
import { parse } from "yaml";
import { createWorkplace, type Workplace } from "../support/command-line";
import { projectRoot } from "../support/paths";

const pod = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: web\n      image: nginx:1\n";
const action = v.parse(
  v.looseObject({
    inputs: v.record(v.string(), v.looseObject({ description: v.string(), default: v.string() })),
    outputs: v.record(v.string(), v.looseObject({ value: v.string() })),
    runs: v.object({
      using: v.literal("composite"),
      steps: v.tuple([
        v.object({
          id: v.string(),
          shell: v.string(),
          env: v.record(v.string(), v.string()),
          run: v.string(),
        }),
        v.object({
          if: v.string(),
          uses: v.string(),
          with: v.record(v.string(), v.string()),
        }),
      ]),
    }),
  }),
  parse(readFileSync(join(projectRoot, "action.yml"), "utf8")),
);
const sarifSchema = v.object({
  version: v.literal("2.1.0"),
  runs: v.tuple([v.object({ results: v.array(v.object({ ruleId: v.string() })) })]),
});

/** Stands in for npx: writes down what it was asked for, and runs this project's own command without registries. */
const npx = `#!/usr/bin/env bash
printf '%s\\n' "$*" >>"$NPX_LOG"
while [[ $1 != -- ]]; do shift; done
exec "${process.execPath}" "${join(projectRoot, "dist", "cli", "index.js")}" "\${@:3:1}" --offline "\${@:4}"
`;

describe("action.yml", () => {
  let place: Workplace;

  beforeEach(async () => {
    place = await createWorkplace();
    await mkdir(place.path("bin"));
    await writeFile(place.path("bin/npx"), npx, { mode: 0o755 });
    await mkdir(place.path("prod"));
    await mkdir(place.path("with space"));
    await mkdir(place.path("runner"));
    await place.write("prod/a.yaml", pod);
    await place.write("with space/--help.yaml", pod);
  });

  afterEach(async () => {
    await place.remove();
  });

  /** Runs the action's step as the runner does: its inputs, their defaults, and a file for outputs. */
  function run(inputs: Readonly<Record<string, string>>) {
    const [step] = action.runs.steps;
    const given = Object.fromEntries(
      Object.entries(step.env).map(([name, text]) => [
        name,
        text.replace(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, input: string) => {
          const stated = action.inputs[input];
          assert.ok(stated, `there is no input ${input}`);
          return inputs[input] ?? stated.default;
        }),
      ]),
    );
    const { status, stdout, stderr } = spawnSync("bash", ["-c", step.run], {
      cwd: place.folder,
      encoding: "utf8",
      timeout: 30_000,
      env: {
        ...given,
        PATH: `${place.path("bin")}:${process.env["PATH"] ?? ""}`,
        HOME: place.path("home"),
        GITHUB_ACTION_PATH: projectRoot,
        GITHUB_OUTPUT: place.path("outputs"),
        RUNNER_TEMP: place.path("runner"),
        NPX_LOG: place.path("npx.log"),
      },
    });
    const outputs = existsSync(place.path("outputs")) ? readFileSync(place.path("outputs"), "utf8") : "";
    return { status, stdout, stderr, outputs };
  }

  // what, inputs, exit code, the log, the outputs
  const table: readonly (readonly [string, Readonly<Record<string, string>>, number, RegExp, string])[] = [
    ["annotates by itself", {}, 1, /^::error file=prod\/a\.yaml,line=6,endLine=6,col=14,/m, "exit-code=1\n"],
    [
      "takes a path with blanks that looks like an option",
      { paths: "with space\n" },
      0,
      /^::warning file=with space\/--help\.yaml,/,
      "exit-code=0\n",
    ],
    [
      "takes several paths",
      { paths: "with space\n\nprod" },
      1,
      /::error file=prod[^]*::warning file=with space/,
      "exit-code=1\n",
    ],
    [
      "treats all files as of an environment",
      { paths: "with space", environment: "production" },
      1,
      /^::error file=with space/,
      "exit-code=1\n",
    ],
    [
      "takes another format",
      { format: "text", paths: "prod" },
      1,
      /^prod\/a\.yaml:6:14 error/,
      "exit-code=1\n",
    ],
    [
      "writes SARIF beside the annotations",
      { sarif: "out.sarif", paths: "prod" },
      1,
      /^::error file=prod/,
      "sarif=out.sarif\nexit-code=1\n",
    ],
    [
      "uploads the SARIF that was asked for",
      { sarif: "out.sarif", upload: "true", paths: "prod" },
      1,
      /^::error file=prod/,
      "sarif=out.sarif\nexit-code=1\n",
    ],
    [
      "uploads SARIF that nobody named",
      { upload: "true", paths: "with space" },
      0,
      /^::warning file=with space/,
      "sarif=<folder>/runner/pinned-images.sarif\nexit-code=0\n",
    ],
    [
      "ends with 2 for an upload that is neither yes nor no",
      { upload: "$(touch owned)" },
      2,
      /^::error title=pinned-images::the input upload/,
      "",
    ],
    [
      "ends with 2 for an environment that is none",
      { environment: "$(touch owned)", sarif: "out.sarif" },
      2,
      /^$/,
      "exit-code=2\n",
    ],
    [
      "takes one line for a file alone",
      { sarif: "a\nexit-code=0" },
      2,
      /^::error title=pinned-images::the input sarif/,
      "",
    ],
  ];
  for (const [what, inputs, status, log, outputs] of table) {
    it(what, () => {
      const result = run(inputs);
      assert.equal(result.status, status, result.stderr);
      assert.match(result.stdout, log);
      assert.equal(result.outputs.replaceAll(place.folder, "<folder>"), outputs);
      assert.ok(!existsSync(place.path("owned")));
      const sarif = /^sarif=(.+)$/m.exec(result.outputs)?.[1];
      if (sarif === undefined) return;
      const { runs } = v.parse(sarifSchema, JSON.parse(readFileSync(resolve(place.folder, sarif), "utf8")));
      assert.deepEqual(
        runs[0].results.map(({ ruleId }) => ruleId),
        ["image-pinned-by-digest"],
      );
    });
  }

  it("runs the version that it was asked for, else its own", () => {
    const { version } = v.parse(
      v.object({ version: v.string() }),
      JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")),
    );
    run({});
    run({ version: "9.9.9" });
    const [own, asked] = readFileSync(place.path("npx.log"), "utf8").split("\n");
    assert.ok(own?.includes(`--package=pulumi-pinned-images@${version} -- pinned-images check`));
    assert.ok(asked?.includes("--package=pulumi-pinned-images@9.9.9 -- pinned-images check"));
  });

  it("gives the outputs that it states, and leaves no input unused", () => {
    const [{ env, id }] = action.runs.steps;
    assert.deepEqual(
      Object.values(action.outputs).map(({ value }) => value),
      ["exit-code", "sarif"].map((name) => `\${{ steps.${id}.outputs.${name} }}`),
    );
    const used = Object.values(env).map((text) => /inputs\.([\w-]+)/.exec(text)?.[1]);
    assert.deepEqual(used.toSorted(), Object.keys(action.inputs).toSorted());
  });

  it("uploads only where it was asked to, whatever was found, by an action that is pinned itself", () => {
    const [{ id }, upload] = action.runs.steps;
    assert.equal(upload.if, `always() && inputs.upload == 'true' && steps.${id}.outputs.sarif != ''`);
    assert.match(upload.uses, /^github\/codeql-action\/upload-sarif@[0-9a-f]{40}$/);
    assert.equal(upload.with["sarif_file"], `\${{ steps.${id}.outputs.sarif }}`);
    assert.equal(action.inputs["upload"]?.default, "false");
  });
});

describe(".pre-commit-hooks.yaml", () => {
  const hooks = v.parse(
    v.array(
      v.looseObject({ id: v.string(), entry: v.string(), language: v.literal("node"), files: v.string() }),
    ),
    parse(readFileSync(join(projectRoot, ".pre-commit-hooks.yaml"), "utf8")),
  );

  for (const { id, entry, files } of hooks) {
    it(`${id} is given what may be of a format`, () => {
      const names =
        "Dockerfile-alpine a/Dockerfile.dev web.dockerfile Containerfile a.yml a/b.yaml c.json".split(" ");
      const others = "a.ts Dockerfiles package.jsonl ayml".split(" ");
      const isGiven = (name: string): boolean => new RegExp(files).test(name);
      assert.deepEqual([...names, ...others].filter(isGiven), names);
    });

    it(`${id} runs over the files that it is given`, async () => {
      const place = await createWorkplace();
      try {
        await mkdir(place.path("prod"));
        await place.write("prod/a.yaml", pod);
        await place.write("package.json", "{}");
        const [command, ...args] = entry.split(" ");
        assert.equal(command, "pinned-images");
        const { code, stdout } = await place.spawn([...args, "prod/a.yaml", "package.json"]);
        assert.equal(code, 1);
        assert.match(stdout, /^prod\/a\.yaml:6:14 error image-pinned-by-digest/);
      } finally {
        await place.remove();
      }
    });
  }
});
