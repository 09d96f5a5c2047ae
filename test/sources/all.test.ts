import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import fc from "fast-check";
import { allFormats, kubernetes, type LocatedImage } from "../../sources";
import { fixture } from "../support/paths";
import { applied, contextOf, digestFor, fixtureCases, pinnedText, summary } from "./fixture-case";

const mark = "\uFEFF";
/** Those of Dockerfiles are named otherwise, and have a test of their own. */
const formats = readdirSync(fixture("sources"))
  .filter((name) => name !== "dockerfile")
  .sort();

function formatNamed(name: string): (typeof allFormats)[number] {
  const format = allFormats.find((candidate) => candidate.name === name);
  assert.ok(format, `there is no format "${name}"`);
  return format;
}

for (const name of formats.filter((folder) => allFormats.some((format) => format.name === folder))) {
  describe(`sources: ${name}`, () => {
    const format = formatNamed(name);

    for (const { name: file, input, context, expected, pinned } of fixtureCases(name)) {
      it(`reads and pins ${file}`, () => {
        const images = format.read(input, context);
        assert.deepEqual(images.map(summary), expected);
        assert.equal(pinnedText(input, images), pinned);
      });

      it(`changes nothing the second time in ${file}`, () => {
        assert.equal(pinnedText(pinned, format.read(pinned, context)), pinned);
      });

      it(`keeps the line endings and the byte-order mark of ${file}`, () => {
        const windows = (text: string): string => text.replace(/\r?\n/g, "\r\n");
        const withMark = (text: string): string => text.replace(/^\uFEFF?/, mark);
        const text = windows(input);
        assert.equal(pinnedText(text, format.read(text, context)), windows(pinned));
        const marked = withMark(input);
        const images = format.read(marked, context);
        assert.equal(pinnedText(marked, images), withMark(pinned));
        assert.deepEqual(images.map(summary), expected);
      });

      it(`pins ${file} in the other form, too, and changes nothing the second time`, () => {
        const pin = (text: string): string =>
          applied(
            text,
            format
              .read(text, context)
              .flatMap((image) =>
                image.edits(image.state.kind === "digest" ? image.state.digest : digestFor(image), "digest"),
              ),
          );
        const once = pin(input);
        assert.equal(pin(once), once);
      });

      it(`claims ${file}`, () => {
        const claimed = allFormats.find((candidate) => candidate.claims(context.path, () => input));
        assert.equal(claimed?.name, name);
      });
    }
  });
}

describe("sources: claims", () => {
  const manifest = "apiVersion: v1\nkind: Pod\n";
  // path, text → the format
  const cases: readonly (readonly [string, string, string | undefined])[] = [
    [".github/workflows/ci.yml", "", "github"],
    ["a/action.yaml", "", "github"],
    [".gitlab-ci.yml", "", "gitlab"],
    [".gitlab/ci/build.yml", "", "gitlab"],
    ["ci/build.yml", "# jobs\nbuild:\n  stage: build\n  image: a:1\n  script: [make]\n", "gitlab"],
    ["jobs.yaml", "default:\n    image: a:1\n\nbuild:\n  script:\n    - make\n", "gitlab"],
    [
      "bitbucket-pipelines.yml",
      "image: a:1\npipelines:\n  default:\n    - step:\n        script: [make]\n",
      undefined,
    ],
    [".travis.yml", "services: docker\nscript: make\n", undefined],
    ["play.yml", "- name: a\n  script: x.sh\n- name: b\n  image: a:1\n", undefined],
    ["steps.yml", "steps:\n  build:\n    image: a:1\n    script: [make]\n", undefined],
    ["values.yaml", "job:\n  image: a:1\n  script: make\n", "helm-values"],
    ["Pulumi.yaml", "", "pulumi-program"],
    ["Pulumi.dev.yaml", "", "pulumi-stack"],
    [".devcontainer/devcontainer.json", "", "devcontainer"],
    [".devcontainer.json", "", "devcontainer"],
    ["kustomization.yml", manifest, "kustomization"],
    ["base.yaml", "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Component\n", "kustomization"],
    ["tags.yaml", "apiVersion: builtin # note\nkind: ImageTagTransformer\n", "kustomization"],
    ["values.yaml", "services: {web: {image: a}}", "helm-values"],
    ["values-production.yaml", "", "helm-values"],
    ["prod.values.yml", "", "helm-values"],
    ["env/prod-values.yaml", "", "helm-values"],
    ["other.yaml", "image:\n  repository: a\n  tag: b\n", "helm-values"],
    ["Chart.yaml", "dependencies:\n  - name: a\n    repository: https://example.com\n", undefined],
    ["docker-compose.prod.yml", "", "compose"],
    ["compose.yaml", "", "compose"],
    ["stack.yml", "services:\n  a:\n    image: b\n", "compose"],
    ["x.yaml", manifest, "kubernetes"],
    ["x.json", `{"apiVersion": "v1", "kind": "Pod"}`, "kubernetes"],
    ["x.yaml", `# a note\n---\n"apiVersion": v1\nkind: Pod\n`, "kubernetes"],
    ["values.yaml", manifest, "kubernetes"],
    ["templates/x.yaml", `${manifest}name: {{ .Values.name }}\n`, undefined],
    ["x.txt", manifest, undefined],
    ["x.yaml", "rbac:\n  apiVersion: v1\n  kind: Role\n", undefined],
    ["package.json", `{"name": "a"}`, undefined],
    // A description of an interface: what it speaks of is no manifest.
    ["swagger.json", `{"definitions": {"Pod": {"properties": {"apiVersion": {}, "kind": {}}}}}`, undefined],
    ["api.json", `{"paths": [{"services": {"a": {"image": "b"}}}]}`, undefined],
    ["values.json", `{"a": {"services": {}}, "image": {"repository": "a", "tag": "b"}}`, undefined],
    ["x.json", `{"note": "\\"}", /* } */ 'kind': "Pod", // }\n "apiVersion": "v1"}`, "kubernetes"],
    ["x.yaml", "{apiVersion: v1, metadata: {note: don't}, # }\n kind: Pod}", "kubernetes"],
    ["x.yaml", "{{- if .Values.web }}\napiVersion: v1\nkind: Pod\n{{- end }}\n", "kubernetes"],
    ["x.yaml", "", undefined],
    ["Dockerfile", "FROM a", "dockerfile"],
    ["Dockerfile-alpine", "", "dockerfile"],
    ["docker/Dockerfile_dev", "", "dockerfile"],
    ["Containerfile2", "", "dockerfile"],
    ["Dockerfile.j2", "{{ head }}", "dockerfile"],
    ["Dockerfile.bak", "FROM a", undefined],
    ["Dockerfile.go", "# syntax=a\n\n  from --platform=$P a:1 as b\n", "dockerfile"],
    ["Dockerfile.php", "\uFEFFARG A=1\r\nFROM a:$A\r\n", "dockerfile"],
    ["dockerfile.py", "# a parser\nfrom typing import List\n", undefined],
    ["dockerfile_parser.go", "package parser\n\nvar x = `\nFROM a:1\n`\n", undefined],
    ["dockerfile-ast.d.ts", "export {};\n", undefined],
    ["Dockerfile.yaml", "from: a\n", undefined],
  ];

  for (const [path, text, expected] of cases) {
    it(`gives ${path} to ${expected ?? "nobody"}: ${JSON.stringify(text.slice(0, 30))}`, () => {
      assert.equal(allFormats.find((format) => format.claims(path, () => text))?.name, expected);
    });
  }
});

describe("sources: any text", () => {
  it("never throws, whatever the text is", () => {
    const piece = fc.constantFrom(
      "image: ",
      "nginx:1",
      "\n",
      "  ",
      "- ",
      "{",
      "}",
      "[",
      "]",
      ": ",
      "&a ",
      "*a",
      "<<: ",
      "|\n",
      ">-\n",
      '"',
      "'",
      "#",
      "---\n",
      "services:\n",
      "kind: Pod\n",
      "apiVersion: v1\n",
      "containers:\n",
      "jobs:\n",
      "images:\n",
      "? ",
      "!t ",
      "${A:-",
      "%YAML 1.1\n",
      "\t",
      "\r",
      "repository: a\n",
      "tag: 1\n",
      "digest:\n",
      "resources:\n",
      "\uFEFF",
      "{{",
      "!reference [a, b]\n",
      "variables:\n",
      "$A",
      "${b}",
      "${{ matrix.a }}",
      "extends: a\n",
      "- op: add\n",
      "path: /spec/image\n",
      "value: ",
      "values: |\n",
      "dockerfile_inline: |\n",
      "FROM ",
      "oci://a",
      "a:\n",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join("");
        for (const format of allFormats) {
          format.claims("x.yaml", () => text);
          const images = format.read(text, contextOf({}));
          const pinned = pinnedText(text, images);
          assert.equal(pinnedText(pinned, format.read(pinned, contextOf({}))), pinned);
        }
      }),
    );
  });
});

describe("sources: hostile files", () => {
  const pod = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n";
  const bomb = ["a", "b", "c", "d", "e", "f"].map((anchor, index, all) => {
    const inner = index === 0 ? "x" : `*${all[index - 1] ?? ""}`;
    return `${anchor}: &${anchor} [${Array.from({ length: 9 }, () => inner).join(", ")}]\n`;
  });
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ["aliases that explode", `${pod}  - image: x\n${bomb.join("")}`, /repeats more than/],
    [
      "merge keys that explode",
      `${pod}  - &m {${Array.from({ length: 500 }, (_, i) => `k${i}: 1`).join(", ")}}\n${"  - <<: *m\n    image: x\n".repeat(500)}`,
      /repeats more than/,
    ],
    ["an alias within its anchor", `${pod}  - &a\n    image: *a\n`, /within its own anchor/],
    ["an alias of nothing", `${pod}  - image: *none\n`, /anchor is not there|not readable/],
    ["lists in lists", `${pod}  - image: ${"[".repeat(20_000)}`, /brackets open at once/],
    ["maps in maps", `${pod}  - image: ${"{a: ".repeat(300)}x${"}".repeat(300)}`, /nested deeper/],
    [
      "a document of more than a million characters",
      `${pod}  - image: ${"x".repeat(1_000_000)}`,
      /is longer than/,
    ],
    ["a file of more than ten million", `${pod}  - image: x\n${"#\n".repeat(5_000_000)}`, /is longer than/],
    ["a template", `${pod}{{- if .x }}\n  - image: x\n{{- end }}\n`, /is a template/],
    ["no YAML", `${pod}  - image: "x\n`, /not readable as YAML/],
  ];

  for (const [name, text, problem] of cases) {
    it(`finds ${name} to be unreadable`, () => {
      const problems = kubernetes.read(text, contextOf({})).map(problemOf);
      assert.equal(problems.length, 1);
      assert.match(problems[0] ?? "", problem);
    });
  }

  it("reads a line of nearly a million characters, and blank lines without end", () => {
    const text = `${pod}  - {name: a, image: nginx:1} # ${"x".repeat(900_000)}\n`;
    assert.equal(kubernetes.read(text, contextOf({})).length, 1);
    const blank = "\n".repeat(100_000);
    for (const format of allFormats)
      assert.equal(
        format.claims("x.yaml", () => blank),
        false,
      );
  });

  // format, what, text → how many images, and the state of the first
  const many = (count: number, line: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => line(index)).join("");
  const inFormats: readonly (readonly [string, string, string, number, string?])[] = [
    [
      "gitlab",
      "references in a chain",
      many(1_000, (i) => `j${i}: {image: !reference [j${i + 1}, image]}\n`),
      1_000,
      "unreadable",
    ],
    [
      "gitlab",
      "jobs that extend each other",
      many(300, (i) => `j${i}: {extends: [${many(9, (k) => `j${(i + k) % 300}, `)}x], image: a$X}\n`),
      300,
      "unreadable",
    ],
    [
      "gitlab",
      "variables that double",
      `variables:\n${many(60, (i) => `  V${i}: $V${i + 1}$V${i + 1}\n`)}  V60: ""\na: {image: x/y$V0}\n`,
      1,
      "untagged",
    ],
    [
      "gitlab",
      "a matrix of itself",
      `j:\n  image: $A\n  parallel:\n    matrix:\n${many(300, () => "    - {A: $A, B: $A}\n")}`,
      300,
      "unreadable",
    ],
    [
      "pulumi-program",
      "variables that double",
      `name: a\nvariables:\n${many(60, (i) => `  v${i}: "\${v${i + 1}}\${v${i + 1}}"\n`)}  v60: aaaaaaaa\nresources: {a: {type: "docker:Container", properties: {image: "x/\${v0}"}}}\n`,
      1,
      "unreadable",
    ],
    [
      "pulumi-program",
      "variables that lead back",
      `name: a\nvariables: {a: "\${b}", b: "\${a}"}\nresources: {a: {type: "docker:Container", properties: {image: "\${a}:\${b}"}}}\n`,
      1,
      "unreadable",
    ],
    [
      "compose",
      "a Dockerfile of a thousand stages inline",
      `services:\n  a:\n    build:\n      dockerfile_inline: |\n${many(1_000, () => "        FROM a:1\n")}`,
      1_000,
      "tag",
    ],
    [
      "compose",
      "variables that nobody sets inline",
      `services:\n  a:\n    build:\n      dockerfile_inline: |\n${many(2_000, () => "        FROM a:${X}\n")}`,
      2_000,
      "unreadable",
    ],
    [
      "compose",
      "services that extend each other",
      `services:\n${many(1_000, (i) => `  s${i}: {image: "a:1", extends: s${(i + 1) % 1_000}}\n`)}`,
      1_000,
      "tag",
    ],
    [
      "github",
      "a matrix of two thousand",
      `jobs: {a: {container: "\${{ matrix.a }}", strategy: {matrix: {a: [${many(2_000, (i) => `"a:${i}", `)}]}}}}\n`,
      2_000,
      "tag",
    ],
    ["kustomization", "transformers in transformers", transformers(40), 1, "tag"],
    [
      "kustomization",
      "two thousand patches",
      `patches:\n${many(2_000, () => "- patch: |-\n    - op: add\n      path: /spec/image\n      value: nginx:1\n")}`,
      2_000,
      "tag",
    ],
    [
      "helm-values",
      "a text that is nested without end",
      `a: |\n  - name: a\n    image: ${"[".repeat(90_000)}\n`,
      1,
      "unreadable",
    ],
    [
      "helm-values",
      "a thousand texts",
      many(1_000, (i) => `t${i}: |\n  - name: a\n    image: nginx:1\n`),
      1_000,
      "tag",
    ],
    [
      "kubernetes",
      "values of five hundred images in a text",
      `apiVersion: helm.cattle.io/v1\nkind: HelmChart\nspec:\n  valuesContent: |\n${many(500, (i) => `    a${i}: {image: nginx:1}\n`)}`,
      500,
      "tag",
    ],
    [
      "kubernetes",
      "lists in lists, a dash each",
      `apiVersion: v1\nkind: Pod\nspec:\n  image: x\n  c: ${"- ".repeat(20_000)}x\n`,
      1,
      "unreadable",
    ],
    ["pulumi-stack", "aliases that explode", `config:\n  image: x:1\n  ${bomb.join("  ")}`, 1, "unreadable"],
    ["devcontainer", "brackets without end", `{"image": ${"[".repeat(100_000)}`, 1, "unreadable"],
    ["dockerfile", "NUL bytes and control characters", "FROM a:1\n\0\x01\x7F\nFROM b:1\n", 2, "tag"],
  ];
  for (const [name, what, text, count, state] of inFormats) {
    it(`reads ${what} as ${name}, and pins what it finds`, () => {
      const format = formatNamed(name);
      const images = format.read(text, contextOf({}));
      assert.deepEqual([images.length, images[0]?.state.kind], [count, state]);
      const pinned = pinnedText(text, images);
      assert.equal(pinnedText(pinned, format.read(pinned, contextOf({}))), pinned);
    });
  }

  const binary = [
    "\0\x01\x02",
    "\uFEFF",
    "\uFFFF\uD800",
    "\x1B[31m",
    "\u2028\u2029\x85",
    "image: \0\n",
    "a\0: [\n",
  ];
  for (const format of allFormats) {
    it(`${format.name} takes what is no text, and changes nothing in it`, () => {
      for (const text of binary) {
        assert.equal(pinnedText(text, format.read(text, contextOf({}))), text);
        format.claims("x.yaml", () => text);
      }
    });

    it(`${format.name} reads no file of 50 MB`, () => {
      const text = `services:\n${"# a line of a comment, and one more\n".repeat(1_500_000)}`;
      assert.ok(format.read(text, contextOf({})).every(({ state }) => state.kind === "unreadable"));
    });
  }

  it("is not led astray by names of the language", () => {
    const text = `${pod}  - {name: a, image: nginx:1}\n__proto__: {spec: {}}\nconstructor: 1\n`;
    assert.equal(kubernetes.read(text, contextOf({})).length, 1);
  });
});

/** Transformers of Kustomize, each written in the one around it. */
function transformers(depth: number): string {
  let text = "apiVersion: builtin\nkind: ImageTagTransformer\nimageTag: {name: a, newTag: b}\n";
  for (let level = 0; level < depth; level++) {
    text = `apiVersion: builtin\nkind: X\ntransformers:\n- |\n${text.replace(/^(?=.)/gm, "  ")}\n`;
  }
  return text;
}

function problemOf({ state }: LocatedImage): string {
  return "problem" in state ? state.problem : "";
}
