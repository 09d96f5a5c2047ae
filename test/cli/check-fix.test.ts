import assert from "node:assert/strict";
import fc from "fast-check";
import { mend } from "../../cli/check-fix";
import type { Replacement } from "../../report";

/** Makes replacements by their lines and columns, as an editor would. */
function replaced(text: string, edits: readonly Replacement[]): string {
  const offset = (line: number, column: number): number => {
    const before = text.split("\n").slice(0, line - 1);
    return before.reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
  };
  return edits.reduceRight(
    (result, { line, column, endLine, endColumn, text: put }) =>
      result.slice(0, offset(line, column)) + put + result.slice(offset(endLine, endColumn)),
    text,
  );
}

describe("mend", () => {
  // text, edits as start, end and text, the lines to paste
  const table: readonly (readonly [string, readonly (readonly [number, number, string])[], string])[] = [
    ["image: a:1\n", [[10, 10, "@d"]], "image: a:1@d"],
    ["  image: 'a:1' # why\r\nnext\r\n", [[13, 13, "@d"]], "image: 'a:1@d' # why"],
    ["a: 1\nb: 2", [[8, 9, "3"]], "b: 3"],
    [
      "a: 1\nb: 2\n",
      [
        [8, 9, "4"],
        [3, 4, "3"],
      ],
      "a: 3; b: 4",
    ],
    [
      "x: {r: a, t: 1}\n",
      [
        [7, 8, "b"],
        [13, 14, "2"],
      ],
      "x: {r: b, t: 2}",
    ],
    [`${"x".repeat(500)} a:1`, [[504, 504, "@d"]], "@d"],
    ["  repository: a\r\n  tag: 1\r\n", [[25, 25, "\r\n  digest: d"]], "tag: 1; digest: d"],
    ["from\ta:1 as b", [[8, 8, "@d"]], "from a:1@d as b"],
  ];
  for (const [text, edits, lines] of table) {
    it(`gives ${lines}`, () => {
      const given = edits.map(([start, end, put]) => ({ start, end, text: put }));
      assert.equal(mend(text, given)?.lines, lines);
    });
  }

  it("counts no byte-order mark, as the places of findings do not", () => {
    assert.deepEqual(mend("\uFEFFFROM a:1\n", [{ start: 9, end: 9, text: "@d" }])?.edits, [
      { line: 1, column: 9, endLine: 1, endColumn: 9, text: "@d" },
    ]);
  });

  it("has nothing to say of no edits", () => {
    assert.equal(mend("image: a", []), undefined);
  });

  it("gives replacements that do what the edits do, in any text", () => {
    const text = fc.array(fc.constantFrom("a", "\n", "é", "\u{1f433}", "\r\n", " "), { maxLength: 60 });
    fc.assert(
      fc.property(text, fc.nat(), fc.nat(), fc.string(), (pieces, a, b, put) => {
        const whole = pieces.join("");
        const [start, end] = [a % (whole.length + 1), b % (whole.length + 1)].sort((x, y) => x - y);
        assert.ok(start !== undefined && end !== undefined);
        const mended = mend(whole, [{ start, end, text: put }]);
        assert.equal(replaced(whole, mended?.edits ?? []), whole.slice(0, start) + put + whole.slice(end));
      }),
    );
  });
});
