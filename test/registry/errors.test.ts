import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, it } from "mocha";
import { RegistryError } from "../../registry/errors";
import { cleanText } from "../../registry/text";

describe("registry/errors", () => {
  it("reads as half a sentence, with a fix by its cause", () => {
    const error = new RegistryError({
      code: "not-found",
      registry: "ghcr.io",
      repository: "acme/api",
      request: "HEAD /v2/acme/api/manifests/2.3 on ghcr.io",
      outcome: "answered 404 MANIFEST_UNKNOWN",
      status: 404,
    });
    assert.equal(error.message, "HEAD /v2/acme/api/manifests/2.3 on ghcr.io answered 404 MANIFEST_UNKNOWN");
    assert.match(error.fix, /^the tag or digest does not exist in acme\/api/);
    assert.deepEqual(error.lookedIn, []);
  });

  for (const file of ["errors", "types", "index"]) {
    it(`${file} can be loaded without undici`, () => {
      const path = JSON.stringify(join(__dirname, "..", "..", "registry", file));
      const script = `require(${path}); process.stdout.write(String(Object.keys(require.cache).some((k) => k.includes("undici"))))`;
      assert.equal(execFileSync(process.execPath, ["-e", script], { encoding: "utf8" }), "false");
    });
  }
});

describe("registry/text", () => {
  const cases: readonly [string, string][] = [
    ["plain", "plain"],
    ["\u001b[31mred\u001b[0m", "[31mred [0m"],
    ["line\r\nforged: line", "line forged: line"],
    ["right\u202eleft", "right left"],
    ["x".repeat(500), `${"x".repeat(120)}…`],
    ["😀".repeat(200), `${"😀".repeat(120)}…`],
  ];
  for (const [text, expected] of cases) {
    it(`cleans ${JSON.stringify(text.slice(0, 24))}`, () => {
      assert.equal(cleanText(text), expected);
    });
  }
});
