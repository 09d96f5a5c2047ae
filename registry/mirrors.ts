import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseDaemonMirrors } from "./docker-daemon";
import { parseHostsToml } from "./hosts-toml";
import { MirrorConfigError } from "./mirror-config-error";
import { isMissingFile } from "./missing-file";
import { registryItself, type Places } from "./place";
import { parseRegistriesConf, placesFrom, type RegistriesConf } from "./registries-conf";
import type { RegistryClientOptions } from "./types";

/** Looks up where a repository's images are. @throws MirrorConfigError */
export type PlaceLookup = (registry: string, repository: string) => Places;

/**
 * The mirrors that this machine's container tools are told of, read when they are first asked for. What one source says of a
 * registry settles it; the others are not asked: Podman's registries.conf, containerd's hosts.toml, Docker's daemon.json.
 */
export function createPlaceLookup(options: RegistryClientOptions): PlaceLookup {
  const known = new Map<string, Places>();
  const sources = [registriesConf(options), hostsToml(options), dockerDaemon(options)];
  return (registry, repository) => {
    const key = `${registry}/${repository}`;
    let places = known.get(key);
    if (places === undefined) {
      places = { mirrors: [], upstream: registryItself(registry, repository) };
      for (const source of sources) {
        const found = source(registry, repository);
        if (found === undefined) continue;
        places = found;
        break;
      }
      known.set(key, places);
    }
    return places;
  };
}

type Source = (registry: string, repository: string) => Places | undefined;

function systemFolder(options: RegistryClientOptions): string {
  return options.systemConfig ?? "/etc";
}

/** containers-registries.conf(5): one file, the user's before the system's, and the drop-ins beside it in their order. */
function registriesConf(options: RegistryClientOptions): Source {
  let read: RegistriesConf | undefined;
  return (registry, repository) => {
    read ??= readRegistriesConf(options);
    return placesFrom(read, registry, repository);
  };
}

function readRegistriesConf({
  environment = process.env,
  home,
  ...options
}: RegistryClientOptions): RegistriesConf {
  const named = environment["CONTAINERS_REGISTRIES_CONF"];
  const user = home ?? environment["HOME"];
  const folders = [
    ...(user === undefined || user === "" ? [] : [join(user, ".config", "containers")]),
    join(systemFolder(options), "containers"),
  ];
  const files =
    named !== undefined && named !== ""
      ? [named]
      : folders
          .map((folder) => join(folder, "registries.conf"))
          .filter((file) => readText(file) !== undefined)
          .slice(0, 1);
  const dropIns = [...folders].reverse().flatMap((folder) => dropInsOf(join(folder, "registries.conf.d")));
  // A later file's entry for the same prefix replaces an earlier one's.
  const entries = new Map(
    [...files, ...dropIns].flatMap((file) =>
      parseFile(file, parseRegistriesConf).map((entry) => [entry.prefix, entry] as const),
    ),
  );
  return [...entries.values()];
}

function dropInsOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".conf"))
      .sort()
      .map((name) => join(folder, name));
  } catch (error) {
    if (isMissingFile(error)) return [];
    throw new MirrorConfigError(`${folder} cannot be read`, { cause: error });
  }
}

/** https://github.com/containerd/containerd/blob/main/docs/hosts.md: a folder for each registry, `_default` for the rest. */
function hostsToml(options: RegistryClientOptions): Source {
  const folder = join(systemFolder(options), "containerd", "certs.d");
  return (registry, repository) => {
    // A colon cannot stand in every file system, so containerd also looks for host_port_.
    const names = [registry, registry.replace(/:(\d+)$/, "_$1_"), "_default"];
    for (const name of new Set(names)) {
      const file = join(folder, name, "hosts.toml");
      if (readText(file) !== undefined)
        return parseFile(file, (text) => parseHostsToml(text, dirname(file), registry, repository));
    }
    return undefined;
  };
}

/** https://docs.docker.com/docker-hub/image-library/mirror/: Docker mirrors Docker Hub and nothing else. */
function dockerDaemon(options: RegistryClientOptions): Source {
  const file = join(systemFolder(options), "docker", "daemon.json");
  return (registry, repository) => {
    if (registry !== "docker.io" || readText(file) === undefined) return undefined;
    const mirrors = parseFile(file, parseDaemonMirrors).map((mirror) => ({ ...mirror, repository }));
    return { mirrors, upstream: registryItself(registry, repository) };
  };
}

function parseFile<T>(file: string, parse: (text: string) => T): T {
  try {
    return parse(readText(file) ?? "");
  } catch (error) {
    if (!(error instanceof MirrorConfigError)) throw error;
    throw new MirrorConfigError(`${file}: ${error.message}`, { cause: error.cause });
  }
}

/** A file's text; undefined when there is no such file. */
function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (isMissingFile(error)) return undefined;
    throw new MirrorConfigError(`${file} cannot be read`, { cause: error });
  }
}
