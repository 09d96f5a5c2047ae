import assert from "node:assert/strict";
import { imageState } from "../../images";
import { compose, type LocatedImage } from "../../sources";
import { contextOf, pinnedText, summary, digestFor } from "./fixture-case";

/** Stands in for the reader of Dockerfiles: each word behind `FROM`. */
const dockerfile = (text: string): readonly LocatedImage[] =>
  [...text.matchAll(/^FROM (\S+)/gm)].map((match) => {
    const [line, reference = ""] = match;
    const end = match.index + line.length;
    const number = text.slice(0, end).split("\n").length;
    return {
      path: "FROM",
      line: number,
      column: 6,
      endLine: number,
      endColumn: 6 + reference.length,
      state: imageState(reference),
      form: "tag-and-digest",
      edits: (digest) => [{ start: end, end, text: `@${digest}` }],
    };
  });

describe("compose: dockerfile_inline", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    [
      "a literal block",
      "|\n        FROM alpine:3.20\n\n        RUN true\n        FROM alpine:3.20 AS b\n",
      "5:14-5:25",
    ],
    ["a literal block of Windows", "|\r\n        FROM alpine:3.20\r\n        RUN true\r\n", "5:14-5:25"],
    ["a quoted line", `"FROM alpine:3.20"\n`, "4:32-4:43"],
  ];

  for (const [name, written, at] of cases) {
    it(`moves places and edits into ${name}`, () => {
      const text = `services:\n  a:\n    build:\n      dockerfile_inline: ${written}`;
      const [first, ...others] = compose(dockerfile).read(text, contextOf({}));
      assert.ok(first);
      assert.deepEqual(summary(first), {
        path: "services.a.build.dockerfile_inline.FROM",
        at,
        tag: "alpine:3.20",
      });
      const pinned = `alpine:3.20@${digestFor(first)}`;
      assert.equal(pinnedText(text, [first, ...others]), text.replaceAll("alpine:3.20", pinned));
    });
  }

  it("says that a text with escapes is not rewritten", () => {
    const text = `services: {a: {build: {dockerfile_inline: "FROM alpine:3.20\\nRUN true"}}}\n`;
    const [image] = compose(dockerfile).read(text, contextOf({}));
    assert.match(image?.fixed?.reason ?? "", /not written as it reads/);
    assert.equal(image && pinnedText(text, [image]), text);
  });

  it("finds nothing there without a reader of Dockerfiles", () => {
    const text = "services: {a: {build: {dockerfile_inline: FROM alpine}}}\n";
    assert.deepEqual(compose().read(text, contextOf({})), []);
  });
});
