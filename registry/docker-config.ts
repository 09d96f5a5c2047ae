import * as v from "valibot";

/** A credential, however it was found. */
export type Credential =
  | { readonly kind: "anonymous" }
  | { readonly kind: "basic"; readonly username: string; readonly password: string }
  /** Exchanged for an access token at the token service (OAuth 2 refresh token). */
  | { readonly kind: "identity-token"; readonly username: string; readonly token: string }
  /** Sent to the registry as it is. */
  | { readonly kind: "registry-token"; readonly token: string };

/** What a configuration file says about one registry. */
export type ConfiguredCredential =
  | { readonly kind: "credential"; readonly credential: Credential }
  | { readonly kind: "helper"; readonly name: string; readonly server: string }
  | { readonly kind: "none" };

const entrySchema = v.object({
  auth: v.optional(v.string()),
  username: v.optional(v.string()),
  password: v.optional(v.string()),
  identitytoken: v.optional(v.string()),
  registrytoken: v.optional(v.string()),
});

const configSchema = v.pipe(
  // valibot takes a list for an object; as one without credentials, it would be passed over in silence.
  v.custom((value) => !Array.isArray(value)),
  v.object({
    auths: v.optional(v.record(v.string(), v.nullable(entrySchema))),
    credHelpers: v.optional(v.record(v.string(), v.string())),
    credsStore: v.optional(v.string()),
  }),
);

/** The parts of a Docker `config.json` (or Podman `auth.json`) that are about credentials. */
export type DockerConfig = v.InferOutput<typeof configSchema>;

/** What is wrong with a configuration, without a word of its contents: they may be secrets. */
export class DockerConfigError extends Error {}

/** Docker Hub's key in every configuration, kept from the days of the first registry API. */
export const dockerHubKey = "https://index.docker.io/v1/";
const dockerHubHosts: readonly string[] = ["docker.io", "index.docker.io", "registry-1.docker.io"];

/**
 * Reads a Docker configuration.
 *
 * @throws DockerConfigError that names the place, never the value: the parsers' own messages quote what they read.
 */
export function parseDockerConfig(text: string): DockerConfig {
  const parsed = v.safeParse(configSchema, parseJson(text));
  if (parsed.success) return parsed.output;
  // The path stops at the fixed names; a registry's name below them is not secret, and helps.
  const path = parsed.issues[0].path?.map((item) => String(item.key)).join(".") ?? "the whole";
  throw new DockerConfigError(`${path} has not the type it should have`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new DockerConfigError("it is not valid JSON");
  }
}

/**
 * What a configuration says for a repository. A helper replaces what the file itself holds (Docker's rule); keys may be
 * paths within a registry, and the longest that fits wins (containers-auth.json(5)).
 *
 * @throws DockerConfigError when the entry for the registry cannot be read.
 */
export function configured(config: DockerConfig, registry: string, repository: string): ConfiguredCredential {
  const hosts = registry === "docker.io" ? dockerHubHosts : [registry];
  const server = registry === "docker.io" ? dockerHubKey : registry;

  for (const [key, name] of Object.entries(config.credHelpers ?? {})) {
    if (name !== "" && hosts.includes(keyPath(key))) return { kind: "helper", name, server };
  }
  if (config.credsStore !== undefined && config.credsStore !== "") {
    return { kind: "helper", name: config.credsStore, server };
  }

  const paths = hosts.flatMap((host) => pathsOf(host, repository)).sort((a, b) => b.length - a.length);
  const byPath = new Map(
    Object.entries(config.auths ?? {}).map(([key, entry]) => [keyPath(key), { key, entry }]),
  );
  for (const path of paths) {
    const found = byPath.get(path);
    const credential = found?.entry ? credentialOf(found.key, found.entry) : undefined;
    if (credential !== undefined) return { kind: "credential", credential };
  }
  return { kind: "none" };
}

/** `host/a/b`, `host/a`, `host`. */
export function pathsOf(host: string, repository: string): readonly string[] {
  const parts = repository.split("/");
  return [...parts.map((_, n) => [host, ...parts.slice(0, parts.length - n)].join("/")), host];
}

/** A key as path: Docker writes some as URLs, and some with the version of the API behind them. */
function keyPath(key: string): string {
  const url = /^https?:\/\/([^/]*)/.exec(key);
  if (url?.[1] !== undefined) return url[1];
  return key.replace(/\/(?:v[12]\/?)?$/, "");
}

function credentialOf(key: string, entry: v.InferOutput<typeof entrySchema>): Credential | undefined {
  const { username, password } = entry.auth ? decodeAuth(key, entry.auth) : entry;
  if (entry.identitytoken) {
    return { kind: "identity-token", username: username ?? "<token>", token: entry.identitytoken };
  }
  if (entry.registrytoken) return { kind: "registry-token", token: entry.registrytoken };
  if (username && password !== undefined) return { kind: "basic", username, password };
  return undefined;
}

function decodeAuth(key: string, auth: string): { username: string; password: string } {
  const text = Buffer.from(auth, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon < 1) {
    throw new DockerConfigError(
      `"auth" of ${JSON.stringify(key.slice(0, 100))} is not base64 of user:password`,
    );
  }
  // Docker pads what it writes with NUL.
  return { username: text.slice(0, colon), password: text.slice(colon + 1).replace(/\0+$/, "") };
}
