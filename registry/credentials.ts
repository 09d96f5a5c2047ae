import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { askHelper, CredentialHelperError } from "./credential-helper";
import {
  configured,
  DockerConfigError,
  parseDockerConfig,
  pathsOf,
  type Credential,
  type DockerConfig,
} from "./docker-config";
import { RegistryError } from "./errors";
import { isMissingFile } from "./missing-file";
import type { RegistryClientOptions, RegistryCredential } from "./types";

/** What was found for a repository, and the places that were looked at, in order, up to the one that had it. */
export interface CredentialLookup {
  readonly credential: Credential;
  readonly lookedIn: readonly string[];
}

/** Finds the credential for a repository. Every file is read, and every helper asked, at most once. */
export interface CredentialStore {
  /** @throws RegistryError with the code `credentials` that names the file or the helper at fault. */
  lookup(registry: string, repository: string): Promise<CredentialLookup>;
}

type Settings = Pick<RegistryClientOptions, "credentials" | "environment" | "home" | "timeout">;

/** Milliseconds. Helpers of cloud vendors ask a metadata service, which may take its time. */
const helperTimeout = 20_000;
/** The share of a call's time that a helper may take, so that the call can still say whose fault it was. */
const helperShare = 2 / 3;

/** One place where a configuration may be. */
interface Place {
  readonly name: string;
  /** Its text; undefined when there is none. */
  readonly read: () => Promise<string | undefined>;
}

/**
 * Looks in: the options, DOCKER_AUTH_CONFIG (its content), REGISTRY_AUTH_FILE (a path), Docker's configuration, Podman's.
 * The first that has a credential for the repository wins.
 */
export function createCredentialStore(settings: Settings): CredentialStore {
  const environment = settings.environment ?? process.env;
  const timeout = Math.min(helperTimeout, Math.ceil((settings.timeout ?? Infinity) * helperShare));
  const places = placesOf(environment, settings.home ?? homedir());
  const configs = new Map<string, Promise<DockerConfig | undefined>>();
  const helpers = new Map<string, Promise<Credential>>();

  const once = <T>(known: Map<string, Promise<T>>, key: string, ask: () => Promise<T>): Promise<T> => {
    const answer = known.get(key) ?? ask();
    known.set(key, answer);
    return answer;
  };

  return {
    async lookup(registry, repository) {
      const lookedIn: string[] = [];
      const explicit = explicitCredential(settings.credentials ?? {}, registry, repository);
      if (settings.credentials !== undefined) lookedIn.push("the client's options");
      if (explicit !== undefined) return { credential: explicit, lookedIn };

      const fail = (who: string, what: string, fix: string): RegistryError =>
        new RegistryError({
          code: "credentials",
          registry,
          repository,
          outcome: `${who} ${what}`,
          lookedIn,
          fix,
        });

      for (const place of places) {
        try {
          const config = await once(configs, place.name, async () => {
            const text = await place.read();
            return text === undefined ? undefined : parseDockerConfig(text);
          });
          if (config === undefined) {
            lookedIn.push(`${place.name} (no such file)`);
            continue;
          }
          lookedIn.push(place.name);
          const found = configured(config, registry, repository);
          if (found.kind === "credential") return { credential: found.credential, lookedIn };
          if (found.kind === "none") continue;
          lookedIn.push(`docker-credential-${found.name.slice(0, 60)}`);
          const credential = await once(helpers, `${found.name} ${found.server}`, () =>
            askHelper(found.name, found.server, { environment, timeout }),
          );
          if (credential.kind !== "anonymous") return { credential, lookedIn };
        } catch (error) {
          if (error instanceof DockerConfigError) {
            throw fail(place.name, `cannot be read: ${error.message}`, `repair ${place.name}`);
          }
          if (error instanceof CredentialHelperError) {
            const helper = lookedIn.at(-1) ?? "the credential helper";
            const fix = `run it by hand (echo ${registry} | ${helper} get), or take it out of ${place.name}`;
            throw fail(`${helper}, named by ${place.name},`, error.message, fix);
          }
          const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
          throw fail(place.name, `cannot be read: ${code}`, `make ${place.name} readable`);
        }
      }
      return { credential: { kind: "anonymous" }, lookedIn };
    },
  };
}

function placesOf(environment: Readonly<Record<string, string | undefined>>, home: string): readonly Place[] {
  // A variable that is set to nothing counts as not set.
  const set = (name: string): string | undefined =>
    environment[name] === "" ? undefined : environment[name];
  const file = (path: string): Place => ({ name: path, read: () => readIfThere(path) });

  const content = set("DOCKER_AUTH_CONFIG");
  const authFile = set("REGISTRY_AUTH_FILE");
  const runtime = set("XDG_RUNTIME_DIR");
  return [
    ...(content === undefined
      ? []
      : [{ name: "DOCKER_AUTH_CONFIG", read: (): Promise<string> => Promise.resolve(content) }]),
    ...(authFile === undefined ? [] : [file(authFile)]),
    file(join(set("DOCKER_CONFIG") ?? join(home, ".docker"), "config.json")),
    ...(runtime === undefined ? [] : [file(join(runtime, "containers", "auth.json"))]),
    file(join(set("XDG_CONFIG_HOME") ?? join(home, ".config"), "containers", "auth.json")),
  ];
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isMissingFile(error)) {
      return undefined;
    }
    throw error;
  }
}

function explicitCredential(
  credentials: Readonly<Record<string, RegistryCredential>>,
  registry: string,
  repository: string,
): Credential | undefined {
  const given = new Map(Object.entries(credentials));
  for (const path of pathsOf(registry, repository)) {
    const found = given.get(path);
    if (found === undefined) continue;
    return "identityToken" in found
      ? { kind: "identity-token", username: "<token>", token: found.identityToken }
      : { kind: "basic", username: found.username, password: found.password };
  }
  return undefined;
}
