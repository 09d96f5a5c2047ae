import { posix } from "node:path";
import type { SourceContext } from "./source";
import { fieldOf, isObject } from "./values";
import { yamlDocuments } from "./yaml-documents";

/** How far `extends` is followed. */
const maxExtends = 16;

/** Whether a service is built, by itself or through what it extends: its `image` names the result then. */
export function isBuilt(
  service: object,
  file: unknown,
  context: SourceContext,
  folder = ".",
  depth = 0,
): boolean {
  if (isObject(fieldOf(service, "build")) || typeof fieldOf(service, "build") === "string") return true;
  const base = fieldOf(service, "extends");
  const name = typeof base === "string" ? base : fieldOf(base, "service");
  const path = fieldOf(base, "file");
  if (typeof name !== "string" || depth >= maxExtends) return false;
  const [there, beside] =
    typeof path === "string" ? [posix.join(folder, path), undefined] : [undefined, file];
  const other = there === undefined ? beside : otherFile(context, there);
  const extended = fieldOf(fieldOf(other, "services"), name);
  return (
    isObject(extended) &&
    isBuilt(extended, other, context, there === undefined ? folder : posix.dirname(there), depth + 1)
  );
}

function otherFile(context: SourceContext, path: string): unknown {
  const text = context.beside(path);
  if (text === undefined) return undefined;
  const [document] = Array.from(yamlDocuments(text)).slice(0, 1);
  return document !== undefined && "value" in document ? document.value : undefined;
}
