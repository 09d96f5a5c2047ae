import assert from "node:assert/strict";
import fc from "fast-check";
import { interpolate } from "../../sources/interpolation";

const variables = new Map([
  ["SET", "set"],
  ["EMPTY", ""],
]);

function result(text: string): string {
  const read = interpolate(text, (name) => {
    const value = variables.get(name);
    return value === undefined ? undefined : { value, from: "a test" };
  });
  if (read.kind !== "text") return read.kind === "unset" ? `unset ${read.name}` : "invalid";
  assert.equal(read.origins.length, read.text.length);
  for (const [index, origin] of read.origins.entries()) {
    if (origin !== undefined) assert.equal(text[origin], read.text[index]);
  }
  return read.text;
}

describe("interpolate", () => {
  // https://docs.docker.com/reference/compose-file/interpolation/
  const cases: readonly (readonly [string, string])[] = [
    ["", ""],
    ["plain", "plain"],
    ["$SET", "set"],
    ["${SET}", "set"],
    ["a${SET}b", "asetb"],
    ["$SET-x", "set-x"],
    ["$$SET", "$SET"],
    ["$$$SET", "$set"],
    ["$UNSET", "unset UNSET"],
    ["${UNSET}", "unset UNSET"],
    ["${EMPTY}", ""],
    ["${UNSET:-x}", "x"],
    ["${UNSET-x}", "x"],
    ["${EMPTY:-x}", "x"],
    ["${EMPTY-x}", ""],
    ["${SET:-x}", "set"],
    ["${SET-x}", "set"],
    ["${UNSET:-}", ""],
    ["${UNSET:?why}", "unset UNSET"],
    ["${UNSET?why}", "unset UNSET"],
    ["${EMPTY:?why}", "unset EMPTY"],
    ["${EMPTY?why}", ""],
    ["${SET:?why}", "set"],
    ["${SET:+x}", "x"],
    ["${EMPTY:+x}", ""],
    ["${EMPTY+x}", "x"],
    ["${UNSET+x}", ""],
    ["${UNSET:-${SET}}", "set"],
    ["${UNSET:-a${UNSET:-b}c}", "abc"],
    ["${SET:-${UNSET}}", "set"],
    ["${UNSET:-a:b-c?d}", "a:b-c?d"],
    ["${UNSET:-$$}", "$"],
    ["a}b", "a}b"],
    ["$", "invalid"],
    ["$1", "invalid"],
    ["${}", "invalid"],
    ["${SET", "invalid"],
    ["${SET!}", "invalid"],
    ["${UNSET:-x", "invalid"],
    ["${UNSET:-".repeat(100), "invalid"],
  ];

  for (const [text, expected] of cases) {
    it(`fills in ${JSON.stringify(text.slice(0, 40))}`, () => {
      assert.equal(result(text), expected);
    });
  }

  it("never throws, and says where each character stands", () => {
    const part = fc.constantFrom(
      "$",
      "{",
      "}",
      ":-",
      "-",
      ":+",
      "?",
      "SET",
      "UNSET",
      "EMPTY",
      "x",
      "$$",
      "${",
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        result(parts.join(""));
      }),
    );
  });
});
