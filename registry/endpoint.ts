import { isLoopbackHost } from "./address";
import { RegistryError } from "./errors";

/** Docker Hub's references say docker.io; its registry answers elsewhere. */
const dockerHub = "registry-1.docker.io";

/** Where the API of a registry is. */
export interface Endpoint {
  /** The registry as references name it. */
  readonly registry: string;
  readonly origin: URL;
  /** Where it is if it turns out to speak TLS. */
  readonly overTls?: URL;
}

/**
 * The API of a registry. Plain http only for this machine, and for those in `insecure` by name: anything else would let
 * whoever sits on the wire choose the digest. This machine's own speaks TLS where it has been given certificates, and may turn out
 * to speak it anyway.
 *
 * @throws RegistryError for a host that the grammar of references allows and the Internet does not: port 99999.
 */
export function endpointOf(
  registry: string,
  repository: string,
  insecure: readonly string[],
  hasCertificates = false,
): Endpoint {
  const host = registry === "docker.io" ? dockerHub : registry;
  if (!URL.canParse(`https://${host}`)) {
    const outcome = `${registry} is no host that can be connected to`;
    throw new RegistryError({
      code: "unreachable",
      registry,
      repository,
      outcome,
      fix: "check the host and its port",
    });
  }
  const overTls = new URL(`https://${host}`);
  const plain = new URL(`http://${host}`);
  if (insecure.includes(registry)) return { registry, origin: plain };
  if (isLoopbackHost(overTls.hostname) && !hasCertificates) return { registry, origin: plain, overTls };
  return { registry, origin: overTls };
}
