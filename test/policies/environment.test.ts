import assert from "node:assert/strict";
import { environmentOf, stackNameOf } from "../../policies/environment";
import { settingsOf } from "./support";

const environments = [
  { name: "pci", stacks: ["bank/*"] },
  { name: "production", stacks: ["prod*", "acme/*/live"] },
  { name: "staging", stacks: ["stag*", "dev-shared"] },
  { name: "development", stacks: ["dev*", "pr-*"] },
];

const cases: readonly (readonly [
  stack: string,
  tag: string | undefined,
  environment: string,
  trusted?: string,
])[] = [
  ["acme/shop/dev-anna", undefined, "development"],
  ["acme/shop/prod-eu", undefined, "production"],
  ["acme/shop/live", undefined, "production"],
  ["other/shop/live", undefined, "production"],
  ["acme/shop/whatever", undefined, "production"],
  ["acme/bank/dev", undefined, "pci"],
  // Several patterns: the strictest.
  ["acme/shop/dev-shared", undefined, "staging"],
  // The tag makes it stricter, and laxer only where it is trusted.
  ["acme/shop/dev-anna", "staging", "staging", "staging"],
  ["acme/shop/dev-anna", "production", "production", "production"],
  ["acme/shop/prod-eu", "development", "production", "development"],
  ["acme/bank/dev", "production", "pci", "production"],
  // A tag that names no environment means production.
  ["acme/shop/dev-anna", "prodution", "production", "production"],
  ["acme/shop/dev-anna", "", "production", "production"],
];

describe("environmentOf", () => {
  for (const [stack, tag, expected, trusted = expected] of cases) {
    it(`${stack}${tag === undefined ? "" : ` tagged "${tag}"`} is ${expected}`, () => {
      const [organization = "", project = "", name = ""] = stack.split("/");
      for (const [trustStackTags, environment] of [
        [false, expected],
        [true, trusted],
      ] as const) {
        const settings = settingsOf({ environments, trustStackTags });
        assert.equal(environmentOf({ organization, project, stack: name }, tag, settings).name, environment);
      }
    });
  }

  it("treats every stack as production when nothing is said", () => {
    const name = { organization: "acme", project: "shop", stack: "dev" };
    assert.equal(environmentOf(name, undefined, settingsOf({})).name, "production");
  });
});

describe("stackNameOf", () => {
  it("reads URNs", () => {
    assert.deepEqual(stackNameOf("urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev", "acme"), {
      organization: "acme",
      project: "shop",
      stack: "dev",
    });
  });
});
