import assert from "node:assert/strict";
import { parseSettings, strictestSettings } from "../../policies/settings";

const invalid: readonly (readonly [given: unknown, problem: RegExp])[] = [
  [{ onUnknwon: "advise" }, /^onUnknwon there is no setting of this name; did you mean "onUnknown"\?$/],
  [
    { registries: [] },
    /^registries there is no setting of this name; the settings are onUnknown, suggestDigests$/,
  ],
  [{ onUnknown: "ignore" }, /^onUnknown is "ignore" where \("advise" \| "refuse"\) was expected;/],
  [{ suggestDigests: "yes" }, /^suggestDigests is "yes" where boolean was expected;/],
  [{ ["x".repeat(5000)]: 1 }, /the settings are onUnknown, suggestDigests$/],
];

describe("parseSettings", () => {
  it("takes what is left out from the strictest settings", () => {
    assert.deepEqual(parseSettings({}), { ok: true, settings: strictestSettings });
    assert.deepEqual(parseSettings({ onUnknown: "advise" }), {
      ok: true,
      settings: { ...strictestSettings, onUnknown: "advise" },
    });
  });
  for (const [given, expected] of invalid) {
    it(`refuses ${JSON.stringify(given).slice(0, 60)}`, () => {
      const result = parseSettings(given);
      const lines = result.ok
        ? []
        : result.problems.map(({ name, problem, fix }) => `${name} ${problem}; ${fix}`);
      assert.match(lines[0] ?? "accepted", expected);
    });
  }
  it("names every problem at once", () => {
    const result = parseSettings({ onUnknown: 1, b: 2, suggestDigests: 3 });
    assert.equal(result.ok ? 0 : result.problems.length, 3);
  });
});
