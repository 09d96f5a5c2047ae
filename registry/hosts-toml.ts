import { resolve } from "node:path";
import * as v from "valibot";
import { MirrorConfigError } from "./mirror-config-error";
import { registryItself, type Place, type Places } from "./place";
import { parseToml } from "./toml";

const certificateEntries = {
  ca: v.optional(v.union([v.string(), v.array(v.string())]), []),
  client: v.optional(
    v.union([v.string(), v.array(v.union([v.string(), v.tuple([v.string(), v.string()])]))]),
    [],
  ),
};
const hostSchema = v.object({
  capabilities: v.optional(v.array(v.string())),
  override_path: v.optional(v.boolean(), false),
  ...certificateEntries,
});
const schema = v.object({
  server: v.optional(v.string()),
  override_path: v.optional(v.boolean(), false),
  host: v.optional(v.record(v.string(), hostSchema), {}),
  ...certificateEntries,
});

type HostConfig = Pick<v.InferOutput<typeof hostSchema>, "override_path" | "ca" | "client">;

/**
 * Where containerd looks for a repository by the text of a hosts.toml
 * (https://github.com/containerd/containerd/blob/main/docs/hosts.md): `resolve` is the right to answer for tags, `pull` for digests.
 * `skip_verify` is not followed: what nobody has proven to be the registry must not choose what is deployed.
 *
 * @param folder Where the file lies: its paths may be relative to that.
 * @throws MirrorConfigError
 */
export function parseHostsToml(text: string, folder: string, registry: string, repository: string): Places {
  const parsed = v.safeParse(schema, parseToml(text));
  if (!parsed.success) {
    const path = parsed.issues[0].path?.map((item) => String(item.key)).join(".") ?? "the whole";
    throw new MirrorConfigError(`${path} has not the type it should have`);
  }
  const { server, host, ...rest } = parsed.output;
  const mirrors = Object.entries(host).map(([url, { capabilities, ...config }]): Place => {
    const rights = capabilities ?? ["pull", "resolve"];
    const [tags, digests] = [rights.includes("resolve"), rights.includes("pull")];
    return {
      ...placeOf(url, config, folder, repository),
      serves: tags && digests ? "all" : tags ? "tags" : digests ? "digests" : "none",
      namespace: registry,
    };
  });
  const upstream = registryItself(registry, repository);
  if (server === undefined || server === "") {
    return { mirrors, upstream: { ...upstream, ...certificatesOf(rest, folder) } };
  }
  const moved = placeOf(server, rest, folder, repository);
  // Docker Hub's own API host is what its name stands for anyway; its credentials are kept under that name.
  return {
    mirrors,
    upstream: isDockerHub(moved.registry) && registry === "docker.io" ? upstream : { ...upstream, ...moved },
  };
}

function isDockerHub(host: string): boolean {
  return host === "registry-1.docker.io" || host === "docker.io";
}

function placeOf(
  text: string,
  config: HostConfig,
  folder: string,
  repository: string,
): Omit<Place, "serves" | "namespace"> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw new MirrorConfigError("a host is no http or https URL");
  }
  if (url.username !== "" || url.password !== "")
    throw new MirrorConfigError("a host has user info in its URL");
  const path = url.pathname.replace(/\/+$/, "");
  return {
    registry: url.host,
    insecure: url.protocol === "http:",
    ...certificatesOf(config, folder),
    ...rooted(path, config.override_path, repository),
  };
}

/** Below `/v2/` it is the repository that begins elsewhere, and tokens are for that; anywhere else it is the API. */
function rooted(path: string, overridePath: boolean, repository: string): Pick<Place, "repository" | "root"> {
  const root = overridePath || path.endsWith("/v2") ? path : `${path}/v2`;
  if (root === "/v2") return { repository };
  if (root.startsWith("/v2/") && overridePath) return { repository: `${root.slice(4)}/${repository}` };
  return { repository, root };
}

function certificatesOf({ ca, client }: HostConfig, folder: string): Pick<Place, "certificates"> {
  const files = (typeof ca === "string" ? [ca] : ca).map((file) => resolve(folder, file));
  const pairs = (typeof client === "string" ? [client] : client).map((entry) => {
    const [cert, key] = typeof entry === "string" ? [entry, ""] : entry;
    // One file may hold both.
    return [resolve(folder, cert), resolve(folder, key === "" ? cert : key)] as const;
  });
  return files.length + pairs.length === 0 ? {} : { certificates: { ca: files, client: pairs } };
}
