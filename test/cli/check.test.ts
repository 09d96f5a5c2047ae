import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { chmod, cp, mkdir, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import * as v from "valibot";
import { checkJsonSchema } from "../../report/check-json";
import { unprivileged } from "../support/unprivileged";
import { createWorkplace, type Workplace } from "../support/command-line";
import { fixture, projectRoot } from "../support/paths";
import { startRegistry } from "../support/registry";
import { signImage, signingKey } from "../support/signing";

const digest = `sha256:${"a".repeat(64)}`;
const entry = {
  ...{ digest, mediaType: "application/vnd.oci.image.index.v1+json", platforms: ["linux/amd64"] },
  ...{ lockedAt: "2026-11-01T10:00:00Z", verifiedAt: "2026-11-01T10:00:00Z" },
};

/** A manifest of one pod. The image stands at 6:14. */
function pod(image: string): string {
  return `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: web\n      image: ${image}\n`;
}

function lockOf(images: Readonly<Record<string, object>>): string {
  return JSON.stringify({ version: 1, images });
}

describe("pinned-images check", () => {
  let place: Workplace;

  beforeEach(async () => {
    place = await createWorkplace();
  });

  afterEach(async () => {
    await place.remove();
  });

  async function write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(place.path(name)), { recursive: true });
      await place.write(name, text);
    }
  }

  /** Each finding as `file:line:column level policy`. */
  async function found(...args: string[]) {
    return foundOnline("--offline", ...args);
  }

  async function foundOnline(...args: string[]) {
    const { code, stdout, stderr } = await place.run(["check", "--format", "json", ...args]);
    assert.notEqual(stdout, "", stderr);
    const json = v.parse(checkJsonSchema, JSON.parse(stdout));
    const findings = json.findings.map(
      ({ file, line, column, level, policy }) => `${file}:${line}:${column} ${level} ${policy}`,
    );
    return { code, json, findings };
  }

  const extensions = { text: "txt", json: "json", sarif: "sarif", junit: "xml", github: "annotations" };
  for (const [format, extension] of Object.entries(extensions)) {
    it(`gives the findings of a tree as ${format}, as recorded`, async () => {
      await cp(fixture("check", "tree"), place.folder, { recursive: true });
      const { code, stdout } = await place.run(["check", "--offline", "--format", format]);
      assert.equal(code, 1);
      const path = fixture("check", `tree.${extension}`);
      // RECORD=1 records anew; the difference is reviewed as part of its commit.
      if (process.env["RECORD"] === "1") writeFileSync(path, stdout);
      assert.equal(stdout, readFileSync(path, "utf8"));
    });
  }

  it("says what docs/guides/files.md shows", async () => {
    await cp(fixture("check", "tree"), place.folder, { recursive: true });
    await place.write("pinned-images.json", "{}");
    const page = join(projectRoot, "docs", "guides", "files.md");
    const [, args = "", shown = ""] =
      /```text\n\$ pinned-images (.*)\n([^]*?)```/.exec(readFileSync(page, "utf8")) ?? [];
    const { stdout } = await place.run(args.split(" "));
    if (process.env["RECORD"] === "1") {
      const text = readFileSync(page, "utf8");
      writeFileSync(
        page,
        text.replace(/(```text\n\$ .*\n)[^]*?```/, (_, head: string) => `${head}${stdout}\`\`\``),
      );
    } else assert.equal(shown, stdout);
  });

  const tag = "image-pinned-by-digest";
  const setting = (settings: object, levels: object = {}): string => JSON.stringify({ ...levels, settings });
  const team = { owner: "payments", reason: "mirror pending" };
  const current = { ...team, expires: "2026-12-31" };

  // what, files, arguments, exit code, findings
  const table: readonly (readonly [
    what: string,
    files: Readonly<Record<string, string>>,
    args: readonly string[],
    code: number,
    findings: readonly string[],
  ])[] = [
    ["nothing at all", {}, [], 0, []],
    ["a pinned image", { "prod/a.yaml": pod(`nginx:1@${digest}`) }, [], 0, []],
    ["a tag anywhere", { "a.yaml": pod("nginx:1") }, [], 0, [`a.yaml:6:14 advisory ${tag}`]],
    ["a tag in production", { "prod/a.yaml": pod("nginx:1") }, [], 1, [`prod/a.yaml:6:14 mandatory ${tag}`]],
    [
      "a folder named alone",
      { "prod/a.yaml": pod("nginx:1"), "prod/b/a.yaml": pod("nginx:1"), "c.yaml": pod("nginx:1") },
      ["prod/b"],
      1,
      [`prod/b/a.yaml:6:14 mandatory ${tag}`],
    ],
    [
      "a file named alone",
      { "prod/a.yaml": pod("nginx:1"), "prod/b.yaml": pod("nginx:1") },
      ["prod/b.yaml"],
      1,
      [`prod/b.yaml:6:14 mandatory ${tag}`],
    ],
    [
      "--environment",
      { "a.yaml": pod("nginx:1") },
      ["--environment", "production"],
      1,
      [`a.yaml:6:14 mandatory ${tag}`],
    ],
    [
      "--include",
      { "a.yaml": pod("a:1"), "b.yml": pod("b:1") },
      ["--include", "*.yml"],
      0,
      [`b.yml:6:14 advisory ${tag}`],
    ],
    [
      "--exclude",
      { "a.yaml": pod("a:1"), "b.yml": pod("b:1") },
      ["--exclude", "*.yml"],
      0,
      [`a.yaml:6:14 advisory ${tag}`],
    ],
    [
      "what git ignores",
      { ".gitignore": "out/\n", "out/a.yaml": pod("a:1"), "b.yml": pod("b:1") },
      [],
      0,
      [`b.yml:6:14 advisory ${tag}`],
    ],
    [
      "--environment over the patterns",
      {
        "prod/a.yaml": pod("nginx:1"),
        "pinned-images.json": setting({ environments: [{ name: "dev", level: "advise" }] }),
      },
      ["--environment", "dev"],
      0,
      [`prod/a.yaml:6:14 advisory ${tag}`],
    ],
    [
      "--preset development",
      { "prod/a.yaml": pod("nginx:1") },
      ["--preset", "development"],
      0,
      [`prod/a.yaml:6:14 advisory ${tag}`],
    ],
    [
      "--preset production",
      { "a.yaml": pod(`nginx:1@${digest}`), "images.lock.json": lockOf({}) },
      ["--preset", "production"],
      1,
      ["a.yaml:6:14 mandatory image-in-lock"],
    ],
    [
      "the settings over a preset",
      {
        "a.yaml": pod(`nginx:1@${digest}`),
        "images.lock.json": lockOf({}),
        "pinned-images.json": setting({}, { "image-in-lock": "disabled" }),
      },
      ["--preset", "production"],
      0,
      [],
    ],
    [
      "files of an environment",
      {
        "a.live.yaml": pod("nginx:1"),
        "prod/a.yaml": pod("nginx:1"),
        "stages/dev/a.yaml": pod("nginx:1"),
        "pinned-images.json": setting({
          environments: [
            { name: "production", files: ["*.live.yaml"] },
            { name: "development", files: ["stages/dev/*"], level: "off" },
          ],
        }),
      },
      [],
      1,
      [`a.live.yaml:6:14 mandatory ${tag}`, `prod/a.yaml:6:14 advisory ${tag}`],
    ],
    [
      "an environment's level",
      {
        "prod/a.yaml": pod("nginx:1"),
        "pinned-images.json": setting({
          environments: [{ name: "production", levels: { [tag]: "advise" } }],
        }),
      },
      [],
      0,
      [`prod/a.yaml:6:14 advisory ${tag}`],
    ],
    [
      "a policy that is disabled",
      {
        "prod/a.yaml": pod("nginx:1"),
        "pinned-images.json": setting({}, { [tag]: { enforcementLevel: "disabled" } }),
      },
      [],
      0,
      [],
    ],
    [
      "all policies as advice",
      { "prod/a.yaml": pod("nginx:1"), "pinned-images.json": setting({}, { all: "advisory" }) },
      [],
      0,
      [tag, "image-registry-allowed", "image-signed"].map((policy) => `prod/a.yaml:6:14 advisory ${policy}`),
    ],
    [
      "a registry that is not allowed",
      {
        "prod/a.yaml": pod(`quay.io/x/y:1@${digest}`),
        "pinned-images.json": setting({ registries: ["ghcr.io"] }, { "image-registry-allowed": "mandatory" }),
      },
      [],
      1,
      ["prod/a.yaml:6:14 mandatory image-registry-allowed"],
    ],
    [
      "an exception",
      {
        "prod/a.yaml": pod("quay.io/x/y:1"),
        "pinned-images.json": setting({ exceptions: [{ image: "quay.io/x/*", ...current }] }),
      },
      [],
      0,
      [],
    ],
    [
      "an exception for a resource",
      {
        "prod/a.yaml": pod("quay.io/x/y:1"),
        "pinned-images.json": setting({
          exceptions: [{ image: "quay.io/x/*", resource: "*::web", ...current }],
        }),
      },
      [],
      1,
      [`prod/a.yaml:6:14 mandatory ${tag}`],
    ],
    [
      "an exception that has expired, at its line",
      {
        "pinned-images.json": `{\n  "settings": {\n    "exceptions": [\n      ${JSON.stringify({ image: "nginx", ...team, expires: "2026-10-01" })}\n    ]\n  }\n}\n`,
      },
      [],
      1,
      ["pinned-images.json:4:1 mandatory exceptions-current"],
    ],
    [
      "an ignore",
      { "prod/a.yaml": pod(`nginx:1 # pinned-images: ignore owner=web expires=2026-12-31 reason="soon"`) },
      [],
      0,
      [],
    ],
    [
      "an ignore in a Dockerfile, above the line",
      {
        "prod/Dockerfile":
          '# pinned-images: ignore owner=web expires=2026-12-31 reason="soon"\nFROM nginx:1\nFROM redis:7\n',
      },
      [],
      1,
      [`prod/Dockerfile:3:6 mandatory ${tag}`],
    ],
    [
      "an ignore that has expired",
      { "prod/a.yaml": pod(`nginx:1 # pinned-images: ignore owner=web expires=2026-11-20 reason="soon"`) },
      [],
      1,
      ["prod/a.yaml:6:14 mandatory exceptions-current", `prod/a.yaml:6:14 mandatory ${tag}`],
    ],
    [
      "an ignore of nobody",
      { "prod/a.yaml": pod(`nginx:1 # pinned-images: ignore expires=2026-12-31 reason="soon"`) },
      [],
      1,
      ["prod/a.yaml:6:14 mandatory exceptions-current", `prod/a.yaml:6:14 mandatory ${tag}`],
    ],
    [
      "the lock of the environment",
      {
        "prod/a.yaml": pod(`nginx:1@${digest}`),
        "images.lock.json": lockOf({}),
        "images.production.lock.json": lockOf({ "docker.io/library/nginx:1": entry }),
        "pinned-images.json": setting({}, { "image-in-lock": "mandatory" }),
      },
      [],
      0,
      [],
    ],
    [
      "a lock that is named",
      {
        "prod/a.yaml": pod(`nginx:1@${digest}`),
        "other.json": lockOf({}),
        "images.production.lock.json": lockOf({ "docker.io/library/nginx:1": entry }),
        "pinned-images.json": setting({}, { "image-in-lock": "mandatory" }),
      },
      ["--lock", "other.json"],
      1,
      ["prod/a.yaml:6:14 mandatory image-in-lock"],
    ],
    [
      "no lock, said once",
      {
        "prod/a.yaml": pod(`nginx:1@${digest}`),
        "prod/b.yaml": pod(`nginx:1@${digest}`),
        "pinned-images.json": setting({}, { "image-in-lock": "mandatory" }),
      },
      [],
      1,
      ["prod/a.yaml:6:14 mandatory image-in-lock"],
    ],
    [
      "a stale entry",
      {
        "prod/a.yaml": pod(`nginx:1@${digest}`),
        "images.lock.json": lockOf({
          "docker.io/library/nginx:1": { ...entry, lockedAt: "2026-01-01T10:00:00Z" },
        }),
      },
      [],
      0,
      ["prod/a.yaml:6:14 advisory image-lock-fresh"],
    ],
  ];
  for (const [what, files, args, code, findings] of table) {
    it(`ends with ${code} for ${what}`, async () => {
      await write(files);
      const result = await found(...args);
      assert.deepEqual([result.code, result.findings], [code, findings]);
    });
  }

  // what, files, arguments, what is said on standard error
  const refused: readonly (readonly [string, Readonly<Record<string, string>>, readonly string[], RegExp])[] =
    [
      ["a path that is not there", {}, ["nowhere"], /nowhere/],
      ["settings that are not there", {}, ["--config", "x.json"], /x\.json cannot be read; name the file/],
      ["settings that are no JSON", { "pinned-images.json": "{" }, [], /pinned-images\.json is no JSON/],
      [
        "settings with a name that stands twice",
        { "pinned-images.json": `{"settings":{\n"registries":["ghcr.io"],\n"registries":["quay.io"]}}` },
        [],
        /pinned-images\.json:3: "registries" stands twice; keep the one that counts/,
      ],
      ["settings that are a list", { "pinned-images.json": "[]" }, [], /is no object; write/],
      [
        "a policy that is none",
        { "pinned-images.json": `{"image-pined-by-digest":"disabled"}` },
        [],
        /did you mean "image-pinned-by-digest"\?/,
      ],
      [
        "a level that is none",
        { "pinned-images.json": `{"image-in-lock":"off"}` },
        [],
        /image-in-lock can be mandatory, advisory/,
      ],
      [
        "a setting that is none",
        { "pinned-images.json": setting({ registry: [] }) },
        [],
        /did you mean "registries"\?/,
      ],
      [
        "a pattern of files that is none",
        { "pinned-images.json": setting({ environments: [{ name: "x", files: ["a\\b"] }] }) },
        [],
        /has a backslash/,
      ],
      ["an environment that is none", {}, ["--environment", "prodution"], /did you mean "production"\?/],
      [
        "a preset that is none",
        {},
        ["--preset", "prod"],
        /Allowed choices are production, staging, development/,
      ],
      [
        "a format that is none",
        {},
        ["--format", "xml"],
        /Allowed choices are text, json, sarif, junit, github/,
      ],
      [
        "a lock that is not there",
        {},
        ["--lock", "x.lock.json"],
        /--lock names the lock "x\.lock\.json", which is not there/,
      ],
      ["a lock that is broken", { "images.lock.json": "{" }, [], /images\.lock\.json/],
      [
        "a place where nothing can be written",
        {},
        ["--output", "no/such/folder/x.json"],
        /cannot be written \(ENOENT\)/,
      ],
    ];
  for (const [what, files, args, said] of refused) {
    it(`ends with 2 for ${what}`, async () => {
      await write(files);
      const { code, stdout, stderr } = await place.run(["check", "--offline", ...args]);
      assert.deepEqual([code, stdout], [2, ""]);
      assert.match(stderr, said);
    });
  }

  it("offers the line with the registry's digest, and asks once for each image", async () => {
    const registry = await startRegistry();
    try {
      const served = registry.push("api", "1");
      const image = `${registry.host}/api:1`;
      await write({ "a.yaml": pod(`'${image}'`), "b.yaml": pod(image) });
      const { stdout } = await place.run(["check"]);
      assert.match(stdout, new RegExp(`fix: image: '${image}@${served}'\\n`));
      assert.match(stdout, new RegExp(`fix: image: ${image}@${served}\\n`));
      assert.equal(registry.log.filter(({ path }) => path.includes("/manifests/")).length, 1);
    } finally {
      await registry.close();
    }
  });

  it("asks no registry offline, nor where the settings say so", async () => {
    const registry = await startRegistry();
    try {
      registry.push("api", "1");
      await write({ "a.yaml": pod(`${registry.host}/api:1`) });
      await place.run(["check", "--offline"]);
      await write({ "pinned-images.json": setting({ suggestDigests: false }) });
      const { stdout } = await place.run(["check"]);
      assert.match(stdout, /fix: pin it to the digest that the registry serves; "pinned-images digest /);
      assert.deepEqual(registry.log, []);
    } finally {
      await registry.close();
    }
  });

  it("asks no registry offline for a policy that needs one, and says that it could not", async () => {
    const registry = await startRegistry();
    try {
      const digest = registry.push("api", "1");
      await write({
        "prod/a.yaml": pod(`${registry.host}/api:1@${digest}`),
        "pinned-images.json": setting({}, { "image-pullable": "mandatory" }),
      });
      const { code, stdout } = await place.run(["check", "--offline"]);
      assert.equal(code, 1);
      assert.match(stdout, /cannot be looked up: \S+ is not in the cache, and the client is offline\n/);
      assert.deepEqual(registry.log, []);
    } finally {
      await registry.close();
    }
  });

  it("finds what nobody signed, in files of the environments where that is demanded", async () => {
    const registry = await startRegistry();
    try {
      const key = signingKey();
      const [signed, unsigned] = ["api", "web"].map((repository) => ({
        repository,
        digest: registry.push(repository, "1"),
      }));
      assert.ok(signed !== undefined && unsigned !== undefined);
      signImage(registry, signed, [key]);
      const image = ({ repository, digest: its }: typeof signed): string =>
        `${registry.host}/${repository}:1@${its}`;
      const rules = [{ images: [`${registry.host}/**`], keys: [key.pem] }];
      await write({
        "prod/a.yaml": pod(image(signed)),
        "prod/b.yaml": pod(image(unsigned)),
        "c.yaml": pod(image(unsigned)),
        "pinned-images.json": setting({ signatures: { rules } }, { "image-signed": "mandatory" }),
      });
      const { code, findings, json } = await foundOnline();
      assert.deepEqual(findings, [
        "c.yaml:6:14 advisory image-signed",
        "prod/b.yaml:6:14 mandatory image-signed",
      ]);
      assert.equal(code, 1);
      const fix = `sign it where it is built: cosign sign ${registry.host}/web@${unsigned.digest}`;
      assert.deepEqual(
        json.findings.map(({ problem, fix: said }) => [problem, said]),
        [
          ["is signed by nobody", fix],
          ["is signed by nobody", fix],
        ],
      );
      // One image, one verification, in however many files it stands.
      const asked = registry.log.map(({ path }) => path);
      assert.equal(new Set(asked).size, asked.length, asked.join("\n"));
    } finally {
      await registry.close();
    }
  });

  it("takes from the lock what no registry need be asked for, with the edit that makes it", async () => {
    await write({
      "a.yaml": pod(`"nginx:1"`),
      "images.lock.json": lockOf({ "docker.io/library/nginx:1": entry }),
    });
    const { json } = await found();
    assert.equal(json.findings[0]?.fix, `image: "nginx:1@${digest}"`);
    assert.deepEqual(json.findings[0].edits, [
      { line: 6, column: 22, endLine: 6, endColumn: 22, text: `@${digest}` },
    ]);
  });

  it("gives the lines that put a digest into a field of its own, and what to do where a part is missing", async () => {
    const values =
      "image:\n  repository: nginx\n  tag: 1.27.0\nsidecar:\n  image:\n    tag: 1.2.3\n    registry: docker.io\n";
    await write({
      "values.yaml": values,
      "images.lock.json": lockOf({ "docker.io/library/nginx:1.27.0": entry }),
    });
    const { stdout } = await place.run(["check", "--offline"]);
    const fixes = stdout.split("\n").filter((line) => line.startsWith("  fix: "));
    assert.deepEqual(fixes, [
      `  fix: tag: 1.27.0; digest: ${digest}`,
      "  fix: write the whole image here, with its digest",
    ]);
  });

  it("writes the report to a file as a whole, and the summary beside it", async () => {
    await write({ "prod/a.yaml": pod("nginx:1") });
    const args = ["check", "--offline", "--format", "json", "--output", "report.json"];
    const { code, stdout, stderr } = await place.run(args);
    assert.deepEqual([code, stdout, stderr], [1, "", "1 image in 1 file: 1 error\n"]);
    assert.ok(v.is(checkJsonSchema, JSON.parse(await place.read("report.json"))));
    assert.ok(!existsSync(place.path("report.json.tmp")));
    assert.deepEqual((await readdir(place.folder)).includes("report.json"), true);
  });

  it("says what it could not read, checks the rest, and ends with 3", async () => {
    await write({ "prod/a.yaml": pod("nginx:1"), "prod/b.yaml": pod("nginx:1") });
    await chmod(place.path("prod/a.yaml"), 0);
    await unprivileged(place.folder, async () => {
      const { code, stdout } = await place.run(["check", "--offline"]);
      assert.equal(code, 3);
      assert.match(stdout, /prod\/b\.yaml:6:14 error/);
      assert.match(stdout, /prod\/a\.yaml could not be checked/);
    });
  });

  it("says what is no text, checks the rest, and ends with 3", async () => {
    await write({ "prod/a.yaml": pod("nginx:1"), "prod/b.yaml": `image: nginx\0${"x".repeat(10)}` });
    const { code, stdout } = await place.run(["check", "--offline"]);
    assert.equal(code, 3);
    assert.match(stdout, /prod\/a\.yaml:6:14 error/);
    assert.match(stdout, /prod\/b\.yaml could not be checked: is binary/);
  });

  // variables → whether a pipe gets colours
  const colours: readonly (readonly [Record<string, string>, boolean])[] = [
    [{}, false],
    [{ FORCE_COLOR: "1" }, true],
    [{ NO_COLOR: "1" }, false],
  ];
  for (const [environment, coloured] of colours) {
    it(`${coloured ? "has" : "has no"} colours in a pipe with ${JSON.stringify(environment)}`, async () => {
      await write({ "a.yaml": pod("nginx:1") });
      const { stdout } = await place.spawn(["check", "--offline"], { environment });
      assert.equal(stdout.includes("\u001b["), coloured);
    });
  }
});
