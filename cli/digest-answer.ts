import { formatPlatform } from "../images";
import type { Description, Resolution } from "../registry";
import { failureJson } from "./failure";

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

/** An answer as JSON. Stable: tools read it. */
export function digestJson(answer: DigestAnswer): object {
  const { reference } = answer;
  if ("error" in answer) return { reference, error: failureJson(answer.error) };
  const { digest, mediaType, registry } = answer.found;
  const plain = { reference, digest, mediaType, registry };
  if (!("platforms" in answer.found)) return plain;
  const { size, platforms, annotations } = answer.found;
  return { ...plain, size, platforms: platforms.map(formatPlatform), annotations };
}
