import type * as v from "valibot";

/** The schema of a list's items; undefined for what is no list. */
export function itemOf(schema: v.GenericSchema): v.GenericSchema | undefined {
  const inner = unwrap(schema);
  return "item" in inner && isSchema(inner.item) ? inner.item : undefined;
}

/** The schemas of an object's properties; undefined for what is no object. */
export function entriesOf(schema: v.GenericSchema): ReadonlyMap<string, v.GenericSchema> | undefined {
  const inner = unwrap(schema);
  if (!("entries" in inner) || typeof inner.entries !== "object" || inner.entries === null) return undefined;
  const entries: readonly (readonly [string, unknown])[] = Object.entries(inner.entries);
  return new Map(entries.flatMap(([name, entry]) => (isSchema(entry) ? [[name, entry] as const] : [])));
}

export function isOptional(schema: v.GenericSchema): boolean {
  return schema.type === "optional";
}

/** What stands inside an optional schema. */
export function unwrap(schema: v.GenericSchema): v.GenericSchema {
  return "wrapped" in schema && isSchema(schema.wrapped) ? unwrap(schema.wrapped) : schema;
}

function isSchema(value: unknown): value is v.GenericSchema {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "schema";
}
