import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Certificate } from "./certificate";
import { testUser } from "./options";
import type { RegistryAuth } from "./options";
import type { SigningKey } from "./signing-key";
import { tokenIssuer, tokenService } from "./token-server";

export interface ConfigParts {
  readonly auth: RegistryAuth;
  readonly certificate: Certificate | undefined;
  readonly key: SigningKey;
  readonly realm: string | undefined;
}

/** Writes the registry's configuration and what it points to; JSON, because every JSON text is YAML. */
export async function writeRegistryConfig(folder: string, parts: ConfigParts): Promise<string> {
  const { certificate } = parts;
  const path = join(folder, "config.json");
  const config = {
    version: "0.1",
    log: { level: "info", accesslog: { disabled: false } },
    storage: { filesystem: { rootdirectory: join(folder, "data") }, delete: { enabled: true } },
    http: {
      addr: "127.0.0.1:0",
      ...(certificate === undefined
        ? {}
        : { tls: { certificate: certificate.certificate, key: certificate.key } }),
    },
    ...(await authSection(folder, parts)),
  };
  await writeFile(path, JSON.stringify(config, undefined, 2));
  return path;
}

async function authSection(
  folder: string,
  { auth, key, realm }: ConfigParts,
): Promise<Record<string, unknown>> {
  switch (auth.kind) {
    case "none":
      return {};
    case "htpasswd": {
      const path = join(folder, "htpasswd");
      await writeFile(path, `${testUser.username}:${testUser.bcrypt}\n`);
      return { auth: { htpasswd: { realm: "test", path } } };
    }
    case "token": {
      const jwks = join(folder, "keys.json");
      await writeFile(jwks, key.keySet);
      return { auth: { token: { realm, service: tokenService, issuer: tokenIssuer, jwks } } };
    }
  }
}
