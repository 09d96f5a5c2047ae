import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import * as v from "valibot";
import { formatLock, parseLock, parseLockKey } from "../../lock";
import { anyLock } from "../lock/support/any-lock";
import { digestOf, entryWith } from "../lock/support/entries";
import { projectRoot } from "../support/paths";

const presetSchema = v.object({
  customManagers: v.tuple([
    v.object({
      managerFilePatterns: v.array(v.string()),
      matchStrings: v.tuple([v.string()]),
      autoReplaceStringTemplate: v.string(),
    }),
  ]),
});
const text = readFileSync(join(projectRoot, "renovate", "images-lock.json"), "utf8");
const [manager] = v.parse(presetSchema, JSON.parse(text)).customManagers;
const [matchString] = manager.matchStrings;

interface Found {
  /** What Renovate replaces. */
  readonly whole: string;
  readonly depName: string;
  readonly currentValue: string;
  readonly currentDigest: string;
}

/** As Renovate looks for dependencies: with the flags g and m. */
function dependenciesIn(lock: string): Found[] {
  return [...lock.matchAll(new RegExp(matchString, "gm"))].map(
    ([whole, depName = "", currentValue = "", currentDigest = ""]) => ({
      whole,
      depName,
      currentValue,
      currentDigest,
    }),
  );
}

/** As Renovate fills a template in: three braces, no escaping. */
function replaced(lock: string, found: Found, newDigest: string): string {
  const values: Readonly<Record<string, string>> = { ...found, newDigest };
  const filled = manager.autoReplaceStringTemplate.replace(
    /\{\{\{(\w+)\}\}\}/g,
    (_, key: string) => values[key] ?? assert.fail(key),
  );
  return lock.replace(found.whole, () => filled);
}

describe("renovate/images-lock.json", () => {
  it("has a pattern that RE2 takes: no looking around, no reference back", () => {
    assert.doesNotMatch(matchString, /\(\?(?:=|!|<=|<!)|\\[1-9]|\\k</);
  });

  it("finds every entry that is written, but those of a single platform, and nothing else", () => {
    fc.assert(
      fc.property(anyLock, (lock) => {
        const expected = [...lock.images]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .filter(([name]) => parseLockKey(name)?.platform === undefined)
          .map(([name, { digest }]) => [name, digest]);
        const found = dependenciesIn(formatLock(lock));
        assert.deepEqual(
          found.map(({ depName, currentValue, currentDigest }) => [
            `${depName}:${currentValue}`,
            currentDigest,
          ]),
          expected,
        );
      }),
    );
  });

  it("finds them with CRLF, too", () => {
    const lock = formatLock({ images: new Map([["localhost:5000/team/app:1.27", entryWith()]]) });
    const [found] = dependenciesIn(lock.replaceAll("\n", "\r\n"));
    assert.deepEqual([found?.depName, found?.currentValue], ["localhost:5000/team/app", "1.27"]);
  });

  // file, whether it is looked at
  const files: readonly (readonly [string, boolean])[] = [
    ["images.lock.json", true],
    ["apps/web/images.lock.json", true],
    ["images.production.lock.json", false],
    ["other-images.lock.json", false],
    ["images.lock.json.tmp", false],
  ];
  for (const [file, expected] of files) {
    it(`${expected ? "looks at" : "leaves alone"} ${file}`, () => {
      const patterns = manager.managerFilePatterns.map(
        (pattern) => new RegExp(pattern.replace(/^\/|\/$/g, "")),
      );
      assert.equal(
        patterns.some((pattern) => pattern.test(file)),
        expected,
      );
    });
  }

  it("writes nothing that is taken for a lock until refresh has written it, and shows Renovate the new digest", () => {
    fc.assert(
      fc.property(anyLock, (lock) => {
        const before = formatLock(lock);
        const [first] = dependenciesIn(before);
        fc.pre(first !== undefined);
        const after = replaced(before, first, digestOf("from the registry"));
        assert.equal(dependenciesIn(after)[0]?.currentDigest, digestOf("from the registry"));
        assert.throws(() => parseLock(after), {
          code: "invalid",
          message: /\.unfinished is no field of a lock$/,
        });
      }),
    );
  });
});
