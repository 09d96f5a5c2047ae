import type { Place } from "./found";
import type { ReferenceFields } from "./location";
import { isSecretBox, isUnknown, peek } from "./unknown";

/** A reference put together from its parts. */
export type FieldsRead =
  | { readonly kind: "reference"; readonly text: string; readonly place: Place }
  | { readonly kind: "unknown"; readonly field: string }
  | { readonly kind: "unreadable"; readonly field: string; readonly value: unknown }
  /** No part of an image is named here. */
  | { readonly kind: "none" };

/** The names of the fields that say which image it is, in the order in which their values are handed around. */
export function fieldNames(fields: ReferenceFields): readonly string[] {
  const { name, registry, tag, digest, host } = fields;
  return [name, registry, tag, digest, host?.field].filter((field) => field !== undefined);
}

/** The values of the fields, read without waking a proxy. */
export function fieldValues(object: object, fields: ReferenceFields): readonly unknown[] {
  return fieldNames(fields).map((field) => {
    const value = peek(object, field);
    return typeof value === "object" && value !== null && isSecretBox(value) ? value.value : value;
  });
}

/** The field that takes the digest; undefined when none does. */
export function digestField({ name, tag, digest }: ReferenceFields): string | undefined {
  return digest ?? (tag === undefined ? name : undefined);
}

/**
 * Puts a reference together: the digest wins over the tag, an empty field counts as none.
 *
 * @param path where the fields stand, for the place of the digest.
 */
export function readFields(
  values: readonly unknown[],
  fields: ReferenceFields,
  pathOf: (field: string) => string,
): FieldsRead {
  const given = new Map(fieldNames(fields).map((field, index) => [field, values[index]]));
  const texts = new Map<string, string>();
  for (const [field, value] of given) {
    if (value === undefined || value === null || value === "") continue;
    // A tag like 13 or 1.27 is a number to YAML and JSON, and "true" is neither.
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
      texts.set(field, String(value));
    else return { kind: "unreadable", field, value };
  }
  const at = (field: string | undefined): string | undefined =>
    field === undefined ? undefined : texts.get(field);

  const name = at(fields.name);
  const digest = at(fields.digest);
  const ignored = digest !== undefined && !isUnknown(digest) ? fields.tag : undefined;
  for (const [field, text] of texts) {
    if (isUnknown(text) && field !== ignored) return { kind: "unknown", field };
  }
  if (name === undefined) return { kind: "none" };

  const host = hostOf(fields, at);
  const named = host === "" ? name : `${host}/${name}`;
  const text = name.includes("@") ? named : `${named}${ending(fields, at(fields.tag), digest)}`;
  return { kind: "reference", text, place: placeOf(fields, at, host, name, pathOf) };
}

function ending({ bareHex }: ReferenceFields, tag: string | undefined, digest: string | undefined): string {
  if (digest === undefined) return tag === undefined ? "" : `:${tag}`;
  // The digest wins: whatever stands in the tag is then a note to the reader, which need not even be a tag.
  const note = tag !== undefined && /^\w[\w.-]{0,127}$/.test(tag) && !isUnknown(tag) ? `:${tag}` : "";
  const whole = bareHex === true && !digest.includes(":") ? `sha256:${digest}` : digest;
  return `${note}@${whole}`;
}

function hostOf(fields: ReferenceFields, at: (field: string | undefined) => string | undefined): string {
  const kind = at(fields.host?.field);
  const host = kind === undefined ? undefined : fields.host?.of[kind];
  const registry = at(fields.registry)
    ?.replace(/^https?:\/\//, "")
    .replace(/\/$/, "");
  return [host, registry].filter((part) => part !== undefined && part !== "").join("/");
}

function placeOf(
  fields: ReferenceFields,
  at: (field: string | undefined) => string | undefined,
  host: string,
  name: string,
  pathOf: (field: string) => string,
): Place {
  const kind = at(fields.host?.field);
  if (fields.host !== undefined && (kind === undefined || fields.host.of[kind] === undefined)) {
    return { as: "fixed", reason: fields.host.otherwise };
  }
  if (fields.digest !== undefined && !name.includes("@")) {
    const { tag, tagOrDigest, bareHex } = fields;
    const instead = tagOrDigest === true && tag !== undefined && at(tag) !== undefined;
    return {
      ...{ as: "digest", path: pathOf(fields.digest) },
      ...(bareHex === true ? { bareHex } : {}),
      ...(instead ? { insteadOf: pathOf(tag) } : {}),
    };
  }
  if (fields.tag !== undefined && !name.includes("@")) {
    return { as: "fixed", reason: `the tag stands in a field of its own, and there is none for a digest` };
  }
  return host === ""
    ? { as: "reference", path: pathOf(fields.name) }
    : { as: "reference", path: pathOf(fields.name), host };
}
