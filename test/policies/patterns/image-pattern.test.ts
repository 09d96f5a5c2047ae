import assert from "node:assert/strict";
import fc from "fast-check";
import { parseImageReference } from "../../../images";
import { parseImagePattern, parseRepositoryPattern, PatternError } from "../../../policies/patterns";

const digest = `sha256:${"a".repeat(64)}`;

const cases: readonly (readonly [pattern: string, matches: readonly string[], others: readonly string[]])[] =
  [
    [
      "nginx",
      [
        "nginx",
        "nginx:1",
        `nginx@${digest}`,
        "docker.io/library/nginx:2",
        "index.docker.io/nginx",
        "library/nginx",
      ],
      [
        "nginx.example.com/x",
        "ghcr.io/nginx",
        "acme/nginx",
        "nginx/nginx",
        "nginxx",
        "localhost/library/nginx",
      ],
    ],
    ["acme/*", ["acme/api", "docker.io/acme/web:1"], ["acme/a/b", "ghcr.io/acme/api", "acmee/api", "acme"]],
    [
      "ghcr.io/acme/**",
      ["ghcr.io/acme/a", "ghcr.io/acme/a/b:1"],
      ["ghcr.io/acme", "ghcr.io/acmee/a", "ghcr.io:443/acme/a"],
    ],
    ["ghcr.io/acme/*-api", ["ghcr.io/acme/shop-api"], ["ghcr.io/acme/shop-apis", "ghcr.io/acme/x/shop-api"]],
    ["ghcr.io/*/api", ["ghcr.io/acme/api"], ["ghcr.io/api", "ghcr.io/a/b/api"]],
    [
      "nginx:1.*",
      ["nginx:1.27", `nginx:1.27@${digest}`],
      ["nginx:2", "nginx", `nginx@${digest}`, "nginx:11"],
    ],
    ["nginx:latest", ["nginx", "nginx:latest"], [`nginx@${digest}`, "nginx:1"]],
    ["localhost:5000/a", ["localhost:5000/a:1"], ["localhost/a", "localhost:5001/a"]],
    ["GHCR.io/a", ["ghcr.io/a", "GHCR.IO/a"], ["ghcr.io/b"]],
    ["**", ["nginx", "acme/api"], ["ghcr.io/acme/api"]],
  ];

const broken: readonly (readonly [pattern: string, problem: RegExp])[] = [
  ["", /^is empty$/],
  [`nginx@${digest}`, /^has a digest;/],
  ["*.example.com/x", /^has a "\*" in its registry;/],
  ["ghcr.io/**/api", /^has "\*\*" before the end/],
  ["ghcr.io/a**", /^has "\*\*" in a part/],
  ["ghcr.io//a", /^has an empty part/],
  ["ghcr.io/", /^has an empty part/],
  ["ghcr.io/Acme", /^has upper case/],
  ["ghcr.io/a b", /^has a part in its path that no repository has/],
  ["nginx:", /^has a tag that no image has/],
  ["a".repeat(513), /^has 513 characters;/],
];

describe("parseImagePattern", () => {
  for (const [pattern, matches, others] of cases) {
    it(`reads ${pattern}`, () => {
      const parsed = parseImagePattern(pattern);
      const hits = [...matches, ...others].filter((text) => parsed.matches(parseImageReference(text)));
      assert.deepEqual(hits, matches);
    });
  }

  for (const [pattern, problem] of broken) {
    it(`refuses ${pattern.slice(0, 40)}`, () => {
      assert.throws(
        () => parseImagePattern(pattern),
        (error) => error instanceof PatternError && problem.test(error.message),
      );
    });
  }

  const part = fc.stringMatching(/^[a-z0-9*]{1,8}$/);
  const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
  const host = fc.constantFrom("ghcr.io", "nginx.example.com", "localhost:5000", "quay.io");

  it("never reaches over to another registry", () => {
    fc.assert(
      fc.property(
        path,
        host,
        fc.stringMatching(/^[a-z0-9]{1,8}(?:\/[a-z0-9]{1,8}){0,3}$/),
        (pattern, registry, repository) => {
          fc.pre(!pattern.includes("**"));
          const reference = parseImageReference(`${registry}/${repository}`);
          assert.equal(parseImagePattern(pattern).matches(reference), false);
          const elsewhere = parseImagePattern(`other.example/${pattern}`);
          assert.equal(elsewhere.matches(reference), false);
        },
      ),
    );
  });

  it("matches what it is made from", () => {
    fc.assert(
      fc.property(
        host,
        fc.stringMatching(/^[a-z0-9]{1,8}(?:\/[a-z0-9]{1,8}){0,3}$/),
        fc.nat(),
        (registry, repository, at) => {
          const index = at % repository.length;
          const starred =
            repository[index] === "/"
              ? repository
              : `${repository.slice(0, index)}*${repository.slice(index + 1)}`;
          const reference = parseImageReference(`${registry}/${repository}`);
          assert.ok(parseImagePattern(`${registry}/${repository}`).matches(reference));
          assert.ok(parseImagePattern(`${registry}/${starred}`).matches(reference));
        },
      ),
    );
  });
});

describe("parseRepositoryPattern", () => {
  for (const text of ["nginx", "ghcr.io/acme/**", "localhost:5000/team/*"]) {
    it(`reads ${text} as any pattern`, () => {
      assert.equal(parseRepositoryPattern(text).text, text);
    });
  }
  for (const text of ["nginx:1.*", "ghcr.io/acme/api:dev-*", "localhost:5000/team/a:*"]) {
    it(`refuses the tag in ${text}`, () => {
      assert.throws(() => parseRepositoryPattern(text), { name: "PatternError", message: /^has a tag;/ });
    });
  }
  it("refuses what no pattern is", () => {
    assert.throws(() => parseRepositoryPattern("a//b"), { message: "has an empty part in its path" });
  });
});
