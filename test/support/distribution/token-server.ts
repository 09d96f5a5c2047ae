import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";

import { testUser } from "./options";
import type { SigningKey } from "./signing-key";

export const tokenService = "pinned-images-test-registry";
export const tokenIssuer = "pinned-images-test-issuer";
const lifetimeSeconds = 300;

export interface TokenServer {
  /** Says localhost, since crane takes plain http from nowhere else. */
  readonly realm: string;
  /** How many tokens were asked for, refused ones included. */
  readonly requests: readonly TokenRequest[];
  close(): Promise<void>;
}

export interface TokenRequest {
  readonly scopes: readonly string[];
  readonly status: number;
}

/** The realm of a registry with token authentication: https://distribution.github.io/distribution/spec/auth/token/ */
export async function startTokenServer(key: SigningKey, credentialsRequired: boolean): Promise<TokenServer> {
  const requests: TokenRequest[] = [];
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? "/", "http://localhost");
    const scopes = searchParams.getAll("scope").flatMap((scope) => scope.split(" "));
    const status = statusFor(request, credentialsRequired);
    requests.push({ scopes, status });
    if (status === 200) sendToken(response, key, scopes);
    else response.writeHead(status, { "content-type": "application/json" }).end(`{"details":"refused"}`);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The token server has no port.");
  return {
    realm: `http://localhost:${address.port}/token`,
    requests,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function statusFor(request: IncomingMessage, credentialsRequired: boolean): number {
  // Clients try POST for identity tokens, which this realm does not know, and come back with GET.
  if (request.method !== "GET") return 405;
  const shown = request.headers.authorization;
  if (shown === undefined) return credentialsRequired ? 401 : 200;
  const expected = Buffer.from(`${testUser.username}:${testUser.password}`).toString("base64");
  return shown === `Basic ${expected}` ? 200 : 401;
}

function sendToken(response: ServerResponse, key: SigningKey, scopes: readonly string[]): void {
  const now = Math.floor(Date.now() / 1000);
  const token = key.sign({
    iss: tokenIssuer,
    sub: testUser.username,
    aud: tokenService,
    iat: now,
    nbf: now - 10,
    exp: now + lifetimeSeconds,
    jti: randomUUID(),
    access: scopes.flatMap(accessFor),
  });
  response
    .writeHead(200, { "content-type": "application/json" })
    .end(
      JSON.stringify({ token, expires_in: lifetimeSeconds, issued_at: new Date(now * 1000).toISOString() }),
    );
}

/** `repository:team/app:pull,push`: the name may itself hold a colon, so it is what lies between the first and the last. */
function accessFor(scope: string): { type: string; name: string; actions: string[] }[] {
  const [, type, name, actions] = /^([^:]+):(.+):([^:]*)$/.exec(scope) ?? [];
  if (type === undefined || name === undefined || actions === undefined) return [];
  return [{ type, name, actions: actions.split(",") }];
}
