import assert from "node:assert/strict";
import { problemOfWords } from "../../lock";

describe("problemOfWords", () => {
  const control = "has control characters";
  // text → what is wrong with it
  const cases: readonly (readonly [string, string | undefined])[] = [
    ["CVE-2026-1234", undefined],
    ["Ada Lovelace <ada@example.com>", undefined],
    ['"quoted" \\ {braces} [brackets]', undefined],
    ["日本語 😀 é", undefined],
    ["x".repeat(1000), undefined],
    ["x".repeat(1001), "has more than 1,000 characters"],
    ["", "is empty"],
    ["two\nlines", control],
    ["a\ttab", control],
    ["\u001b[31mred", control],
    ["\u009b31m", control],
    ["a\u2028b", control],
    ["\u202egnp.exe", control],
    ["\u2066x\u2069", control],
    ["\u007f", control],
  ];
  for (const [text, expected] of cases) {
    it(`${JSON.stringify(text.slice(0, 30))}: ${expected ?? "nothing"}`, () => {
      assert.equal(problemOfWords(text), expected);
    });
  }
});
