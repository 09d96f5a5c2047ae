import assert from "node:assert/strict";
import fc from "fast-check";
import { allPolicies } from "../../../policies/all";
import { parseSettings } from "../../../policies/settings";
import { now, settingsOf } from "../support";

const policies = allPolicies.map(({ name }) => name);

function problems(given: unknown): string[] {
  const result = parseSettings(given, { policies, now });
  return result.ok ? [] : result.problems.map(({ path, problem, fix }) => `${path} ${problem}; ${fix}`);
}

const noSuch = "there is no setting of this name";
const correct = "correct the value in the configuration that the policies are given";

const invalid: readonly (readonly [given: unknown, ...expected: (string | RegExp)[]])[] = [
  ["strict", `settings is "strict" where Object was expected; ${correct}`],
  [{ onUnknwon: "advise" }, `settings.onUnknwon ${noSuch}; did you mean "onUnknown"?`],
  [
    { color: [] },
    `settings.color ${noSuch}; the names are environments, trustStackTags, exceptions, registries, onUnknown, suggestDigests, tag, platforms, lock, signatures`,
  ],
  [
    { onUnknown: "ignore" },
    `settings.onUnknown is "ignore" where ("advise" | "refuse") was expected; ${correct}`,
  ],
  [{ suggestDigests: "yes" }, `settings.suggestDigests is "yes" where boolean was expected; ${correct}`],
  [{ [`o${"x".repeat(5000)}`]: 1 }, /^settings\.ox{59}… there is no setting of this name; the names are /],
  [
    { onUnknown: 1, b: 2, trustStackTags: 3 },
    /^settings\.trustStackTags is 3 /,
    /^settings\.onUnknown is 1 /,
    /^settings\.b /,
  ],
  [
    { environments: [{ name: "development", stack: ["dev"] }] },
    `settings.environments[0].stack ${noSuch}; did you mean "stacks"?`,
  ],
  [
    { environments: [{ name: "development", levels: { "image-pined-by-digest": "off" } }] },
    `settings.environments[0].levels.image-pined-by-digest ${noSuch}; did you mean "image-pinned-by-digest"?`,
  ],
  [
    { environments: [{ name: "development", levels: { "image-tag-stated": "warn" } }] },
    `settings.environments[0].levels.image-tag-stated is "warn" where ("enforce" | "advise" | "off") was expected; ${correct}`,
  ],
  [{ environments: [{ stacks: ["dev"] }] }, "settings.environments[0].name is missing; state the name"],
  [
    { environments: [{ name: "Dev" }] },
    `settings.environments[0].name "Dev" is no name; write it like production; ${correct}`,
  ],
  [
    { environments: { development: {} } },
    `settings.environments is Object where Array was expected; ${correct}`,
  ],
  [
    { environments: [{ name: "a" }, { name: "b" }, { name: "a" }] },
    `settings.environments[2].name "a" is there twice; keep one`,
  ],
  [
    { environments: [{ name: "a", stacks: ["a/b/c/d"] }] },
    `settings.environments[0].stacks[0] "a/b/c/d" has more than three parts; write stack, project/stack or organization/project/stack; ${correct}`,
  ],
  [
    { registries: ["ghcr.io", "acme"] },
    `settings.registries[1] "acme" names no registry; write "docker.io/acme" for Docker Hub; ${correct}`,
  ],
  [
    { platforms: ["amd64"] },
    `settings.platforms[0] "amd64" is no platform; write it like linux/amd64 or linux/arm/v7; ${correct}`,
  ],
];

describe("parseSettings", () => {
  it("takes what is left out from the strictest settings", () => {
    assert.deepEqual(settingsOf({}), {
      environments: [{ name: "production", stacks: [], levels: {} }],
      trustStackTags: false,
      exceptions: [],
      refusedExceptions: [],
      registries: [],
      onUnknown: "refuse",
      suggestDigests: true,
      tag: "tag-and-digest",
      platforms: [],
      lock: { maxAgeDays: 90 },
      signatures: { root: { tuf: {} }, rules: [] },
    });
    assert.deepEqual(settingsOf({ onUnknown: "advise" }), { ...settingsOf({}), onUnknown: "advise" });
  });

  it("leaves production where the list has it, and puts it first where it has not", () => {
    const names = (...listed: string[]) =>
      settingsOf({ environments: listed.map((name) => ({ name })) }).environments.map(({ name }) => name);
    assert.deepEqual(names("pci", "production", "development"), ["pci", "production", "development"]);
    assert.deepEqual(names("staging", "development"), ["production", "staging", "development"]);
  });

  for (const [given, ...expected] of invalid) {
    it(`refuses ${JSON.stringify(given).slice(0, 80)}`, () => {
      const found = problems(given);
      assert.equal(found.length, expected.length, found.join("\n"));
      for (const [index, line] of expected.entries()) {
        if (typeof line === "string") assert.equal(found[index], line);
        else assert.match(found[index] ?? "", line);
      }
    });
  }

  it("never throws, whatever it is given", () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom("environments", "exceptions", "registries", "tag", "signatures"),
        (value, name) => {
          parseSettings(value, { policies, now });
          parseSettings({ [name]: value }, { policies, now });
          parseSettings({ [name]: [value] }, { policies, now });
          parseSettings({ signatures: { rules: [value], root: value } }, { policies, now });
        },
      ),
    );
  });
});
