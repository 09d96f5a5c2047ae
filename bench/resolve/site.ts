import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeCertificate, type Certificate } from "../../test/support/distribution/certificate";
import { writeRegistryConfig } from "../../test/support/distribution/config";
import { testUser } from "../../test/support/distribution/options";
import { startRegistryProcess } from "../../test/support/distribution/registry-process";
import { createSigningKey } from "../../test/support/distribution/signing-key";
import { startTokenServer } from "../../test/support/distribution/token-server";
import { fill } from "./fill";
import { startLatencyProxy } from "./latency-proxy";
import { parseOrder, type SiteReport } from "./site-messages";

/**
 * A process of its own that holds a registry with token authentication, filled, and its token service, both behind a
 * latency: what it costs must not be counted as the client's.
 */
async function main(text: string): Promise<void> {
  const { registry: executable, tags, repositories, delay, tls } = parseOrder(text);
  const folder = await mkdtemp(join(tmpdir(), "pinned-images-bench-"));
  const key = createSigningKey();
  const certificate = tls ? await makeCertificate(folder) : undefined;
  const tokens = await startTokenServer(key, true, certificate);
  const tokenProxy = await startLatencyProxy(Number(new URL(tokens.realm).port), delay);
  const realm = tokens.realm.replace(/:\d+/, `:${tokenProxy.port}`);
  const auth = { kind: "token", credentials: "required" } as const;
  const config = { auth, key, realm };

  // Filled without TLS: the registry that is measured begins with an empty log and the other's data.
  const plain = await writeRegistryConfig(folder, { ...config, certificate: undefined });
  const filling = await startRegistryProcess(executable, plain);
  const filled = await fill(`http://127.0.0.1:${filling.port}`, key, tags, repositories);
  await filling.stop();

  const registry = await startRegistryProcess(
    executable,
    await writeRegistryConfig(folder, { ...config, certificate }),
  );
  const proxy = await startLatencyProxy(registry.port, delay);
  const host = `localhost:${proxy.port}`;
  const environment = await writeEnvironment(folder, host, certificate);

  const report = (message: SiteReport): void => {
    process.send?.(message);
  };
  process.on("message", (message) => {
    if (message !== "count") return;
    void registry.requests().then(({ length }) => {
      report({ kind: "counts", registry: length, tokens: tokens.requests.length });
    });
  });
  process.once("disconnect", () => {
    void (async () => {
      await registry.stop();
      await Promise.all([proxy.close(), tokenProxy.close(), tokens.close()]);
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    })();
  });
  report({ kind: "ready", host, tls, environment, filled });
}

/**
 * A home folder with the credentials, and the certificate where Go and Node.js look for it. The empty folder in Docker's place
 * says that a registry on this machine speaks TLS.
 */
async function writeEnvironment(
  folder: string,
  host: string,
  certificate: Certificate | undefined,
): Promise<Record<string, string>> {
  const home = join(folder, "home");
  const docker = join(home, ".docker");
  const login = Buffer.from(`${testUser.username}:${testUser.password}`).toString("base64");
  await mkdir(docker, { recursive: true });
  await writeFile(join(docker, "config.json"), JSON.stringify({ auths: { [host]: { auth: login } } }));
  const environment = { HOME: home, DOCKER_CONFIG: docker, REGCTL_CONFIG: join(docker, "regctl.json") };
  if (certificate === undefined) return environment;
  await mkdir(join(home, ".config", "docker", "certs.d", host), { recursive: true });
  const { certificate: file } = certificate;
  return { ...environment, SSL_CERT_FILE: file, NODE_EXTRA_CA_CERTS: file };
}

void main(process.argv[2] ?? "");
