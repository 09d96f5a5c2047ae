import * as v from "valibot";
import { MirrorConfigError } from "./mirror-config-error";
import type { Place, Places } from "./place";
import { parseToml } from "./toml";

const mirrorSchema = v.object({
  location: v.string(),
  insecure: v.optional(v.boolean(), false),
  "pull-from-mirror": v.optional(v.picklist(["all", "digest-only", "tag-only"])),
});
const registrySchema = v.object({
  prefix: v.optional(v.string()),
  location: v.optional(v.string()),
  insecure: v.optional(v.boolean(), false),
  blocked: v.optional(v.boolean(), false),
  "mirror-by-digest-only": v.optional(v.boolean(), false),
  mirror: v.optional(v.array(mirrorSchema), []),
});
const schema = v.object({ registry: v.optional(v.array(registrySchema), []) });

/** One `[[registry]]` of a registries.conf; `prefix` is what it applies to. */
export type RegistriesConfEntry = v.InferOutput<typeof registrySchema> & { readonly prefix: string };
export type RegistriesConf = readonly RegistriesConfEntry[];

/**
 * Reads a registries.conf of version 2 (containers-registries.conf(5)).
 *
 * @throws MirrorConfigError
 */
export function parseRegistriesConf(text: string): RegistriesConf {
  const parsed = v.safeParse(schema, parseToml(text));
  if (!parsed.success) {
    const path = parsed.issues[0].path?.map((item) => String(item.key)).join(".") ?? "the whole";
    throw new MirrorConfigError(`${path} has not the type or value it should have`);
  }
  return parsed.output.registry.map((entry) => {
    const prefix = entry.prefix ?? entry.location;
    if (prefix === undefined || prefix === "")
      throw new MirrorConfigError("a registry has neither prefix nor location");
    return { ...entry, prefix };
  });
}

/**
 * Where a repository's images are by a registries.conf: the longest prefix that fits decides. Undefined when none does.
 *
 * @throws MirrorConfigError when it is blocked.
 */
export function placesFrom(conf: RegistriesConf, registry: string, repository: string): Places | undefined {
  const name = `${registry}/${repository}`;
  const best = conf
    .map((entry) => ({ entry, matched: matchedLength(entry.prefix, registry, name) }))
    .filter(({ matched }) => matched > 0)
    .sort((a, b) => b.entry.prefix.length - a.entry.prefix.length)[0];
  if (best === undefined) return undefined;
  const { entry, matched } = best;
  if (entry.blocked) throw new MirrorConfigError(`registries.conf blocks ${entry.prefix}`);

  const rest = name.slice(matched);
  const mirrors = entry.mirror.map((mirror): Place => {
    const from = mirror["pull-from-mirror"] ?? (entry["mirror-by-digest-only"] ? "digest-only" : "all");
    const serves = from === "digest-only" ? "digests" : from === "tag-only" ? "tags" : "all";
    return { ...split(mirror.location + rest), insecure: mirror.insecure, serves };
  });
  // A wildcard has no place of its own to move to.
  const moved = entry.location === undefined || entry.prefix.startsWith("*.") ? name : entry.location + rest;
  return { mirrors, upstream: { ...split(moved), insecure: entry.insecure, serves: "all" } };
}

/** How much of the name a prefix covers: whole path components, a host, or the host that a `*.` stands for. */
function matchedLength(prefix: string, registry: string, name: string): number {
  if (prefix.startsWith("*.")) return registry.endsWith(prefix.slice(1)) ? registry.length : 0;
  return name === prefix || name.startsWith(`${prefix}/`) ? prefix.length : 0;
}

function split(name: string): Pick<Place, "registry" | "repository"> {
  const slash = name.indexOf("/");
  if (slash <= 0 || slash === name.length - 1)
    throw new MirrorConfigError("a location is no host with a path");
  return { registry: name.slice(0, slash), repository: name.slice(slash + 1) };
}
