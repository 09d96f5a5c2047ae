import assert from "node:assert/strict";
import fc from "fast-check";
import { allFormats } from "../../sources";
import { contextOf, digestFor, pinnedText } from "./fixture-case";

/** Where a format takes images, one for each number. */
interface Place {
  readonly format: string;
  readonly head: string;
  /** What stands in front of the field, down to its own line. */
  readonly before: (index: number) => string;
  readonly indent: number;
  readonly field: string;
}

const places: readonly Place[] = [
  {
    format: "kubernetes",
    head: "apiVersion: v1\nkind: Pod\nspec:\n    containers:\n",
    before: (index) => `      - name: c${index}\n`,
    indent: 8,
    field: "image",
  },
  { format: "compose", head: "services:\n", before: (index) => `  c${index}:\n`, indent: 4, field: "image" },
  {
    format: "github",
    head: "jobs:\n",
    before: (index) => `  c${index}:\n    container:\n`,
    indent: 6,
    field: "image",
  },
  { format: "gitlab", head: "stages: []\n", before: (index) => `c${index}:\n`, indent: 2, field: "image" },
  { format: "helm-values", head: "a: 1\n", before: (index) => `c${index}:\n`, indent: 4, field: "image" },
  {
    format: "kustomization",
    head: "- op: remove\n  path: /spec/x\n",
    before: (index) => `- op: add\n  path: /spec/containers/${index}/image\n`,
    indent: 2,
    field: "value",
  },
  {
    format: "pulumi-program",
    head: "name: a\nruntime: yaml\nresources:\n",
    before: (index) =>
      `  c${index}:\n    type: kubernetes:core/v1:Pod\n    properties:\n      spec:\n        containers:\n        - name: a\n`,
    indent: 10,
    field: "image",
  },
];

/** The ways to write a text; `indent` is that of the lines below its field. */
const styles: readonly ((reference: string, indent: string) => string)[] = [
  (reference) => ` ${reference}`,
  (reference) => `   ${reference}   # a note`,
  (reference) => `\t${reference}\t`,
  (reference) => ` "${reference}"`,
  (reference) => `  '${reference}' # "quoted"`,
  (reference) => ` &anchor ${reference}`,
  (reference) => ` !!str ${reference}`,
  (reference, indent) => `\n${indent}${reference}`,
  (reference, indent) => ` >-\n${indent}${reference}`,
  (reference, indent) => ` |\n${indent}${reference}`,
  (reference, indent) => ` |- # strip\n${indent}${reference}`,
  (reference, indent) => ` "\\\n${indent}${reference}"`,
];

const image = fc.record({
  style: fc.nat(styles.length - 1),
  quote: fc.constantFrom("", '"', "'"),
  space: fc.constantFrom("", " "),
  above: fc.constantFrom("", "# image: nginx:0\n", "\n", "   \n"),
  below: fc.constantFrom("", "# value: nginx:0\n", "\n", "other: Always\n"),
  reference: fc.constantFrom("nginx", "nginx:1.27", "localhost:5000/a/b", "ghcr.io/acme/api:2.3"),
});

describe("sources: any style", () => {
  for (const { format: name, head, before, indent, field } of places) {
    it(`${name}: changes no byte but those of the references`, () => {
      const format = allFormats.find((candidate) => candidate.name === name);
      assert.ok(format);
      fc.assert(
        fc.property(
          fc.array(image, { minLength: 1, maxLength: 8 }),
          fc.constantFrom("\n", "\r\n"),
          fc.constantFrom("", "\uFEFF"),
          (images, newline, mark) => {
            const pad = (line: string, more = 0): string =>
              line.trim() === "" ? line : " ".repeat(indent + more) + line;
            const write = (ending: (reference: string) => string): string =>
              mark +
              [
                head,
                ...images.map(({ style, quote, space, above, below, reference }, index) => {
                  const written = styles[style]?.(ending(reference), " ".repeat(indent + 4)) ?? "";
                  const key = `${quote}${field}${quote}${space}`;
                  return `${before(index)}${pad(above)}${pad(`${key}:${written}\n`)}${pad(below)}`;
                }),
              ]
                .join("")
                .replace(/\n/g, newline);
            const text = write((reference) => reference);
            const found = format.read(text, contextOf({}));
            assert.equal(found.length, images.length);
            const digests = new Map(
              found.map((each) => ["text" in each.state ? each.state.text : "", digestFor(each)]),
            );
            const pinned = pinnedText(text, found);
            // A text that is folded is not written as it reads: it is put on one line.
            const onOneLine = (written: string): string => written.replace(/"\\\r?\n +/g, '"');
            assert.equal(
              onOneLine(pinned),
              onOneLine(write((reference) => `${reference}@${digests.get(reference) ?? ""}`)),
            );
            assert.equal(pinnedText(pinned, format.read(pinned, contextOf({}))), pinned);
          },
        ),
        { numRuns: 60 },
      );
    });
  }

  it("devcontainer: changes no byte but those of the reference", () => {
    const format = allFormats.find((candidate) => candidate.name === "devcontainer");
    assert.ok(format);
    const noise = fc.constantFrom("", " ", "\n", "\t", "// a note\n", '/* "image": "x" */', "\r\n");
    const entry = fc.constantFrom('"name": "a"', '"features": {}', '"x": {"image": "nginx:0"}', '"y": [1,]');
    fc.assert(
      fc.property(
        fc.array(entry, { maxLength: 3 }),
        fc.array(entry, { maxLength: 3 }),
        fc.array(noise, { minLength: 6, maxLength: 6 }),
        fc.constantFrom("nginx", "nginx:1.27", "localhost:5000/a/b"),
        (first, last, [a = "", b = "", c = "", d = "", e = "", f = ""], reference) => {
          const write = (text: string): string =>
            `${a}{${b}${[...first, `"image"${c}:${d}"${text}"${e}`, ...last].join(",")}${f}}`;
          const text = write(reference);
          const found = format.read(text, contextOf({}));
          const [only] = found;
          assert.ok(only);
          assert.equal(found.length, 1);
          assert.equal(pinnedText(text, found), write(`${reference}@${digestFor(only)}`));
        },
      ),
    );
  });
});
