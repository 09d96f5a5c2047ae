import assert from "node:assert/strict";
import { homedir } from "node:os";
import { join } from "node:path";
import { describe, it } from "mocha";
import { clientOptions } from "../../cli/cache";
import { UsageError } from "../../cli/read-references";

describe("cli/cache", () => {
  const environment = { XDG_CACHE_HOME: "/there" };
  const folder = join("/there", "pulumi-pinned-images", "answers");

  it("keeps nothing unless it is asked to", () => {
    assert.deepEqual(clientOptions({}, environment), {});
    assert.deepEqual(clientOptions({ offline: false }, environment), {});
  });

  it("keeps no tags while offline unless it is asked to", () => {
    assert.deepEqual(clientOptions({ offline: true }, environment), {
      cache: { folder, tagTtl: 0 },
      offline: true,
    });
  });

  const times: readonly (readonly [string, number | undefined])[] = [
    ["0s", 0],
    ["90s", 90_000],
    ["10m", 600_000],
    ["12h", 43_200_000],
    ["7d", 604_800_000],
    ["", undefined],
    ["1", undefined],
    ["h", undefined],
    ["1.5h", undefined],
    ["-1h", undefined],
    ["1w", undefined],
    ["1h ", undefined],
    ["9999999s", undefined],
  ];
  for (const [cacheFor, tagTtl] of times) {
    it(`${tagTtl === undefined ? "refuses" : "reads"} ${JSON.stringify(cacheFor)}`, () => {
      const read = () => clientOptions({ cacheFor }, environment);
      if (tagTtl === undefined) assert.throws(read, UsageError);
      else assert.deepEqual(read(), { cache: { folder, tagTtl }, offline: false });
    });
  }

  for (const [name, value] of [
    ["missing", undefined],
    ["empty", ""],
    ["relative", "here"],
  ] as const) {
    it(`takes the user's own folder where XDG_CACHE_HOME is ${name}`, () => {
      const { cache } = clientOptions({ offline: true }, { XDG_CACHE_HOME: value });
      assert.equal(cache?.folder, join(homedir(), ".cache", "pulumi-pinned-images", "answers"));
    });
  }
});
