import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import type { RegistryClientOptions } from "./types";

type Settings = Pick<RegistryClientOptions, "mirrors" | "dockerDaemonFiles" | "home">;

const daemonSchema = v.object({ "registry-mirrors": v.optional(v.array(v.string())) });

/** More would cost more time than a mirror saves. */
const maxMirrors = 4;

/**
 * Where the images of a registry may be had besides, in the order of asking. Docker's `registry-mirrors` are for docker.io
 * alone (https://docs.docker.com/docker-hub/image-library/mirror/). Read at most once, and only when mirrors are asked for.
 */
export function createMirrors(settings: Settings): (registry: string) => readonly URL[] {
  if (settings.mirrors !== "digests") return () => [];
  const home = settings.home ?? homedir();
  const files = settings.dockerDaemonFiles ?? [
    join(home, ".config", "docker", "daemon.json"),
    join(home, ".docker", "daemon.json"),
    "/etc/docker/daemon.json",
  ];
  let known: readonly URL[] | undefined;
  return (registry) => {
    if (registry !== "docker.io") return [];
    known ??= files.flatMap(mirrorsIn).slice(0, maxMirrors);
    return known;
  };
}

/** A file that is missing or unreadable names no mirror: mirrors are a help, and upstream is there. */
function mirrorsIn(path: string): readonly URL[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return [];
  }
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), daemonSchema), text);
  const mirrors = parsed.success ? (parsed.output["registry-mirrors"] ?? []) : [];
  return mirrors
    .filter((mirror) => URL.canParse(mirror))
    .map((mirror) => new URL(mirror))
    .filter(isMirror);
}

/** Docker's rules for a mirror: a host and nothing behind it, and no user info. */
function isMirror(url: URL): boolean {
  return (
    /^https?:$/.test(url.protocol) &&
    url.pathname === "/" &&
    url.search === "" &&
    url.hash === "" &&
    url.username === "" &&
    url.password === ""
  );
}
