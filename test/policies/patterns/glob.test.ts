import assert from "node:assert/strict";
import fc from "fast-check";
import { compileGlob } from "../../../policies/patterns";

const cases: readonly (readonly [glob: string, matches: readonly string[], others: readonly string[]])[] = [
  ["prod", ["prod"], ["prod-eu", "preprod", ""]],
  ["prod*", ["prod", "prod-eu"], ["preprod"]],
  ["*-prod", ["eu-prod"], ["prod", "eu-prod-2"]],
  ["a*a", ["aa", "aba"], ["a", "ab"]],
  ["a*b*c", ["abc", "axbxc", "abcbc"], ["acb", "ab"]],
  ["*", ["", "x"], []],
  [".*", [".", ".x"], ["x"]],
];

describe("compileGlob", () => {
  for (const [glob, matches, others] of cases) {
    it(`reads ${glob}`, () => {
      const matcher = compileGlob(glob);
      assert.deepEqual([...matches, ...others].filter(matcher), matches);
    });
  }

  it("agrees with a regular expression", () => {
    const text = fc.stringMatching(/^[ab]{0,8}$/);
    fc.assert(
      fc.property(fc.stringMatching(/^[ab*]{0,6}$/), text, (glob, subject) => {
        const regex = new RegExp(`^${glob.replaceAll("*", ".*")}$`);
        assert.equal(compileGlob(glob)(subject), regex.test(subject), `${glob} on ${subject}`);
      }),
    );
  });

  it("comes to an end with what makes a regular expression try everything", () => {
    const matcher = compileGlob(`${"*a".repeat(200)}b`);
    assert.equal(matcher("a".repeat(20_000)), false);
  });
});
