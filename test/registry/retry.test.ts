import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { isPassingStatus, parseRetryAfter } from "../../registry/retry";

const now = Date.parse("2026-11-21T10:00:00Z");

describe("registry/retry", () => {
  const headers: readonly [string | undefined, number | undefined][] = [
    [undefined, undefined],
    ["", undefined],
    ["0", 0],
    [" 60 ", 60_000],
    ["-1", undefined],
    ["1e3", undefined],
    ["9".repeat(400), 1e12],
    ["Sat, 21 Nov 2026 10:00:30 GMT", 30_000],
    ["Sat, 21 Nov 2026 09:00:00 GMT", 0],
    ["soon", undefined],
    ["2026", 2_026_000],
  ];
  for (const [header, expected] of headers) {
    it(`reads Retry-After ${JSON.stringify(header)}`, () => {
      assert.equal(parseRetryAfter(header, now), expected);
    });
  }

  it("tries again after what may pass", () => {
    const statuses = [200, 304, 400, 401, 404, 408, 429, 500, 501, 502, 503, 504, 505];
    assert.deepEqual(statuses.filter(isPassingStatus), [408, 429, 500, 502, 503, 504]);
  });
});
