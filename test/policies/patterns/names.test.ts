import assert from "node:assert/strict";
import { parseImageReference } from "../../../images";
import {
  parseRegistryPattern,
  parseStackPattern,
  parseUrnPattern,
  PatternError,
} from "../../../policies/patterns";

function refuses(parse: (text: string) => unknown, text: string): void {
  it(`refuses ${text}`, () => {
    assert.throws(() => parse(text), PatternError);
  });
}

describe("parseRegistryPattern", () => {
  const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ["ghcr.io", ["ghcr.io/a", "ghcr.io/a/b:1"], ["nginx", "ghcr.io.example.com/a", "quay.io/ghcr.io/a"]],
    [
      "ghcr.io/acme",
      ["ghcr.io/acme", "ghcr.io/acme/api", "ghcr.io/acme/a/b"],
      ["ghcr.io/acmee/api", "ghcr.io/x/acme/a"],
    ],
    ["docker.io/library", ["nginx", "docker.io/library/nginx"], ["acme/nginx"]],
    ["registry.acme.io/team-*", ["registry.acme.io/team-a/x"], ["registry.acme.io/teams/x"]],
    ["index.docker.io/acme/**", ["acme/api"], ["acmee/api"]],
    ["localhost:5000", ["localhost:5000/a"], ["localhost:5001/a"]],
  ];
  for (const [text, matches, others] of cases) {
    it(`reads ${text}`, () => {
      const pattern = parseRegistryPattern(text);
      assert.deepEqual(
        [...matches, ...others].filter((reference) => pattern.matches(parseImageReference(reference))),
        matches,
      );
    });
  }
  for (const text of ["acme", "library/nginx", "*.io", "ghcr.io/", "ghcr.io/A", "**", ""])
    refuses(parseRegistryPattern, text);
});

describe("parseStackPattern", () => {
  const shop = { organization: "acme", project: "shop", stack: "prod-eu" };
  const cases: readonly (readonly [string, boolean])[] = [
    ["prod-eu", true],
    ["prod*", true],
    ["*", true],
    ["shop/prod-*", true],
    ["acme/*/prod-*", true],
    ["prod", false],
    ["*/prod", false],
    ["bank/prod-*", false],
    ["other/shop/prod-eu", false],
  ];
  for (const [text, expected] of cases) {
    it(`${text} ${expected ? "is" : "is not"} acme/shop/prod-eu`, () => {
      assert.equal(parseStackPattern(text).matches(shop), expected);
    });
  }
  for (const text of ["", "a//b", "a/b/c/d", "prod eu", "prod?"]) refuses(parseStackPattern, text);
});

describe("parseUrnPattern", () => {
  const urn = "urn:pulumi:prod::shop::kubernetes:apps/v1:Deployment::traefik";
  const cases: readonly (readonly [string, boolean])[] = [
    [urn, true],
    ["*::traefik", true],
    ["urn:pulumi:prod::*", true],
    ["*::kubernetes:apps/v1:Deployment::*", true],
    ["*", true],
    ["*::trae", false],
    ["urn:pulumi:dev::*", false],
  ];
  for (const [text, expected] of cases) {
    it(`${text} ${expected ? "matches" : "does not match"}`, () => {
      assert.equal(parseUrnPattern(text).matches(urn), expected);
    });
  }
  for (const text of ["traefik", "", "urn:traefik", `*${"x".repeat(2000)}`]) refuses(parseUrnPattern, text);
});
