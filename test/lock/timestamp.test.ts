import assert from "node:assert/strict";
import fc from "fast-check";
import { isTimestamp, timestamp } from "../../lock";
import { later } from "../../lock/timestamp";
import { at } from "./support/entries";

describe("isTimestamp", () => {
  const cases: readonly (readonly [string, boolean])[] = [
    ["2026-11-21T10:00:00Z", true],
    ["0000-01-01T00:00:00Z", true],
    ["9999-12-31T23:59:59Z", true],
    ["2024-02-29T00:00:00Z", true],
    ["2023-02-29T00:00:00Z", false],
    ["2026-02-30T00:00:00Z", false],
    ["2026-06-31T00:00:00Z", false],
    ["2026-11-00T10:00:00Z", false],
    ["2026-11-32T10:00:00Z", false],
    ["2026-00-21T10:00:00Z", false],
    ["2026-13-21T10:00:00Z", false],
    ["2026-11-21T24:00:00Z", false],
    ["2026-11-21T10:60:00Z", false],
    ["2026-11-21T10:00:60Z", false],
    ["2026-11-21T10:00:00.000Z", false],
    ["2026-11-21T10:00:00+00:00", false],
    ["2026-11-21t10:00:00z", false],
    ["2026-11-21 10:00:00Z", false],
    ["2026-11-21T10:00Z", false],
    ["2026-11-21", false],
    ["+002026-11-21T10:00:00Z", false],
    ["2026-11-21T10:00:00Z\n", false],
    ["٢٠٢٦-11-21T10:00:00Z", false],
    ["", false],
  ];
  for (const [text, expected] of cases) {
    it(`${JSON.stringify(text)} is ${expected ? "one" : "none"}`, () => {
      assert.equal(isTimestamp(text), expected);
    });
  }
});

describe("timestamp", () => {
  it("cuts the milliseconds off", () => {
    assert.equal(timestamp(Date.parse("2026-11-21T10:00:00.999Z")), "2026-11-21T10:00:00Z");
  });

  it("gives for every second a text that is one, and that reads as that second", () => {
    const seconds = fc.integer({ min: -62_167_219_200, max: 253_402_300_799 });
    fc.assert(
      fc.property(seconds, (second) => {
        const text = timestamp(second * 1000);
        assert.ok(isTimestamp(text));
        assert.equal(Date.parse(text), second * 1000);
      }),
    );
  });

  for (const milliseconds of [NaN, Infinity, -62_167_219_200_001, 253_402_300_800_000, 8.64e15 + 1]) {
    it(`refuses ${milliseconds}`, () => {
      assert.throws(() => timestamp(milliseconds), RangeError);
    });
  }
});

describe("later", () => {
  it("gives the later of two, whichever stands first", () => {
    assert.equal(later(at("09:00"), at("10:00")), at("10:00"));
    assert.equal(later(at("10:00"), at("09:00")), at("10:00"));
    assert.equal(later(at("23:59", "2026-09-30"), at("00:00", "2026-10-01")), at("00:00", "2026-10-01"));
  });
});
