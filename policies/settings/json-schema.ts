import * as v from "valibot";
import { entriesOf, isOptional, itemOf, unwrap } from "./walk";
import { settingsSchema } from "./schema";

/** The part of JSON Schema that the settings need, which is also all that the engine understands. */
export interface JsonSchema {
  readonly type: "object" | "array" | "string" | "boolean" | "integer";
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false;
}

/**
 * The whole file that `--policy-pack-config` takes, for editors and for checks in CI. It refuses names of policies that there
 * are not, which the engine passes over in silence.
 */
export function packConfigJsonSchema(
  policies: readonly { readonly name: string; readonly description: string }[],
): object {
  const level = { enum: ["advisory", "mandatory", "remediate", "disabled"] };
  const withLevel = { type: "object", properties: { enforcementLevel: level }, additionalProperties: false };
  const entries = new Map(
    policies.map(({ name, description }) => [name, { description, anyOf: [level, withLevel] }]),
  );
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "configuration of the policy pack pulumi-pinned-images",
    type: "object",
    properties: {
      all: { description: "The level of every policy.", anyOf: [level, withLevel] },
      settings: {
        description: "What all policies share.",
        ...jsonSchemaOf(settingsSchema(policies.map(({ name }) => name))),
      },
      ...Object.fromEntries(entries),
    },
    additionalProperties: false,
  };
}

/**
 * The settings for the engine: their names and kinds. What lies deeper is left to our own parser, whose messages name the
 * nearest setting. No defaults: the engine would fill them in, over those of a pack of one's own.
 */
export function settingsConfigSchema(policies: readonly string[]) {
  const { properties = {} } = jsonSchemaOf(settingsSchema(policies));
  return {
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, { type, description = "" }]) => [name, { type, description }]),
    ),
  };
}

function jsonSchemaOf(schema: v.GenericSchema): JsonSchema {
  const inner = unwrap(schema);
  const description = v.getDescription(schema) ?? v.getDescription(inner);
  const described = description === undefined ? {} : { description };
  const item = itemOf(schema);
  if (item !== undefined) return { type: "array", ...described, items: jsonSchemaOf(item) };
  const entries = entriesOf(schema);
  if (entries !== undefined) {
    const required = [...entries].filter(([, entry]) => !isOptional(entry)).map(([name]) => name);
    return {
      type: "object",
      ...described,
      properties: Object.fromEntries([...entries].map(([name, entry]) => [name, jsonSchemaOf(entry)])),
      ...(required.length === 0 ? {} : { required }),
      additionalProperties: false,
    };
  }
  if (inner.type === "boolean") return { type: "boolean", ...described };
  if (inner.type === "number") return { type: "integer", ...described };
  const options =
    "options" in inner && Array.isArray(inner.options) ? { enum: inner.options.map(String) } : {};
  return { type: "string", ...described, ...options };
}
