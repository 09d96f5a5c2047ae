import * as v from "valibot";
import { MirrorConfigError } from "./mirror-config-error";
import { registryItself, type Place, type Places } from "./place";
import { parseToml } from "./toml";

const hostSchema = v.object({
  capabilities: v.optional(v.array(v.string())),
  override_path: v.optional(v.boolean(), false),
});
const schema = v.object({
  server: v.optional(v.string()),
  host: v.optional(v.record(v.string(), hostSchema), {}),
});

/**
 * Where containerd looks for a repository by the text of a hosts.toml
 * (https://github.com/containerd/containerd/blob/main/docs/hosts.md): `resolve` is the right to answer for tags, `pull` for digests.
 *
 * @throws MirrorConfigError
 */
export function parseHostsToml(text: string, registry: string, repository: string): Places {
  const parsed = v.safeParse(schema, parseToml(text));
  if (!parsed.success) {
    const path = parsed.issues[0].path?.map((item) => String(item.key)).join(".") ?? "the whole";
    throw new MirrorConfigError(`${path} has not the type it should have`);
  }
  const { server, host } = parsed.output;
  const mirrors = Object.entries(host).map(([url, { capabilities, override_path }]): Place => {
    const rights = capabilities ?? ["pull", "resolve"];
    const [tags, digests] = [rights.includes("resolve"), rights.includes("pull")];
    return {
      ...placeOf(url, override_path, repository),
      serves: tags && digests ? "all" : tags ? "tags" : digests ? "digests" : "none",
      namespace: registry,
    };
  });
  const upstream = registryItself(registry, repository);
  if (server === undefined || server === "") return { mirrors, upstream };
  const moved = placeOf(server, false, repository);
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
  overridePath: boolean,
  repository: string,
): Pick<Place, "registry" | "repository" | "insecure"> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw new MirrorConfigError("a host is no http or https URL");
  }
  if (url.username !== "" || url.password !== "")
    throw new MirrorConfigError("a host has user info in its URL");
  const place = { registry: url.host, insecure: url.protocol === "http:" };
  const path = url.pathname.replace(/\/+$/, "");
  if (path === "" || path === "/v2") return { ...place, repository };
  if (overridePath && path.startsWith("/v2/"))
    return { ...place, repository: `${path.slice(4)}/${repository}` };
  throw new MirrorConfigError(
    `${url.host} has a path that does not begin with /v2/ (or lacks override_path), which is not supported`,
  );
}
