import { randomUUID } from "node:crypto";

/** How a registry wants to be asked. */
export type RegistryAuth =
  | { readonly kind: "none" }
  | { readonly kind: "basic"; readonly username: string; readonly password: string }
  | {
      readonly kind: "token";
      /** Wanted by the token service; without them it serves anybody. */
      readonly username?: string;
      readonly password?: string;
      /** Taken by POST as refresh token. */
      readonly identityToken?: string;
      /** Whether the service knows POST. Default: true. */
      readonly oauth2?: boolean;
      /** Seconds. Default: not stated. */
      readonly expiresIn?: number;
      /** The name of the token in the answer. Default: token. */
      readonly field?: "token" | "access_token";
      /** Another realm than this registry's own /token. */
      readonly realm?: string;
      /** The whole header, where the usual one will not do. */
      readonly challenge?: string;
    };

export interface AuthAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Challenges and tokens of one registry. */
export class Authority {
  readonly #tokens = new Map<string, string>();

  constructor(
    private readonly auth: RegistryAuth,
    private readonly origin: () => string,
  ) {}

  /** The 401 for a request that may not pass; undefined for one that may. */
  refuse(authorization: string | undefined, repository: string): AuthAnswer | undefined {
    switch (this.auth.kind) {
      case "none":
        return undefined;
      case "basic":
        return authorization === basic(this.auth.username, this.auth.password)
          ? undefined
          : unauthorized(`Basic realm="registry"`);
      case "token": {
        const token = authorization?.startsWith("Bearer ") === true ? authorization.slice(7) : undefined;
        if (token !== undefined && this.#tokens.get(token) === `repository:${repository}:pull`)
          return undefined;
        const realm = this.auth.realm ?? `${this.origin()}/token`;
        const challenge = `Bearer realm="${realm}",service="registry",scope="repository:${repository}:pull"`;
        return unauthorized(this.auth.challenge ?? challenge);
      }
    }
  }

  /** The token service. */
  token(method: string, url: URL, authorization: string | undefined, body: string): AuthAnswer {
    if (this.auth.kind !== "token") return answer(404, {});
    const form = new URLSearchParams(body);
    if (method === "POST") {
      if (this.auth.oauth2 === false) return answer(405, {});
      const known =
        form.get("refresh_token") === this.auth.identityToken && form.get("grant_type") === "refresh_token";
      return known ? this.#issue(form.get("scope") ?? "") : answer(401, {});
    }
    const { username, password = "" } = this.auth;
    if (username !== undefined && authorization !== basic(username, password)) {
      return answer(401, { errors: [{ code: "UNAUTHORIZED" }] });
    }
    return this.#issue(url.searchParams.get("scope") ?? "");
  }

  /** Makes every token that was given out worthless. */
  revoke(): void {
    this.#tokens.clear();
  }

  #issue(scope: string): AuthAnswer {
    if (this.auth.kind !== "token") return answer(404, {});
    const token = randomUUID();
    this.#tokens.set(token, scope);
    const { expiresIn, field = "token" } = this.auth;
    return answer(200, { [field]: token, ...(expiresIn === undefined ? {} : { expires_in: expiresIn }) });
  }
}

export function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

function unauthorized(challenge: string): AuthAnswer {
  const refusal = answer(401, { errors: [{ code: "UNAUTHORIZED", message: "authentication required" }] });
  return { ...refusal, headers: { ...refusal.headers, "www-authenticate": challenge } };
}

function answer(status: number, value: unknown): AuthAnswer {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(value) };
}
