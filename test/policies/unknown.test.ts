import assert from "node:assert/strict";
import { notVerified, UnknownLedger } from "../../policies/unknown";
import { settingsOf } from "./support";

describe("UnknownLedger", () => {
  const calls: readonly (readonly [policy: string, strict: boolean, path: string, may: boolean])[] = [
    ["first", true, "spec.image", true],
    ["second", true, "spec.image", false],
    ["second", true, "spec.other", true],
    // The resource is looked at again.
    ["first", true, "spec.image", true],
    ["second", true, "spec.image", false],
    // Advice is not the last word.
    ["first", false, "spec.third", true],
    ["second", false, "spec.third", false],
    ["third", true, "spec.third", true],
    ["fourth", true, "spec.third", false],
  ];
  it("lets one policy say it, and a strict one behind one that advises", () => {
    const ledger = new UnknownLedger();
    for (const [policy, strict, path, may] of calls) {
      assert.equal(ledger.mayReport(policy, strict, "urn", path), may, `${policy} on ${path}`);
    }
    assert.ok(ledger.mayReport("second", true, "another urn", "spec.image"));
  });
});

describe("notVerified", () => {
  for (const [onUnknown, level] of [
    ["refuse", undefined],
    ["advise", "advisory"],
  ] as const) {
    it(`is ${level ?? "as strict as its policy"} with onUnknown: "${onUnknown}"`, () => {
      assert.equal(notVerified("a.image", "image", settingsOf({ onUnknown })).level, level);
    });
  }
});
