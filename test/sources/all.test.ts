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
    ["Pulumi.yaml", "", "pulumi-program"],
    ["Pulumi.dev.yaml", "", "pulumi-stack"],
    [".devcontainer/devcontainer.json", "", "devcontainer"],
    [".devcontainer.json", "", "devcontainer"],
    ["kustomization.yml", manifest, "kustomization"],
    ["base.yaml", "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Component\n", "kustomization"],
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
    ["x.yaml", "", undefined],
    ["Dockerfile", "FROM a", "dockerfile"],
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

  it("is not led astray by names of the language", () => {
    const text = `${pod}  - {name: a, image: nginx:1}\n__proto__: {spec: {}}\nconstructor: 1\n`;
    assert.equal(kubernetes.read(text, contextOf({})).length, 1);
  });
});

function problemOf({ state }: LocatedImage): string {
  return "problem" in state ? state.problem : "";
}
