import assert from "node:assert/strict";
import { formatPlatform, parsePlatform, type Platform } from "../../images";

describe("platform", () => {
  const table: readonly (readonly [string, Platform])[] = [
    ["linux/amd64", { os: "linux", architecture: "amd64" }],
    ["linux/arm/v7", { os: "linux", architecture: "arm", variant: "v7" }],
    ["linux/arm64/v8", { os: "linux", architecture: "arm64", variant: "v8" }],
    ["windows/amd64", { os: "windows", architecture: "amd64" }],
    ["unknown/unknown", { os: "unknown", architecture: "unknown" }],
  ];
  for (const [text, platform] of table) {
    it(`${text} is read and written`, () => {
      assert.deepEqual(parsePlatform(text), platform);
      assert.equal(formatPlatform(platform), text);
    });
  }

  it("leaves out an empty variant, as some indexes carry it", () => {
    assert.equal(formatPlatform({ os: "linux", architecture: "amd64", variant: "" }), "linux/amd64");
  });

  const refused = [
    "",
    "linux",
    "linux/",
    "/amd64",
    "linux/amd64/",
    "linux/arm/v7/x",
    "Linux/amd64",
    "linux/amd64\n",
    " linux/amd64",
    "linux/*",
    `${"a".repeat(33)}/amd64`,
  ];
  for (const text of refused) {
    it(`${JSON.stringify(text)} is refused`, () => {
      assert.throws(() => parsePlatform(text), {
        name: "TypeError",
        message: `${JSON.stringify(text)} is no platform; write it like linux/amd64 or linux/arm/v7`,
      });
    });
  }
});
