import assert from "node:assert/strict";
import fc from "fast-check";
import { findNodeAtLocation, parseTree } from "jsonc-parser";
import { walkJson, type JsonPath } from "../../lock/walk";

describe("walkJson", () => {
  const text = '{"a": {"b": [1, {"c": 2}]}, "d": [[], 3]}';
  // path → what begins at the offset
  const cases: readonly (readonly [JsonPath, string])[] = [
    [[], text],
    [["a"], '{"b": [1, {"c": 2}]}'],
    [["a", "b"], '[1, {"c": 2}]'],
    [["a", "b", 1, "c"], "2}"],
    [["d", 0], "[], 3"],
    [["d", 1], "3]"],
    // Not there: the nearest one around it.
    [["a", "b", 7], '[1, {"c": 2}]'],
    [["a", "x", "c"], '{"b": [1, {"c": 2}]}'],
    [["x"], text],
  ];
  for (const [path, start] of cases) {
    it(`${JSON.stringify(path)} → ${start}`, () => {
      assert.ok(text.startsWith(start, walkJson(text, path).offset));
    });
  }

  it("finds what a parser that builds a tree finds", () => {
    const steps = fc.array(fc.oneof(fc.nat(3), fc.constantFrom("a", "b", "")), { maxLength: 4 });
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(1, null, "a", "b: [", "{"),
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(fc.constantFrom("a", "b", ""), tie("value")),
      ),
    })).value;
    fc.assert(
      fc.property(value, steps, fc.constantFrom(0, 2), (json, path, space) => {
        const written = JSON.stringify(json, undefined, space);
        const tree = parseTree(written);
        const node = tree === undefined ? undefined : findNodeAtLocation(tree, path);
        fc.pre(node !== undefined);
        assert.equal(walkJson(written, path).offset, node.offset);
      }),
    );
  });
});
