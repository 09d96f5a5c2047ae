import assert from "node:assert/strict";
import { formatFinding, quote, visible } from "../../report";

describe("formatFinding", () => {
  const base = { path: "spec.image", why: "because", fix: "do" };
  const cases = [
    [
      { ...base, found: "nginx:1", problem: "is pinned by tag only" },
      `spec.image: "nginx:1" is pinned by tag only`,
    ],
    [{ ...base, found: "nginx@x", problem: ": no digest" }, `spec.image: "nginx@x": no digest`],
    [{ ...base, problem: "not known until the update" }, "spec.image: not known until the update"],
  ] as const;
  for (const [finding, first] of cases) {
    it(first, () => {
      assert.equal(formatFinding(finding), `${first}\nwhy: because\nfix: do`);
    });
  }
});

describe("quote", () => {
  const cases: readonly (readonly [text: string, quoted: string])[] = [
    ["nginx:1", `"nginx:1"`],
    ["\u001b[31mred\u0007", `"\\u001b[31mred\\u0007"`],
    ["a\nb", `"a\\u000ab"`],
    ["right\u202eleft", `"right\\u202eleft"`],
    ["x".repeat(500), `"${"x".repeat(400)}…"`],
  ];
  for (const [text, quoted] of cases) {
    it(`gives ${quoted.slice(0, 40)}`, () => {
      assert.equal(quote(text), quoted);
    });
  }
});

describe("visible", () => {
  const cases: readonly (readonly [text: string, shown: string])[] = [
    ["a\r\nb\tc", "a\\u000d\\u000ab\\u0009c"],
    ["\ud800", "\\ud800"],
    ["a\udc00b", "a\\udc00b"],
    ["\ufffe\uffff", "\\ufffe\\uffff"],
    ["\u{1f433} whale", "\u{1f433} whale"],
  ];
  for (const [text, shown] of cases) {
    it(`gives ${shown}`, () => {
      assert.equal(visible(text), shown);
    });
  }
});
