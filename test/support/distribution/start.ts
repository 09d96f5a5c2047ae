import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ensureTool } from "../../../tools";
import type { LoggedRequest } from "./access-log";
import { makeCertificate } from "./certificate";
import { writeRegistryConfig } from "./config";
import { createCrane } from "./crane";
import type { Crane } from "./crane";
import type { DistributionOptions } from "./options";
import { createPusher } from "./push";
import type { Pusher } from "./push";
import { startRegistryProcess } from "./registry-process";
import { createSigningKey } from "./signing-key";
import { startTokenServer } from "./token-server";
import type { TokenRequest } from "./token-server";

export interface DistributionRegistry {
  /** `localhost:PORT`, as it stands at the head of an image reference. */
  readonly host: string;
  /** The same with its scheme. */
  readonly url: string;
  /** The file of the certificate to trust, where there is TLS. */
  readonly certificate: string | undefined;
  /** A DOCKER_CONFIG folder that holds the credentials, where they are needed. */
  readonly dockerConfig: string;
  /** All that the registry was asked so far, from its own access log. */
  requests(): Promise<readonly LoggedRequest[]>;
  /** What the token server was asked. */
  readonly tokenRequests: readonly TokenRequest[];
  readonly crane: Crane;
  readonly push: Pusher;
  close(): Promise<void>;
}

/** Starts a real CNCF Distribution registry on a free loopback port, with its data in a temporary folder. */
export async function startDistribution(options: DistributionOptions = {}): Promise<DistributionRegistry> {
  const auth = options.auth ?? { kind: "none" };
  const executable = await ensureTool("registry");
  const folder = await mkdtemp(join(tmpdir(), "pinned-images-registry-"));
  const undo = [async () => rm(folder, { recursive: true, force: true, maxRetries: 3 })];
  const close = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const certificate = options.tls === true ? await makeCertificate(folder) : undefined;
    const key = createSigningKey();
    const credentialsRequired =
      auth.kind === "htpasswd" || (auth.kind === "token" && auth.credentials === "required");
    const tokens =
      auth.kind === "token" ? await startTokenServer(key, credentialsRequired, certificate) : undefined;
    if (tokens !== undefined) undo.push(async () => tokens.close());

    const config = await writeRegistryConfig(folder, { auth, certificate, key, realm: tokens?.realm });
    const registry = await startRegistryProcess(executable, config);
    undo.push(async () => registry.stop());

    const host = `localhost:${registry.port}`;
    const dockerConfig = join(folder, "docker");
    await mkdir(dockerConfig);
    const crane = await createCrane(dockerConfig, host, credentialsRequired, certificate?.certificate);
    return {
      host,
      url: `${certificate === undefined ? "http" : "https"}://${host}`,
      certificate: certificate?.certificate,
      dockerConfig,
      requests: async () => registry.requests(),
      tokenRequests: tokens?.requests ?? [],
      crane,
      push: await createPusher(folder, host, crane),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
