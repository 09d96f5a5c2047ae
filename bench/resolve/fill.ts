import { createHash } from "node:crypto";
import type { SigningKey } from "../../test/support/distribution/signing-key";
import { tokenIssuer, tokenService } from "../../test/support/distribution/token-server";

const manifestType = "application/vnd.oci.image.manifest.v1+json";
const configType = "application/vnd.oci.image.config.v1+json";
const config = Buffer.from(`{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}`);

/** One image by its tag, and the digest that everybody has to find for it. */
export interface FilledTag {
  /** `r0/app:t17`. */
  readonly path: string;
  readonly digest: string;
}

/** Pushes so many tags, each to an image of its own, dealt out to so many repositories. */
export async function fill(
  origin: string,
  key: SigningKey,
  tags: number,
  repositories: number,
): Promise<FilledTag[]> {
  const names = Array.from({ length: repositories }, (_, n) => `r${n}/app`);
  const headers = { authorization: `Bearer ${pushToken(key, names)}` };
  for (const name of names) await pushBlob(`${origin}/v2/${name}`, headers);

  const filled: FilledTag[] = [];
  for (let n = 0; n < tags; n++) {
    const name = `r${n % repositories}/app`;
    const body = JSON.stringify({
      schemaVersion: 2,
      mediaType: manifestType,
      config: { mediaType: configType, digest: sha256(config), size: config.length },
      layers: [],
      annotations: { "org.example.number": String(n) },
    });
    const url = `${origin}/v2/${name}/manifests/t${n}`;
    await expect(201, url, { method: "PUT", body, headers: { ...headers, "content-type": manifestType } });
    filled.push({ path: `${name}:t${n}`, digest: sha256(body) });
  }
  return filled;
}

async function pushBlob(repository: string, headers: Readonly<Record<string, string>>): Promise<void> {
  const begun = await expect(202, `${repository}/blobs/uploads/`, { method: "POST", headers });
  const target = new URL(begun.headers.get("location") ?? "", repository);
  target.searchParams.set("digest", sha256(config));
  const type = { "content-type": "application/octet-stream" };
  await expect(201, target.href, { method: "PUT", body: config, headers: { ...headers, ...type } });
}

async function expect(status: number, url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  await response.arrayBuffer();
  if (response.status !== status) throw new Error(`${url} answered ${response.status}, not ${status}.`);
  return response;
}

function pushToken(key: SigningKey, names: readonly string[]): string {
  const now = Math.floor(Date.now() / 1000);
  return key.sign({
    iss: tokenIssuer,
    sub: "bench",
    aud: tokenService,
    iat: now,
    nbf: now - 10,
    exp: now + 3600,
    jti: "bench",
    access: names.map((name) => ({ type: "repository", name, actions: ["pull", "push"] })),
  });
}

function sha256(bytes: string | Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
