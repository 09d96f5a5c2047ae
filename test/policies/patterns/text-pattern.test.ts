import assert from "node:assert/strict";
import fc from "fast-check";
import { parseSubjectPattern, parseTextPattern, PatternError } from "../../../policies/patterns";

type Case = readonly [pattern: string, matches: readonly string[], others: readonly string[]];

const texts: readonly Case[] = [
  ["refs/heads/main", ["refs/heads/main"], ["refs/heads/main2", "refs/heads/mai", ""]],
  ["refs/tags/*", ["refs/tags/v1", "refs/tags/pkg@1.2.3", "refs/tags/"], ["refs/heads/v1"]],
  [
    "https://github.com/acme/*",
    ["https://github.com/acme/api"],
    ["https://github.com/acmee/api", "http://github.com/acme/api", "x https://github.com/acme/api"],
  ],
];

const release = "https://github.com/acme/api/.github/workflows/release.yml";
const subjects: readonly Case[] = [
  ["*@acme.com", ["ann@acme.com"], ["ann@acme.com.example", "ann@x@acme.com", "acme.com"]],
  [`${release}@refs/tags/*`, [`${release}@refs/tags/v1`, `${release}@refs/tags/pkg@1.2.3`], [release]],
  // A branch may be called nearly anything, and whoever may push one must not pass for the main one.
  [
    "https://github.com/acme/*@refs/heads/main",
    [`${release}@refs/heads/main`],
    [
      `${release}@refs/heads/x@refs/heads/main`,
      "https://github.com/acme/api/.github/workflows/x.yml@refs/heads/@refs/heads/main",
      `${release}@refs/heads/main2`,
    ],
  ],
  [
    "https://github.com/acme/*/.github/workflows/release.yml@*",
    [`${release}@refs/heads/x@y`],
    [release.replace("acme", "acmee"), `${release}2@refs/heads/main`],
  ],
  // Without an "@" there is nothing to hold on to: all of the subject is meant.
  ["https://gitlab.acme.com/*", ["https://gitlab.acme.com/shop/api//ci.yml@refs/heads/main"], ["x"]],
];

const broken: readonly (readonly [pattern: string, problem: string])[] = [
  ["", "is empty"],
  ["*", "stands for everything; write what it has to be"],
  ["**", "stands for everything; write what it has to be"],
  ["x".repeat(2_001), "has 2001 characters; 2000 are allowed"],
];

for (const [parse, cases, refused] of [
  [parseTextPattern, texts, broken],
  [parseSubjectPattern, subjects, [...broken, ["*@*", "stands for everything; write what it has to be"]]],
] as const) {
  describe(parse.name, () => {
    for (const [pattern, matches, others] of cases) {
      it(`reads ${pattern}`, () => {
        const { text, matches: matcher } = parse(pattern);
        assert.equal(text, pattern);
        assert.deepEqual([...matches, ...others].filter(matcher), matches);
      });
    }

    for (const [pattern, problem] of refused) {
      it(`refuses ${JSON.stringify(pattern.slice(0, 40))}`, () => {
        assert.throws(() => parse(pattern), new PatternError(problem));
      });
    }

    it("fits what it was written like, and nothing else where it has no star", () => {
      const text = fc.stringMatching(/^[ab@/]{1,8}$/).filter((one) => !/^@+$/.test(one));
      fc.assert(
        fc.property(text, text, (pattern, other) => {
          assert.equal(parse(pattern).matches(other), pattern === other);
        }),
      );
    });
  });
}
