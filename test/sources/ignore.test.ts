import assert from "node:assert/strict";
import fc from "fast-check";
import { parseIgnore } from "../../sources";

describe("parseIgnore", () => {
  // comment → what it says, without its line; undefined for other comments
  const cases: readonly (readonly [string, object | undefined])[] = [
    [
      "# pinned-images: ignore owner=platform expires=2027-01-31 reason=pending",
      { owner: "platform", expires: "2027-01-31", reason: "pending" },
    ],
    ["#pinned-images: ignore", {}],
    ["## pinned-images:ignore owner=a", { owner: "a" }],
    ["pinned-images: ignore owner=a", { owner: "a" }],
    ["// pinned-images: ignore owner=a", { owner: "a" }],
    ["/* pinned-images: ignore owner=a */", { owner: "a" }],
    [`/* pinned-images: ignore reason="a b" */`, { reason: "a b" }],
    [
      "# pinned-images: ignore reason=the mirror is pending owner=team a",
      { reason: "the mirror is pending", owner: "team a" },
    ],
    [`# pinned-images: ignore owner="a owner=b" reason='c'`, { owner: "a owner=b", reason: "c" }],
    ["# pinned-images: ignore owner=a owner=b", { owner: "a" }],
    ["# pinned-images: ignore owner= expires=2027-01-31", { expires: "2027-01-31" }],
    ["# pinned-images: ignore expires=next year", { expires: "next year" }],
    ["# pinned-images: ignore Owner=a, expiry=2027", {}],
    ["# pinned-images: ignored", undefined],
    ["# pinned-images ignore", undefined],
    ["# see pinned-images: ignore", undefined],
    ["# pinned-images: pin", undefined],
    ["", undefined],
  ];

  for (const [comment, expected] of cases) {
    it(`reads ${JSON.stringify(comment)}`, () => {
      assert.deepEqual(parseIgnore(comment, 3), expected && { ...expected, line: 3 });
    });
  }

  it("never throws, and gives no field that is empty", () => {
    const part = fc.oneof(fc.string(), fc.constantFrom("owner=", "expires=", `"`, "'", " ", "reason=", "*/"));
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const { line, ...fields } = parseIgnore(`# pinned-images: ignore ${parts.join("")}`, 1) ?? {
          line: 1,
        };
        assert.equal(line, 1);
        for (const value of Object.values(fields)) assert.notEqual(value.trim(), "");
      }),
    );
  });
});
