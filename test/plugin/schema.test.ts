import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "mocha";
import * as v from "valibot";
import { componentProvider, schemaPath } from "../../plugin/provider";
import { inferSchema } from "../../tools/plugin-schema";
import { createTestStack } from "../support/engine";
import { projectPlugin } from "../support/plugin";

const schemaText = readFileSync(schemaPath, "utf8");

const properties = v.record(v.string(), v.record(v.string(), v.unknown()));
const schemaOf = v.object({
  name: v.string(),
  version: v.string(),
  resources: v.record(
    v.string(),
    v.looseObject({
      isComponent: v.literal(true),
      inputProperties: properties,
      requiredInputs: v.array(v.string()),
      properties,
      required: v.array(v.string()),
    }),
  ),
});

describe("the schema of the component package", function () {
  this.timeout(120_000);

  it("is what the SDK infers from the sources (else: npm run schema)", async () => {
    assert.equal(schemaText, await inferSchema());
  });

  it("is what the provider serves, with its version", () => {
    const { schema, version } = componentProvider();
    assert.equal(schema, schemaText);
    assert.equal(version, v.parse(schemaOf, JSON.parse(schemaText)).version);
  });

  it("is taken by the engine, which starts the plugin for it", async () => {
    const stack = await createTestStack({ program: () => undefined, plugins: projectPlugin });
    try {
      const { code, stdout, stderr } = await stack.command("package", "get-schema", "pinned-images");
      assert.equal(code, 0, stderr);
      const served = v.parse(schemaOf, JSON.parse(stdout));
      // The engine says what is required, and therefore not what is optional.
      const ours: unknown = JSON.parse(schemaText, (key, value: unknown) =>
        key === "optional" ? undefined : value,
      );
      assert.deepEqual(served, v.parse(schemaOf, ours));
    } finally {
      await stack.dispose();
    }
  });
});
