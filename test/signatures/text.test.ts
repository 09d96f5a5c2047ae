import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { shown } from "../../signatures/text";

describe("signatures/text", () => {
  for (const [text, expected] of [
    ["", `""`],
    ["ghcr.io/acme/api", `"ghcr.io/acme/api"`],
    [`a"b\\c`, `"a\\"b\\\\c"`],
    ["é 日本 👍", `"é 日本 👍"`],
    ["\u001b[31m\n", `"\\u001b[31m\\n"`],
    ["\u007f\u009b\u202e\u200b\ufeff\u2028", `"\\u{7f}\\u{9b}\\u{202e}\\u{200b}\\u{feff}\\u{2028}"`],
    ["a".repeat(300), `"${"a".repeat(200)}…"`],
  ] as const) {
    it(`shows ${JSON.stringify(text.slice(0, 20))}`, () => {
      assert.equal(shown(text), expected);
    });
  }

  it("shows nothing that a terminal would act upon", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
        const told = shown(text);
        assert.doesNotMatch(told, /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        assert.ok(told.startsWith(`"`) && told.endsWith(`"`));
      }),
    );
  });
});
