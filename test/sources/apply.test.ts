import assert from "node:assert/strict";
import fc from "fast-check";
import { applyEdits, EditError } from "../../sources/apply";
import { editsDiff } from "../../sources/apply-diff";
import type { TextEdit } from "../../sources/source";

const edit = (start: number, end: number, text: string): TextEdit => ({ start, end, text });

describe("applyEdits", () => {
  // text, edits → result
  const cases: readonly (readonly [string, readonly TextEdit[], string])[] = [
    ["abc", [], "abc"],
    ["abc", [edit(1, 2, "X")], "aXc"],
    ["abc", [edit(2, 3, "Y"), edit(0, 1, "X")], "XbY"],
    ["abc", [edit(0, 1, "X"), edit(1, 2, "Y")], "XYc"],
    ["abc", [edit(3, 3, "!"), edit(0, 0, "?")], "?abc!"],
    ["abc", [edit(1, 2, "X"), edit(1, 2, "X")], "aXc"],
    ["", [edit(0, 0, "X")], "X"],
    ["\uFEFFa\r\nb", [edit(4, 5, "B")], "\uFEFFa\r\nB"],
  ];
  for (const [text, edits, expected] of cases) {
    it(`${JSON.stringify(text)} with ${JSON.stringify(edits)} is ${JSON.stringify(expected)}`, () => {
      assert.equal(applyEdits(text, edits), expected);
    });
  }

  const bad: readonly (readonly [string, readonly TextEdit[]])[] = [
    ["two that overlap", [edit(0, 2, "X"), edit(1, 3, "Y")]],
    ["two for the same characters", [edit(0, 2, "X"), edit(0, 2, "Y")]],
    ["two insertions at one place", [edit(1, 1, "X"), edit(1, 1, "Y")]],
    ["one behind the text", [edit(2, 4, "X")]],
    ["one in front of the text", [edit(-1, 1, "X")]],
    ["one that ends before it begins", [edit(2, 1, "X")]],
    ["one at no number", [edit(NaN, 1, "X")]],
  ];
  for (const [what, edits] of bad) {
    it(`refuses ${what}`, () => {
      assert.throws(() => applyEdits("abc", edits), EditError);
    });
  }
});

describe("editsDiff", () => {
  const diff = (text: string, ...edits: TextEdit[]): string => editsDiff("a b/x.yaml", text, edits);

  it("is empty when nothing changes", () => {
    assert.equal(diff("abc\n"), "");
    assert.equal(diff("abc\n", edit(0, 1, "a")), "");
  });

  it("shows changes with three lines around, and joins those that are near", () => {
    const text = Array.from({ length: 20 }, (_, i) => `line ${i + 1}\n`).join("");
    const at = (line: number): TextEdit => {
      const start = text.indexOf(`line ${line}\n`) + `line ${line}`.length;
      return edit(start, start, "!");
    };
    const lines = diff(text, at(2), at(8), at(20)).split("\n");
    assert.deepEqual(lines, [
      "--- a/a b/x.yaml",
      "+++ b/a b/x.yaml",
      "@@ -1,11 +1,11 @@",
      " line 1",
      "-line 2",
      "+line 2!",
      " line 3",
      " line 4",
      " line 5",
      " line 6",
      " line 7",
      "-line 8",
      "+line 8!",
      " line 9",
      " line 10",
      " line 11",
      "@@ -17,4 +17,4 @@",
      " line 17",
      " line 18",
      " line 19",
      "-line 20",
      "+line 20!",
      "",
    ]);
  });

  it("counts the lines that are put in, and says where no line feed ends the file", () => {
    const text = "a: 1\nb: 2";
    assert.deepEqual(diff(text, edit(4, 4, "\nc: 3"), edit(9, 9, "!")).split("\n"), [
      "--- a/a b/x.yaml",
      "+++ b/a b/x.yaml",
      "@@ -1,2 +1,3 @@",
      "-a: 1",
      "+a: 1",
      "+c: 3",
      "-b: 2",
      "\\ No newline at end of file",
      "+b: 2!",
      "\\ No newline at end of file",
      "",
    ]);
  });

  it("is what a patch program turns into the edited text", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("a", "b\n", "c\r\n", "\n"), { maxLength: 40 }),
        fc.array(fc.nat(9), { minLength: 1 }),
        (parts, numbers) => {
          const text = parts.join("");
          const edits: TextEdit[] = [];
          let drawn = 0;
          const next = (): number => numbers[drawn++ % numbers.length] ?? 0;
          for (let at = 0; at <= text.length; at += 1 + next()) {
            const end = Math.min(text.length, at + (next() % 3));
            edits.push(edit(at, end, ["X", "", "Y\n", "\nZ"][next() % 4] ?? ""));
            at = end;
          }
          assert.equal(patched(text, editsDiff("x", text, edits)), applyEdits(text, edits));
        },
      ),
      { numRuns: 500 },
    );
  });
});

/** Applies a unified diff, and holds its line numbers and counts. */
function patched(text: string, patch: string): string {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const result: string[] = [];
  let at = 0;
  for (const hunk of patch.split(/^(?=@@)/m).slice(1)) {
    const [head = "", ...body] = hunk.split("\n").slice(0, -1);
    const [oldStart = 0, oldLines = 0, newStart = 0, newLines = 0] =
      /-(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))?/
        .exec(head)
        ?.slice(1)
        .map((number: string | undefined) => Number(number ?? 1)) ?? [];
    const from = oldLines === 0 ? oldStart : oldStart - 1;
    while (at < from) result.push(lines[at++] ?? "");
    assert.equal(result.length, newLines === 0 ? newStart : newStart - 1);
    let [removed, added] = [0, 0];
    for (const [index, line] of body.entries()) {
      const content = line.slice(1) + (body[index + 1]?.startsWith("\\") === true ? "" : "\n");
      if (line.startsWith("\\")) continue;
      if (!line.startsWith("+")) {
        assert.equal(lines[at++], content);
        removed++;
      }
      if (line.startsWith("-")) continue;
      result.push(content);
      added++;
    }
    assert.deepEqual([removed, added], [oldLines, newLines]);
  }
  return [...result, ...lines.slice(at)].join("");
}
