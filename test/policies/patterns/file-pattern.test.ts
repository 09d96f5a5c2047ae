import assert from "node:assert/strict";
import { parseFilePattern } from "../../../policies/patterns";

describe("parseFilePattern", () => {
  // pattern, path, whether it fits
  const cases: readonly (readonly [pattern: string, path: string, fits: boolean])[] = [
    ["compose.prod*.yaml", "compose.prod.yaml", true],
    ["compose.prod*.yaml", "deploy/eu/compose.production.yaml", true],
    ["compose.prod*.yaml", "compose.yaml", false],
    ["values.yaml", "charts/values.yaml", true],
    ["values.yaml", "charts/myvalues.yaml", false],
    ["deploy/live/*", "deploy/live/eu/web.yaml", true],
    ["./deploy/live/*", "deploy/live/web.yaml", true],
    ["/deploy/live/*", "deploy/live/web.yaml", true],
    ["deploy/live/*", "old/deploy/live/web.yaml", false],
    ["*/live/*", "old/deploy/live/web.yaml", true],
    ["*", "anything/at/all", true],
    ["a+b(c).yaml", "a+b(c).yaml", true],
  ];
  for (const [pattern, path, fits] of cases) {
    it(`${pattern} ${fits ? "fits" : "does not fit"} ${path}`, () => {
      assert.equal(parseFilePattern(pattern).matches(path), fits);
    });
  }

  const refused: readonly (readonly [pattern: string, message: RegExp])[] = [
    ["", /is empty/],
    ["deploy\\live", /has a backslash/],
    ["x".repeat(1001), /has 1001 characters/],
  ];
  for (const [pattern, message] of refused) {
    it(`refuses ${JSON.stringify(pattern.slice(0, 20))}`, () => {
      assert.throws(() => parseFilePattern(pattern), { name: "PatternError", message });
    });
  }
});
