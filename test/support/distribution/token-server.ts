import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import { createSecureServer } from "node:http2";
import type { Socket } from "node:net";

import { readCertificate, type Certificate } from "./certificate";
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

type Asked = Pick<IncomingMessage, "url" | "method" | "headers">;
type Respond = (status: number, body: string) => void;

/** The realm of a registry with token authentication: https://distribution.github.io/distribution/spec/auth/token/ */
export async function startTokenServer(
  key: SigningKey,
  credentialsRequired: boolean,
  certificate?: Certificate,
): Promise<TokenServer> {
  const requests: TokenRequest[] = [];
  const answer = (request: Asked, respond: Respond): void => {
    const { searchParams } = new URL(request.url ?? "/", "http://localhost");
    const scopes = searchParams.getAll("scope").flatMap((scope) => scope.split(" "));
    const status = statusFor(request, credentialsRequired);
    requests.push({ scopes, status });
    respond(status, JSON.stringify(status === 200 ? issueToken(key, scopes) : { details: "refused" }));
  };
  const json = { "content-type": "application/json" };
  const server =
    certificate === undefined
      ? createServer((request, response) => {
          answer(request, (status, body) => response.writeHead(status, json).end(body));
        })
      : createSecureServer(
          { ...(await readCertificate(certificate)), allowHTTP1: true },
          (request, response) => {
            answer(request, (status, body) => {
              response.writeHead(status, json).end(body);
            });
          },
        );
  const sockets = new Set<Socket>();
  server.on(certificate === undefined ? "connection" : "secureConnection", (socket: Socket) => {
    sockets.add(socket.on("close", () => sockets.delete(socket)));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The token server has no port.");
  return {
    realm: `${certificate === undefined ? "http" : "https"}://localhost:${address.port}/token`,
    requests,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

function statusFor(request: Asked, credentialsRequired: boolean): number {
  // Clients try POST for identity tokens, which this realm does not know, and come back with GET.
  if (request.method !== "GET") return 405;
  const shown = request.headers.authorization;
  if (shown === undefined) return credentialsRequired ? 401 : 200;
  const expected = Buffer.from(`${testUser.username}:${testUser.password}`).toString("base64");
  return shown === `Basic ${expected}` ? 200 : 401;
}

function issueToken(key: SigningKey, scopes: readonly string[]): object {
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
  return { token, expires_in: lifetimeSeconds, issued_at: new Date(now * 1000).toISOString() };
}

/** `repository:team/app:pull,push`: the name may itself hold a colon, so it is what lies between the first and the last. */
function accessFor(scope: string): { type: string; name: string; actions: string[] }[] {
  const [, type, name, actions] = /^([^:]+):(.+):([^:]*)$/.exec(scope) ?? [];
  if (type === undefined || name === undefined || actions === undefined) return [];
  return [{ type, name, actions: actions.split(",") }];
}
