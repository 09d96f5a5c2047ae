import assert from "node:assert/strict";
import { fixOf, NotLockedError } from "../../pinning";

describe("fixOf", () => {
  // what was thrown → what to do about it
  const cases: readonly (readonly [string, unknown, string | undefined])[] = [
    ["an error that says it", Object.assign(new Error("lost"), { fix: "look again" }), "look again"],
    ["a reference that is not locked", new NotLockedError("a/b:c", undefined), "pinned-images pin a/b:c"],
    ["an error that says nothing", new Error("lost"), undefined],
    ["an error whose fix is no text", Object.assign(new Error("lost"), { fix: 1 }), undefined],
    ["what is no error", { fix: "look again" }, undefined],
    ["nothing", undefined, undefined],
  ];
  for (const [what, thrown, expected] of cases) {
    it(`gives the fix of ${what}`, () => {
      assert.equal(fixOf(thrown), expected);
    });
  }
});
