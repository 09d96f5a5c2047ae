import assert from "node:assert/strict";
import { defaultStrategy, parseStrategy, type Strategy } from "../../pinning";

describe("defaultStrategy", () => {
  const cases: readonly (readonly [stack: string, hasLock: boolean, strategy: Strategy])[] = [
    ["production", true, "locked"],
    ["prod", true, "locked"],
    ["acme-main-eu", true, "locked"],
    ["", true, "locked"],
    ["devices", true, "locked"],
    ["latest", true, "locked"],
    ["dev", true, "lock-first"],
    ["dev2", true, "lock-first"],
    ["alice-dev", true, "lock-first"],
    ["Staging", true, "lock-first"],
    ["eu.staging.1", true, "lock-first"],
    ["review_123", true, "lock-first"],
    ["production", false, "lock-first"],
  ];
  for (const [stack, hasLock, strategy] of cases) {
    it(`is ${strategy} for "${stack}" ${hasLock ? "with" : "without"} a lock`, () => {
      assert.equal(defaultStrategy(stack, hasLock), strategy);
    });
  }
});

describe("parseStrategy", () => {
  for (const strategy of ["locked", "lock-first", "registry"]) {
    it(`takes ${strategy}`, () => {
      assert.equal(parseStrategy(strategy, "x"), strategy);
    });
  }
  it("refuses anything else, and says what there is", () => {
    assert.throws(() => parseStrategy("Locked", "PINNED_IMAGES_STRATEGY"), {
      name: "TypeError",
      message: 'PINNED_IMAGES_STRATEGY is "Locked"; it can be locked, lock-first or registry',
    });
  });
});
