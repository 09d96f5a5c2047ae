import { imageState, parseDigest, type ImageState } from "../images";
import { changeAt, merge, withChange, type Change } from "./change";
import { digestField, fieldNames, fieldValues, readFields } from "./fields";
import { placedText, type FoundImage, type Place } from "./found";
import type { ReferenceFields } from "./location";
import type { ImageLeaf, Node } from "./node";
import { pathTo } from "./property-path";
import { isSecretBox, peek } from "./unknown";
import { foundAt, report, reportWrong, type Visitor } from "./visitor";

/** Shows a visitor the image that a text names. */
export function visitText(
  visitor: Visitor,
  text: string,
  leaf: ImageLeaf,
  node: Node,
  path: string,
  place?: Place,
): Change | undefined {
  if (leaf.except?.some((start) => text.startsWith(start)) === true) return undefined;
  const state = imageState(text);
  if (node.advice === true && !mayBeImage(state)) return undefined;
  const where: Place | undefined = leaf.fixed === undefined ? place : { as: "fixed", ...leaf.fixed };
  return placed(visitor, foundAt(path, state, node, where), text);
}

/** Shows a visitor the image that the fields of an object name together. */
export function visitFields(
  visitor: Visitor,
  object: object,
  { fields, form, takesLocalIds }: ImageLeaf,
  node: Node,
  path: string,
): Change | undefined {
  if (fields === undefined) return undefined;
  const field = digestField(fields);
  const values = fieldValues(object, fields);
  const old = field === undefined ? undefined : peek(object, field);
  const named: Node = { ...node, image: { form, takesLocalIds } };
  const put = (known: readonly unknown[]): Change | undefined =>
    visitJoined(visitor, known, fields, named, path, old);
  let change: Change | undefined;
  if (!values.some((part) => visitor.isLater(part))) change = put(values);
  else if (field !== undefined) {
    const index = fieldNames(fields).indexOf(field);
    const then = (known: unknown): unknown => {
      const parts: readonly unknown[] = Array.isArray(known) ? known : [];
      return withChange(parts[index], put(parts));
    };
    change = { replace: visitor.later(values, then) };
  }
  if (change === undefined || field === undefined) return undefined;
  const emptied = fields.tagOrDigest === true ? emptiedTag(visitor, object, fields, change) : undefined;
  return merge(fieldChange(object, field, change), emptied);
}

/** The change of a field, within its box where it is secret. */
function fieldChange(object: object, field: string, change: Change): Change {
  const old = peek(object, field);
  const boxed = typeof old === "object" && old !== null && isSecretBox(old);
  return changeAt(field, boxed ? changeAt("value", change) : change);
}

/** Empties the tag where a digest came that was not there. */
function emptiedTag(
  visitor: Visitor,
  object: object,
  fields: ReferenceFields,
  digest: Change,
): Change | undefined {
  const { tag } = fields;
  if (tag === undefined || !("replace" in digest) || peek(object, tag) === undefined) return undefined;
  const given = new Map(fieldNames(fields).map((name, at) => [name, fieldValues(object, fields)[at]]));
  const values = [digest.replace, given.get(fields.digest ?? ""), given.get(tag)];
  const empty = (known: unknown): unknown => {
    const parts: readonly unknown[] = Array.isArray(known) ? known : [];
    const [now, before, text] = parts;
    return isFilled(now) && !isFilled(before) ? "" : text;
  };
  const isLater = values.some((value) => visitor.isLater(value));
  return fieldChange(object, tag, { replace: isLater ? visitor.later(values, empty) : empty(values) });
}

function isFilled(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

function visitJoined(
  visitor: Visitor,
  values: readonly unknown[],
  fields: ReferenceFields,
  node: Node,
  path: string,
  old: unknown,
): Change | undefined {
  const read = readFields(values, fields, (field) => pathTo(path, field));
  switch (read.kind) {
    case "none":
      return undefined;
    case "unknown":
      return report(visitor, pathTo(path, read.field), { kind: "unknown" }, node);
    case "unreadable":
      return reportWrong(visitor, pathTo(path, read.field), read.value, "text", node);
    case "reference": {
      // An object with a repository is the image itself; otherwise the image is a field of a larger thing.
      const where = fields.name === "repository" && path !== "" ? path : pathTo(path, fields.name);
      const state = imageState(read.text);
      const place = fields.tagElsewhere === true && state.kind === "untagged" ? tagElsewhere : read.place;
      return placed(visitor, foundAt(where, state, node, place), old);
    }
  }
}

const tagElsewhere: Place = {
  as: "fixed",
  reason: "has no tag here, so that a default counts which stands elsewhere",
  fix: "write the tag that is meant beside it, and run this again",
};

/** The change that puts the visitor's digest where this image takes it. */
function placed(visitor: Visitor, found: FoundImage, old: unknown): Change | undefined {
  const digest = visitor.image(found);
  if (digest === undefined) return undefined;
  const put = (known: unknown): unknown => {
    const text = typeof known === "string" ? placedText(found, parseDigest(known)) : undefined;
    return text ?? old;
  };
  if (visitor.isLater(digest)) return { replace: visitor.later(digest, put) };
  const text = put(digest);
  return text === old ? undefined : { replace: text };
}

/** Whether a text whose name promises an image holds one: `true`, `12` and `/srv/base.img` do not. */
function mayBeImage(state: ImageState): boolean {
  if (state.kind === "malformed") return state.error.inDigest;
  return state.kind !== "untagged" || !/^(?:true|false|none|yes|no|on|off|\d+)$/.test(state.text);
}
