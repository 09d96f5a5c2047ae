import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
  const { registry: executable, tags, repositories, delay } = parseOrder(text);
  const folder = await mkdtemp(join(tmpdir(), "pinned-images-bench-"));
  const key = createSigningKey();
  const tokens = await startTokenServer(key, true);
  const tokenProxy = await startLatencyProxy(Number(new URL(tokens.realm).port), delay);
  const realm = `http://localhost:${tokenProxy.port}/token`;
  const auth = { kind: "token", credentials: "required" } as const;
  const config = await writeRegistryConfig(folder, { auth, certificate: undefined, key, realm });
  const registry = await startRegistryProcess(executable, config);
  const proxy = await startLatencyProxy(registry.port, delay);
  const filled = await fill(`http://127.0.0.1:${registry.port}`, key, tags, repositories);

  const host = `localhost:${proxy.port}`;
  const dockerConfig = join(folder, "docker");
  const login = Buffer.from(`${testUser.username}:${testUser.password}`).toString("base64");
  await mkdir(dockerConfig);
  await writeFile(join(dockerConfig, "config.json"), JSON.stringify({ auths: { [host]: { auth: login } } }));

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
  report({ kind: "ready", host, dockerConfig, filled });
}

void main(process.argv[2] ?? "");
