import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { allPolicies } from "../../policies/all";
import { parseSettings } from "../../policies/settings";
import { configSchemaPath, renderConfigSchema } from "../../tools/readme";
import { projectRoot } from "../support/paths";
import { now } from "./support";

const folder = join(projectRoot, "presets");
const level = v.picklist(["mandatory", "advisory", "disabled", "remediate"]);
const preset = v.objectWithRest({ settings: v.record(v.string(), v.unknown()) }, level);
const policies = allPolicies.map(({ name }) => name);

function read(name: string): v.InferOutput<typeof preset> {
  return v.parse(preset, JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")));
}

describe("presets", () => {
  const names = readdirSync(folder).filter((file) => !file.includes(".schema."));
  assert.deepEqual(names.toSorted(), ["development.json", "production.json", "staging.json"]);

  for (const file of names) {
    it(`${file} names policies that there are, and valid settings`, () => {
      const { settings, ...levels } = read(file.replace(".json", ""));
      assert.deepEqual(
        Object.keys(levels).filter((name) => !policies.includes(name)),
        [],
      );
      assert.ok(parseSettings(settings, { policies, now }).ok);
    });
  }

  it("are no laxer the nearer to production", () => {
    const strictness = ["disabled", "advisory", "remediate", "mandatory"];
    const [development, staging, production] = ["development", "staging", "production"].map(read);
    for (const policy of Object.keys(production ?? {}).filter((name) => name !== "settings")) {
      const ranks = [development, staging, production].map((one) =>
        strictness.indexOf(String(one?.[policy])),
      );
      assert.deepEqual(ranks, ranks.toSorted(), policy);
    }
  });
});

describe("policy-pack-config.schema.json", () => {
  it("is what the code makes (npm run readme writes it)", () => {
    assert.equal(readFileSync(configSchemaPath, "utf8"), renderConfigSchema());
  });
});
