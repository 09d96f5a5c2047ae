import { join } from "node:path";
import type { RegistryClientOptions } from "../registry";
import { cacheHome } from "../registry/cache-home";
import { UsageError } from "./read-references";

export interface CacheOptions {
  /** How old the answer for a tag may be: `90s`, `10m`, `12h`, `7d`. */
  readonly cacheFor?: string;
  /** Answers from the cache alone. */
  readonly offline?: boolean;
}

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/**
 * Where the client keeps answers between runs: nowhere, unless one of the options asks for it.
 *
 * @throws UsageError when the time is none.
 */
export function clientOptions(
  { cacheFor, offline = false }: CacheOptions,
  environment: Readonly<Record<string, string | undefined>>,
): Pick<RegistryClientOptions, "cache" | "offline"> {
  if (cacheFor === undefined && !offline) return {};
  const folder = join(cacheHome(environment), "answers");
  return { cache: { folder, tagTtl: cacheFor === undefined ? 0 : parseDuration(cacheFor) }, offline };
}

/** In milliseconds. */
function parseDuration(text: string): number {
  const [, count = "", unit = ""] = /^([0-9]{1,6})([smhd])$/.exec(text) ?? [];
  const seconds = units[unit];
  if (seconds === undefined) {
    throw new UsageError(
      `--cache-for takes a number with s, m, h or d behind it, such as 12h; it got "${text}"`,
    );
  }
  return Number(count) * seconds * 1000;
}
