import { formatPlatform, ImageReferenceError } from "../images";
import { RegistryError, type Description, type Resolution } from "../registry";

/** What came of one reference. */
export type DigestAnswer =
  | { readonly reference: string; readonly found: Resolution | Description }
  | { readonly reference: string; readonly error: unknown };

/** A digest; with what is known of the image behind it, `name=value` each, where that was asked for. */
export function digestLine(found: Resolution | Description): string {
  if (!("platforms" in found)) return found.digest;
  const { digest, mediaType, size, platforms, annotations } = found;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["type", mediaType],
    ["size", String(size)],
    ["platforms", platforms.map(formatPlatform).join(",")],
    ["source", annotations.source],
    ["revision", annotations.revision],
    ["base", annotations.baseName],
    ["created", annotations.created],
  ];
  const words = facts.flatMap(([name, value]) =>
    value === undefined || value === "" ? [] : [`${name}=${word(value)}`],
  );
  return [digest, ...words].join(" ");
}

/** Quoted where it would not be one word otherwise. */
function word(value: string): string {
  return /[\s"'=\\]/.test(value) ? JSON.stringify(value) : value;
}

/** 2 for a reference that is none, 3 for one that got no answer. */
export function errorExitCode(error: unknown): 2 | 3 {
  return error instanceof ImageReferenceError ? 2 : 3;
}

/** An answer as JSON. Stable: tools read it. */
export function digestJson(answer: DigestAnswer): object {
  const { reference } = answer;
  if ("error" in answer) return { reference, error: errorJson(answer.error) };
  const { digest, mediaType, registry } = answer.found;
  const plain = { reference, digest, mediaType, registry };
  if (!("platforms" in answer.found)) return plain;
  const { size, platforms, annotations } = answer.found;
  return { ...plain, size, platforms: platforms.map(formatPlatform), annotations };
}

function errorJson(error: unknown): object {
  const message = error instanceof Error ? error.message : "unknown error";
  if (error instanceof ImageReferenceError) return { code: error.code, message };
  if (error instanceof RegistryError) return { code: error.code, message, fix: error.fix };
  return { code: "internal", message };
}
