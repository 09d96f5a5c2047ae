import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { plainYaml } from "../../sources/plain-yaml";
import { textOf } from "../../sources/slots";
import { yamlDocuments, type Key } from "../../sources/yaml-documents";
import { entriesOf, isObject } from "../../sources/values";
import { fixture, projectRoot } from "../support/paths";

/** What a document says and where, by the way to each value; its problem where it has one. */
type Reading = readonly (readonly [string, unknown])[];

/** By the parser alone: who asks for maps that stand for a field is given no plain reading. */
const byParser = (text: string): readonly Reading[] => readings(text, { unwrap: () => undefined });
const byBoth = (text: string): readonly Reading[] => readings(text, {});

function readings(text: string, options: Parameters<typeof yamlDocuments>[1]): readonly Reading[] {
  return Array.from(yamlDocuments(text, options), (document): Reading => {
    if ("problem" in document) return [["", document]];
    const found: [string, unknown][] = [["", document.value]];
    const add = (keys: readonly Key[], value: unknown): void => {
      const slot = document.slot(keys);
      const [start, end] = slot?.node.range ?? [];
      const text = slot && textOf(document, slot);
      const said = text && { ...text.span, last: text.offset?.(text.value.length), put: text.whole("x") };
      const type = slot && "type" in slot.node ? slot.node.type : undefined;
      const fields = [...(document.slots(keys)?.keys() ?? [])];
      const there = { start, end, type, tag: slot?.node.tag, merges: slot?.merges };
      found.push([JSON.stringify(keys), { ...there, ...said, fields }]);
      if (!isObject(value) && !Array.isArray(value)) return;
      for (const [key, inner] of entriesOf(value)) add([...keys, key], inner);
    };
    add([], document.value);
    return found;
  });
}

function agree(text: string): void {
  assert.deepStrictEqual(byBoth(text), byParser(text), JSON.stringify(text));
}

const deep = (levels: number): string => `a: ${"[".repeat(levels)}x${"]".repeat(levels)}\n`;

describe("sources: plain YAML", () => {
  // text → the value; undefined where there is more to it than plain YAML
  const cases: readonly (readonly [string, unknown])[] = [
    ["a: b\n", { a: "b" }],
    ["a: b", { a: "b" }],
    ["---\na: b\n", { a: "b" }],
    ["# note\n---   # note\n\na: b # note\n  # note\n", { a: "b" }],
    ["  a: b\n  c: d\n", { a: "b", c: "d" }],
    ["- a\n-  b # note\n-\n- c: d\n  e: f\n", ["a", "b", null, { c: "d", e: "f" }]],
    ["- - a\n  - b\n- - c: d\n", [["a", "b"], [{ c: "d" }]]],
    ["a:\n- b\n- c\nd:\n  - e\n", { a: ["b", "c"], d: ["e"] }],
    ["- a:\n  - b\n  c:\n    d: e\n", [{ a: ["b"], c: { d: "e" } }]],
    ["a:\n# note\n  b: c\nd:\ne: # note\n", { a: { b: "c" }, d: null, e: null }],
    ["a: {b: c, d: [e, 'f g', {}], h: []}\n", { a: { b: "c", d: ["e", "f g", {}], h: [] } }],
    [`a: "b: # c"   # note\nd: 'e'\nf: ""\n`, { a: "b: # c", d: "e", f: "" }],
    ["a: b c:d#e [f] {g}, \"h\" 'i' & *\n", { a: "b c:d#e [f] {g}, \"h\" 'i' & *" }],
    ["a: bé – c…\nd: 'Ünï' # “ж”\n", { a: "bé – c…", d: "Ünï" }],
    ["a: b#c\nd: e #f\n", { a: "b#c", d: "e" }],
    ["a: ghcr.io:443/b/c:1.2@sha256:ab\n", { a: "ghcr.io:443/b/c:1.2@sha256:ab" }],
    ["- --flag=a\n- -x\n- $(A)\n- /a\n- .a\n", ["--flag=a", "-x", "$(A)", "/a", ".a"]],
    [
      "a: null\nb: NULL\nc: nULL\nd: True\ne: FALSE\nf: yes\n",
      { a: null, b: null, c: "nULL", d: true, e: false, f: "yes" },
    ],
    [
      "a: 1\nb: -1\nc: 010\nd: 1.27\ne: 1.\nf: .5\ng: 1.2.3\nh: 2026-11-21\ni: 256Mi\nj: -0\n",
      { a: 1, b: -1, c: 10, d: 1.27, e: 1, f: 0.5, g: "1.2.3", h: "2026-11-21", i: "256Mi", j: -0 },
    ],
    ["a: 123456789012345678901234567890\n", { a: Number("123456789012345678901234567890") }],
    ["true: b\nnull: c\nconstructor: d\n/e: f\n", { true: "b", null: "c", constructor: "d", "/e": "f" }],
    // Left to the parser.
    ...[
      ...["", "\n", "# note\n", "---\n", "a\n", "a: b\n...\n", "a: b\n---", "%YAML 1.1\n---\na: b\n"],
      ...[
        "\ta: b\n",
        "a: b\r\n",
        "a:\tb\n",
        "a: é\n",
        "é: a\n",
        "a: b\u00a0\n",
        "a: b # \u3000\n",
        "a: \u{1F642}\n",
        "\uFEFFa: b\n",
        "a: b\u0085\n",
        "a: b # \u2028\n",
      ],
      ...[
        "a: &x b\n",
        "a: *x\n",
        "a: !t b\n",
        "a: |\n  b\n",
        "a: >-\n  b\n",
        "<<: {a: b}\n",
        "? a\n: b\n",
        "__proto__: a\n",
        "1: a\n",
        "a: {__proto__: {b: c}}\n",
        ": b\n",
      ],
      ...[
        "a: b\na: c\n",
        "a: {b: c, b: d}\n",
        '"a": b\n',
        "a b: c\n",
        "a:b\n",
        "a: b: c\n",
        "a: b:\n",
        "- a: b: c\n",
      ],
      ...[
        "a: b\n  c\n",
        "a: b\n  c: d\n",
        "a:\n  b\n",
        "a:\n  b: c\n d: e\n",
        " a: b\nc: d\n",
        "- a\n b: c\n",
        "- a\nb: c\n",
      ],
      ...[
        "a: b\n- c\n",
        "a: - b\n",
        "a: 'b''c'\n",
        'a: "b\\n"\n',
        'a: "b\n  c"\n',
        "a: 'b' c\n",
        "a: 'b'#c\n",
      ],
      ...[
        "a: {b}\n",
        "a: {b: }\n",
        "a: {b:c}\n",
        "a: [b: c]\n",
        "a: [b,]\n",
        "a: [b c]\n",
        "a: [b] c\n",
        "a: {{ b }}\n",
      ],
      ...[
        "a: [b\n  ]\n",
        'a: {"b": c}\n',
        "a: [b, # c\n",
        "a: @b\n",
        "a: `b\n",
        "a: %b\n",
        "a: ~\n",
        "a: - b\n",
      ],
      ...["a: 0x1F\n", "a: 0o17\n", "a: 1e3\n", "a: -1.5E+3\n", "a: .inf\n", "a: -.INF\n", "a: .NaN\n"],
      ...[deep(101), `${"- ".repeat(102)}x\n`, `${"k".repeat(202)}: a\n`],
    ].map((text) => [text, undefined] as const),
  ];

  for (const [text, expected] of cases) {
    it(`${expected === undefined ? "leaves" : "reads"} ${JSON.stringify(text.slice(0, 60))}`, () => {
      assert.deepStrictEqual(plainYaml(text)?.value, expected);
      agree(text);
    });
  }

  it("says of every file of the fixtures and the examples what the parser says", () => {
    let plain = 0;
    for (const file of [...yamlFiles(fixture("")), ...yamlFiles(join(projectRoot, "examples"))]) {
      const text = readFileSync(file, "utf8");
      agree(text);
      for (const part of text.split(/^---(?=\s)/m)) {
        agree(part);
        if (plainYaml(part) !== undefined) plain++;
      }
    }
    assert.ok(plain > 50, `only ${plain} were plain`);
  });

  it("says of any tree that is written down what the parser says", () => {
    let [plain, runs] = [0, 0];
    fc.assert(
      fc.property(written, (text) => {
        runs++;
        if (plainYaml(text) !== undefined) plain++;
        agree(text);
      }),
      { numRuns: 500 },
    );
    assert.ok(plain > runs / 6, `only ${plain} of ${runs} were plain`);
  });

  it("says of such a tree with mistakes in it what the parser says", () => {
    fc.assert(
      fc.property(
        written,
        fc.array(fc.tuple(fc.nat(), fc.nat(4), mistake), { minLength: 1, maxLength: 3 }),
        (text, mistakes) => {
          agree(
            mistakes.reduce((before, [place, length, put]) => {
              const at = place % (before.length + 1);
              return before.slice(0, at) + put + before.slice(at + length);
            }, text),
          );
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("says of any lines what the parser says", () => {
    const line = fc
      .tuple(fc.constantFrom("", " ", "  ", "   ", "    "), fc.array(piece, { maxLength: 5 }))
      .map(([indent, pieces]) => `${indent}${pieces.join("")}`);
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        agree(lines.join("\n"));
      }),
      { numRuns: 3_000 },
    );
  });

  it("reads a million characters in bounded time and space", function () {
    this.timeout(20_000);
    for (const text of [
      `a: b${" ".repeat(990_000)}x\n`,
      `a: b${" #".repeat(490_000)}\n`,
      `a: "${"b".repeat(990_000)}\n`,
      `a: [${"b,".repeat(490_000)}b]\n`,
      `a: [${"a:".repeat(490_000)}b]\n`,
      `${"\n".repeat(990_000)}a: b\n`,
      `${"#\n".repeat(490_000)}a: b\n`,
      `a: ${"1".repeat(990_000)}\n`,
      `a: ${"1.".repeat(490_000)}\n`,
      `${"k".repeat(990_000)}: a\n`,
    ]) {
      plainYaml(text);
    }
  });
});

function yamlFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(?:ya?ml|json|pinned)$/.test(name) && !name.includes("node_modules"))
    .map((name) => join(folder, name));
}

const piece = fc.constantFrom(
  ...[
    "a",
    "b",
    "c: ",
    "d:",
    "- ",
    "-",
    ":",
    " ",
    "  ",
    "#",
    " # e",
    "{",
    "}",
    "[",
    "]",
    ", ",
    ",",
    '"',
    "'",
    "f: g",
  ],
  ...[
    "1",
    "0x1",
    "1e3",
    ".5",
    "-1",
    "+2.",
    "~",
    "null",
    "true",
    ".inf",
    "--f",
    "---",
    "...",
    "|",
    ">",
    "&a ",
    "*a",
    "!t ",
  ],
  ...[
    "? ",
    "<<: ",
    "%",
    "@",
    "`",
    "\\",
    "\t",
    "{}",
    "[]",
    "{a: b}",
    "[a, b]",
    "\n",
    "image: x:1",
    "{{ a }}",
    "é",
    "…",
    "\u00a0",
    "$(A)",
  ],
);
const mistake = fc.oneof(piece, fc.string({ unit: "binary", maxLength: 2 }), fc.constant(""));

const scalar = fc.oneof(
  fc.constantFrom(
    "a",
    "b c",
    "nginx:1.27",
    "1",
    "1.27",
    "-3",
    "1.2.3",
    "true",
    "null",
    "",
    "a#b",
    "--c",
    "'d e'",
    '"f"',
  ),
  fc.constantFrom(
    "''",
    '""',
    "[]",
    "{}",
    "[a, 1, 'b']",
    "{a: b, c: {d: 1.5}}",
    "[{e: f}]",
    "$(A) b",
    "/bin/sh",
    "g:h",
    "i,j",
  ),
  fc.stringMatching(/^[-+.0-9eExo_]{1,6}$/),
  fc.stringMatching(/^[\x20-\x7e]{0,8}$/),
);
const comment = fc.oneof(
  { weight: 6, arbitrary: fc.constant("") },
  {
    weight: 1,
    arbitrary: fc.constantFrom(" # note", " # né…", "  ", " #", "\n", "\n# note", "\n     # note"),
  },
);
const key = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom("a", "b", "c", "d", "e", "image", "app.io/x", "x-y") },
  { weight: 1, arbitrary: fc.constantFrom("1", "'q'", '"r"', "s t", "?", "true", "~", "1.5", "<<") },
);

/** Lines of a tree: of a scalar the one that stands behind its key or dash. */
type Lines = { readonly here: string } | { readonly below: readonly string[] };

const { tree } = fc.letrec<{ tree: Lines }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.tuple(scalar, comment).map(([text, behind]) => ({ here: `${text}${behind}` })),
    fc
      .tuple(
        fc.uniqueArray(fc.tuple(key, tie("tree"), comment), {
          minLength: 1,
          maxLength: 4,
          selector: ([name]) => name,
        }),
        fc.constantFrom(0, 1, 2, 4),
      )
      .map(([fields, indent]) => ({
        below: fields.flatMap(([name, value, behind]) => under(`${name}:`, value, behind, indent)),
      })),
    fc
      .tuple(
        fc.array(fc.tuple(tie("tree"), comment), { minLength: 1, maxLength: 3 }),
        fc.constantFrom("-", "- ", "-   "),
      )
      .map(([items, dash]) => ({ below: items.flatMap(([value, behind]) => beside(dash, value, behind)) })),
  ),
}));

/** A list may stand right below its key; a map that does makes its fields those of the map around it, which is one more case. */
function under(name: string, value: Lines, behind: string, indent: number): readonly string[] {
  if ("here" in value) return [`${name} ${value.here}`];
  return [`${name}${behind}`, ...value.below.map((line) => `${" ".repeat(indent)}${line}`)];
}

function beside(dash: string, value: Lines, behind: string): readonly string[] {
  if ("here" in value) return [`${dash.trimEnd()} ${value.here}`];
  const [first = "", ...others] = value.below;
  if (dash === "-") return [`-${behind}`, ...value.below.map((line) => `  ${line}`)];
  return [`${dash}${first}`, ...others.map((line) => `${" ".repeat(dash.length)}${line}`)];
}

const written = fc
  .tuple(
    fc.constantFrom("", "", "---\n", "# note\n", "--- # note\n"),
    tree,
    fc.constantFrom("\n", "", "\n\n# end\n"),
  )
  .map(([head, value, end]) => `${head}${"here" in value ? value.here : value.below.join("\n")}${end}`);
