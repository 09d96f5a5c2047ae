import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, it } from "mocha";
import { fixes } from "../../signatures/error";
import {
  play,
  renderSignatureErrors,
  signatureErrorsPath,
  type FailedCase,
} from "../../tools/signature-errors";
import { failingCases } from "./failing-cases";
import { createTrust, type Trust } from "./world";

// With SIGNATURE_CASES set it prints the table, and so do the tests that count requests.
describe("signatures/error", function () {
  this.timeout(60_000);
  let trust: Trust;
  const rows: FailedCase[] = [];

  before(async () => {
    trust = await createTrust();
  });

  for (const each of failingCases) {
    it(`${each.code}: ${each.name}`, async () => {
      const row = await play(each, trust);
      rows.push(row);
      assert.equal(row.code, each.code, row.problem);
      assert.match(row.problem, /^(?:is|has|was|cannot) [^\p{Cc}\p{Cf}]+[^.]$/u);
      assert.notEqual(row.fix, "");
    });
  }

  it("has a case for every code", () => {
    const played = new Set<string>(failingCases.map(({ code }) => code));
    assert.deepEqual(
      Object.keys(fixes).filter((code) => !played.has(code)),
      [],
    );
  });

  it("says the same in docs/signature-errors.md (npm run readme writes it)", async () => {
    assert.equal(rows.length, failingCases.length);
    assert.equal(await readFile(signatureErrorsPath, "utf8"), await renderSignatureErrors(rows));
  });

  after(() => {
    if (process.env["SIGNATURE_CASES"] === undefined) return;
    const lines = rows.map(
      ({ code, name, problem }) => `${code.padEnd(22)} ${name}\n${" ".repeat(23)}${problem}`,
    );
    console.log(`\n${lines.join("\n")}\n\n${rows.length} cases`);
  });
});
