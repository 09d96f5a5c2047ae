import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { parseDigest } from "../../images";
import { applyEdits } from "../../sources/apply";
import { dockerfile, dockerfileImages } from "../../sources/dockerfile";
import type { LocatedImage, TextEdit } from "../../sources/source";
import { fixture } from "../support/paths";

const digest = parseDigest(`sha256:${"0123456789abcdef".repeat(4)}`);

const editsOf = (images: readonly LocatedImage[]): readonly TextEdit[] =>
  images.flatMap((image) => image.edits(digest));
const pinned = (text: string): string => applyEdits(text, editsOf(dockerfileImages(text)));
/** What is found, a line each. */
const found = (text: string): readonly string[] =>
  dockerfileImages(text).map(
    ({ line, path, state }) => `${line} ${path}: ${"text" in state ? state.text : state.kind}`,
  );

function described(image: LocatedImage): object {
  const { line, column, endLine, endColumn, path, state, fixed } = image;
  return {
    at: `${line}:${column}-${endLine}:${endColumn}`,
    path,
    state: state.kind,
    ...("text" in state ? { text: state.text } : {}),
    ...("problem" in state ? { problem: state.problem } : {}),
    ...(fixed === undefined ? {} : { fixed: fixed.reason }),
  };
}

describe("dockerfile", () => {
  const folder = (name: string): string => fixture("sources", "dockerfile", name);
  for (const name of readdirSync(folder("")).filter((file) => file.endsWith(".Dockerfile"))) {
    const text = readFileSync(folder(name), "utf8");
    const base = name.replace(/\.Dockerfile$/, "");

    it(`finds what ${base}.expected.json says in ${name}`, () => {
      const expected: unknown = JSON.parse(readFileSync(folder(`${base}.expected.json`), "utf8"));
      assert.deepEqual(dockerfileImages(text).map(described), expected);
    });

    it(`pins ${name} to ${base}.pinned, and a second time changes nothing`, () => {
      const once = pinned(text);
      assert.equal(once, readFileSync(folder(`${base}.pinned`), "utf8"));
      assert.deepEqual(editsOf(dockerfileImages(once)), []);
    });
  }

  it("says for each image that cannot be pinned what to do", () => {
    for (const name of readdirSync(folder("")).filter((file) => file.endsWith(".Dockerfile"))) {
      for (const image of dockerfileImages(readFileSync(folder(name), "utf8"))) {
        if (image.state.kind === "unreadable" || image.fixed !== undefined) assert.ok(image.fixed?.fix, name);
        if (image.fixed !== undefined) assert.deepEqual(image.edits(digest), []);
      }
    }
  });

  it("writes the digest alone where that is asked", () => {
    const [image] = dockerfileImages("FROM nginx:1.27\n");
    assert.equal(
      applyEdits("FROM nginx:1.27\n", image?.edits(digest, "digest") ?? []),
      `FROM nginx@${digest}\n`,
    );
  });

  it("replaces another digest, and leaves the same one", () => {
    const text = `FROM nginx:1.27@sha256:${"1".repeat(64)}\n`;
    assert.equal(pinned(text), `FROM nginx:1.27@${digest}\n`);
    assert.deepEqual(editsOf(dockerfileImages(pinned(text))), []);
  });

  // path → whether it is one
  const names: readonly (readonly [string, boolean])[] = [
    ["Dockerfile", true],
    ["a/b/Dockerfile", true],
    ["dockerfile", true],
    ["Dockerfile.prod", true],
    ["web.Dockerfile", true],
    ["web.dockerfile", true],
    ["Containerfile", true],
    ["Containerfile.dev", true],
    ["base.Containerfile", true],
    ["Dockerfile.dockerignore", false],
    ["Dockerfile.bak", false],
    ["Dockerfile.tmp", false],
    ["Dockerfile.md", false],
    ["Dockerfile~", false],
    ["Dockerfiles", false],
    ["MyDockerfile", false],
    ["Dockerfile/x", false],
    ["docker-compose.yml", false],
  ];
  for (const [path, expected] of names) {
    it(`${expected ? "claims" : "leaves"} ${path}, by its name alone`, () => {
      assert.equal(
        dockerfile.claims(path, () => assert.fail("read")),
        expected,
      );
    });
  }

  // what, text → what is found
  const bytes: readonly (readonly [string, string, readonly string[]])[] = [
    ["nothing", "", []],
    ["a byte-order mark", "\uFEFFFROM a:1\n", ["1 FROM: a:1"]],
    ["a byte-order mark alone", "\uFEFF", []],
    [
      "a byte-order mark before a directive",
      "\uFEFF# syntax=a:1\nFROM b:1",
      ["1 # syntax: a:1", "2 FROM: b:1"],
    ],
    ["carriage returns and line feeds", "FROM \\\r\n  a:1\r\nFROM b:1\r\n", ["2 FROM: a:1", "3 FROM: b:1"]],
    ["a heredoc with carriage returns", "RUN <<E\r\nFROM a:1\r\nE\r\nFROM b:1\r\n", ["4 FROM: b:1"]],
    ["lone carriage returns, which end no line", "FROM a:1\rFROM b:1\r", ["1 FROM: a:1"]],
    ["no line feed at the end", "FROM a:1", ["1 FROM: a:1"]],
    ["a continuation at the end", "FROM a:1 \\", ["1 FROM: a:1"]],
    ["no name", "FROM\nFROM \nFROM --platform=x\n", []],
    ["NUL bytes", "FROM a\0b:1\n\0FROM c:1\n", ["1 FROM: a\0b:1"]],
    ["a mount with a quoted field", `RUN --mount='type=bind,"from=a:1"' x`, ["1 RUN --mount from: a:1"]],
    ["a quote that does not end", `FROM "a:1\n`, ["1 FROM: unreadable"]],
    ["an empty flag", "COPY --from= a b\nCOPY --from a b", []],
    ["flags that end", "COPY -- --from=a:1 b", []],
    ["no heredoc in the JSON form", `RUN ["a\\"", "<<E", "b <<E c"]\nFROM a:1\n`, ["2 FROM: a:1"]],
    ["a heredoc beside what looks like the JSON form", `RUN cat <<E ["a"]\nFROM a:1\nE\n`, []],
    ["a heredoc whose name is escaped", "RUN cat <<\\E\nFROM a:1\nE\nFROM b:1", ["4 FROM: b:1"]],
    ["a heredoc behind a variable of two dollars", "RUN $${ <<E\nFROM a:1\nE\nFROM b:1", ["4 FROM: b:1"]],
    ["flags with the escape of the file", "# escape=`\nCOPY --from='a`:1' b c\n", ["2 COPY --from: a:1"]],
    ["no heredoc where a dash stands apart from the name", "RUN cat <<- #x\nFROM a:1\n#x\n", ["2 FROM: a:1"]],
    [
      "no heredoc where a quote in a variable does not end",
      `RUN echo "\${a:-'}" <<#x\nFROM a:1\n#x`,
      ["2 FROM: a:1"],
    ],
    ["a heredoc behind quotes within a variable", `RUN echo "\${a:-"b c"}" <<E\nFROM a:1\nE\n`, []],
    ["a variable whose end a quote may hide", "FROM ${A:+'}'}a:1\n", ["1 FROM ${A:+'}'}a:1: unreadable"]],
    ["an escaped letter", "FROM ngin\\x:1\n", ["1 FROM: nginx:1"]],
  ];
  for (const [what, text, expected] of bytes) {
    it(`reads ${what}`, () => {
      assert.deepEqual(found(text), expected);
    });
  }

  // what, text → how many images, and the state of the first
  const hostile: readonly (readonly [string, string, number, string?])[] = [
    ["a line of a megabyte", `FROM ${"a".repeat(1e6)}`, 1, "unreadable"],
    ["a megabyte of flags", `COPY ${"--x ".repeat(250_000)}--from=a:1 b c`, 1, "tag"],
    ["a megabyte of mount fields", `RUN --mount=${"x,".repeat(500_000)}from=a:1 y`, 1, "tag"],
    ["a megabyte of quotes", `RUN ${`"`.repeat(1e6)} <<E\nE\nFROM a:1`, 1, "tag"],
    ["a megabyte of heredocs", `RUN ${"<<E ".repeat(250_000)}\nFROM a:1`, 1, "unreadable"],
    ["a megabyte of dollars", `FROM ${"$".repeat(1e6)}`, 1, "unreadable"],
    ["a megabyte of open braces", `ARG A=1\nFROM ${"${A:-".repeat(200_000)}`, 1, "unreadable"],
    ["braces as deep as a name is long", `FROM ${"${A:-".repeat(300)}a:1${"}".repeat(300)}`, 1, "unreadable"],
    ["a megabyte of white space", `FROM${" ".repeat(1e6)}a:1${"\t".repeat(1e6)}\n`, 1, "tag"],
    ["a megabyte of directives", `# ${"x".repeat(1e6)} = y\n# ${" ".repeat(1e6)}\nFROM a:1`, 1, "tag"],
    ["a megabyte of variables around heredocs", `RUN ${"${a:-".repeat(200_000)} <<E\nFROM a:1\nE`, 1, "tag"],
    ["100,000 stages", "FROM nginx:1\n".repeat(100_000), 100_000, "tag"],
    [
      "100,000 named stages",
      Array.from({ length: 100_000 }, (_, i) => `FROM a:1 AS s${i}`).join("\n"),
      100_000,
      "tag",
    ],
    [
      "100,000 stages for a platform",
      `FROM a:1 AS b\n${"FROM x-$TARGETARCH AS c\n".repeat(100_000)}`,
      100_001,
      "tag",
    ],
    ["100,000 continued lines", `FROM \\\n${"\\\n".repeat(100_000)}a:1\n`, 1, "tag"],
    ["100,000 open heredocs", "RUN <<E\n".repeat(100_000), 1, "unreadable"],
    [
      "arguments that double each time",
      `ARG A=aaaaaaaa\n${Array.from({ length: 60 }, (_, i) => `ARG A${i}=$A${i === 0 ? "" : i - 1}$A${i === 0 ? "" : i - 1}\n`).join("")}FROM $A59\n`,
      1,
      "unreadable",
    ],
    [
      "100,000 arguments of arguments",
      `ARG A=${"a".repeat(1000)}\n${"ARG B=$A\n".repeat(100_000)}FROM $B\n`,
      1,
      "unreadable",
    ],
  ];
  for (const [what, text, count, state] of hostile) {
    it(`reads ${what}`, () => {
      const images = dockerfileImages(text);
      assert.deepEqual([images.length, images[0]?.state.kind], [count, state]);
    });
  }

  it("finds images of a text within another one, and edits them where it stands there", () => {
    const file = "x:\n  y: |\n    FROM a:1\n    FROM two AS b\n    COPY --from=b x y\n";
    const at: number[] = [];
    for (const { index, 0: line } of file.matchAll(/(?<=^ {4}).*\n/gm)) {
      for (let i = 0; i < line.length; i++) at.push(index + i);
    }
    const text = at.map((offset) => file[offset]).join("");
    const embedding = { file, at, path: "x.y: ", contexts: new Set(["two"]) };
    const images = dockerfileImages(text, embedding);
    assert.deepEqual(images.map(described), [
      { at: "3:10-3:13", path: "x.y: FROM", state: "tag", text: "a:1" },
    ]);
    assert.equal(applyEdits(file, editsOf(images)), file.replace("a:1", `a:1@${digest}`));
  });

  it("edits nothing that is escaped in the text around", () => {
    const file = `{"y": "FROM \\u0061:1"}`;
    const text = "FROM a:1";
    const start = file.indexOf("FROM");
    const at = [0, 1, 2, 3, 4, 5, 11, 12].map((offset) => start + offset);
    const [image] = dockerfileImages(text, { file, at, path: "" });
    assert.equal(image?.fixed?.reason, "it is escaped in the file around it");
    assert.deepEqual(image.edits(digest), []);
  });

  const instruction = fc.oneof(
    fc.constantFrom(
      "FROM a:1",
      "from  b",
      "FROM --platform=$P c:2 AS s",
      "FROM $A",
      "FROM ${A}",
      "FROM ${N:-d:4}",
      "FROM x$A",
    ),
    fc.constantFrom(
      "ARG A=e:5",
      "ARG N",
      `ARG A="f:6" B=g`,
      "COPY --from=h:7 a b",
      "COPY --from=s a b",
      "ENV x=1",
    ),
    fc.constantFrom(
      "RUN --mount=type=bind,from=i:8 x",
      "RUN x \\",
      "# y",
      "#syntax=j:9",
      "#escape=`",
      "RUN x `",
      "",
    ),
    fc.constantFrom(
      "RUN <<E",
      "E",
      "COPY <<-'E' x",
      "\tE",
      "ONBUILD COPY --from=k:10 a b",
      "FROM \\",
      "  l:11",
    ),
    fc.string({ unit: fc.constantFrom(...Array.from("FROMARG =$\\{}\"'<-:@#`\t ae1")), maxLength: 30 }),
  );
  const text = fc
    .tuple(
      fc.constantFrom("", "\uFEFF"),
      fc.array(fc.tuple(instruction, fc.constantFrom("\n", "\r\n", "\r", " \n")), { maxLength: 30 }),
    )
    .map(([mark, lines]) => mark + lines.flat().join(""));

  it("changes nothing but references, whatever the text, and a second time nothing at all", () => {
    fc.assert(
      fc.property(text, (before) => {
        const images = dockerfileImages(before);
        const after = applyEdits(before, editsOf(images));
        assert.equal(after.replaceAll(`@${digest}`, ""), before);
        const again = dockerfileImages(after);
        assert.deepEqual(editsOf(again), []);
        assert.equal(again.length, images.length);
        for (const [index, image] of images.entries()) {
          const wanted =
            image.fixed === undefined && (image.state.kind === "tag" || image.state.kind === "untagged");
          assert.equal(again[index]?.state.kind, wanted ? "digest" : image.state.kind);
        }
      }),
      { numRuns: 5000 },
    );
  });

  it("says where each image stands", () => {
    fc.assert(
      fc.property(text, (before) => {
        const lines = before.replace(/^\uFEFF/, "").split("\n");
        for (const { line, column, endLine, endColumn, state, fixed } of dockerfileImages(before)) {
          if (fixed !== undefined || !("text" in state)) continue;
          assert.equal(line, endLine);
          assert.equal(lines[line - 1]?.slice(column - 1, endColumn - 1), state.text);
        }
      }),
    );
  });
});
