import * as v from "valibot";
import type { Challenge } from "./challenge";
import type { Deadline } from "./deadline";
import type { Credential } from "./docker-config";
import { RegistryError } from "./errors";
import { describeRequest, describeStatus, registryCodeOf, type Exchange, type Subject } from "./exchange";
import type { TransportAnswer, TransportRequest } from "./transport";

/** A token of a registry's token service. Times are those of performance.now. */
export interface AccessToken {
  readonly value: string;
  /** From when on it is no longer used: a little before the service lets it expire. */
  readonly until: number;
}

const maxBody = 64 * 1024;
/** Seconds; the token specification's value where the service names none. */
const defaultExpiry = 60;
const clientId = "pulumi-pinned-images";

const tokenText = v.pipe(v.string(), v.regex(/^[\x21-\x7e]+$/));
const tokenSchema = v.object({
  token: v.optional(v.nullable(tokenText)),
  access_token: v.optional(v.nullable(tokenText)),
  expires_in: v.optional(v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(1e9)))),
});

export interface TokenRequest {
  readonly challenge: Challenge;
  readonly credential: Credential;
  readonly subject: Subject;
  readonly registryOrigin: URL;
  readonly lookedIn: readonly string[];
}

/**
 * Gets a token to pull from one repository: https://distribution.github.io/distribution/spec/auth/token/, and for an
 * identity token https://distribution.github.io/distribution/spec/auth/oauth/ first.
 *
 * @throws RegistryError
 */
export async function fetchToken(
  { challenge, credential, subject, registryOrigin, lookedIn }: TokenRequest,
  exchange: Exchange,
  deadline: Deadline,
): Promise<AccessToken> {
  const realm = parseRealm(challenge, registryOrigin, subject);
  const service = challenge.parameters.get("service");
  const scope = `repository:${subject.repository}:pull`;
  const about = {
    registryHost: registryOrigin.hostname,
    limit: maxBody,
    // A credential must not travel on to wherever the service points.
    redirects: credential.kind === "anonymous" ? 5 : 0,
  };
  const askedAt = performance.now();

  if (credential.kind === "identity-token") {
    const form = new URLSearchParams({
      grant_type: "refresh_token",
      client_id: clientId,
      scope,
      refresh_token: credential.token,
      ...(service === undefined ? {} : { service }),
    });
    const request: TransportRequest = {
      ...about,
      method: "POST",
      url: realm,
      headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
      body: form.toString(),
    };
    const answer = await exchange.send(request, subject, deadline);
    if (answer.status === 200) return readToken(answer, request, subject, askedAt);
    // Services that know no OAuth 2 say so in different ways.
    if (![400, 401, 404, 405].includes(answer.status)) throw refused(answer, request, subject, lookedIn);
  }

  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set("service", service);
  url.searchParams.set("scope", scope);
  const authorization = basicAuthorization(credential);
  const request: TransportRequest = {
    ...about,
    method: "GET",
    url,
    headers: { accept: "application/json", ...(authorization === undefined ? {} : { authorization }) },
  };
  const answer = await exchange.send(request, subject, deadline);
  if (answer.status !== 200) throw refused(answer, request, subject, lookedIn);
  return readToken(answer, request, subject, askedAt);
}

/** The Authorization header of the Basic scheme; undefined when there is nothing to send. */
export function basicAuthorization(credential: Credential): string | undefined {
  switch (credential.kind) {
    case "anonymous":
    case "registry-token":
      return undefined;
    case "basic":
      return `Basic ${Buffer.from(`${credential.username}:${credential.password}`).toString("base64")}`;
    case "identity-token":
      return `Basic ${Buffer.from(`${credential.username}:${credential.token}`).toString("base64")}`;
  }
}

/** `(credentials: …)`, to stand behind a refusal. */
export function describeCredentials(registry: string, found: boolean, lookedIn: readonly string[]): string {
  const places = lookedIn.join(", ");
  return found
    ? `(credentials: found for ${registry} in ${lookedIn.at(-1) ?? "the client's options"}, not accepted)`
    : `(credentials: none found for ${registry} in ${places})`;
}

/** The realm comes from the network: it says where credentials are sent, so it has to earn them. */
function parseRealm(challenge: Challenge, registryOrigin: URL, subject: Subject): URL {
  const text = challenge.parameters.get("realm") ?? "";
  const fail = (what: string): RegistryError =>
    new RegistryError({
      ...subject,
      code: "forbidden-address",
      outcome: `${registryOrigin.host} names a token service ${what}`,
      fix: `do not log in to ${subject.registry} until its operator has explained its token service`,
    });
  if (!URL.canParse(text)) throw fail("that is no URL");
  const realm = new URL(text);
  if (realm.protocol !== "https:" && realm.protocol !== "http:") throw fail("that is not on https");
  if (realm.protocol === "http:" && registryOrigin.protocol === "https:") throw fail("that is not on https");
  if (realm.username !== "" || realm.password !== "") throw fail("with user info in its URL");
  realm.hash = "";
  return realm;
}

function readToken(
  answer: TransportAnswer,
  request: TransportRequest,
  subject: Subject,
  askedAt: number,
): AccessToken {
  const schema = v.pipe(v.string(), v.parseJson(), tokenSchema);
  const parsed = v.safeParse(schema, answer.body.toString("utf8"));
  const value = parsed.success ? (parsed.output.token ?? parsed.output.access_token) : undefined;
  if (!parsed.success || value === undefined || value === null) {
    // Neither cause nor excerpt: what was read may hold a token.
    throw new RegistryError({
      ...subject,
      code: "bad-response",
      request: describeRequest(request),
      outcome: "answered something that is no token",
    });
  }
  const seconds = parsed.output.expires_in ?? defaultExpiry;
  // Expiry counts from when it was issued, which is somewhere between question and answer; the earlier is safe.
  const margin = Math.min(10, seconds / 10);
  return { value, until: askedAt + (seconds - margin) * 1000 };
}

function refused(
  answer: TransportAnswer,
  request: TransportRequest,
  subject: Subject,
  lookedIn: readonly string[],
): RegistryError {
  const code = answer.status === 401 ? "unauthorized" : answer.status === 403 ? "denied" : "bad-response";
  const found = request.headers["authorization"] !== undefined || request.method === "POST";
  return new RegistryError({
    ...subject,
    code,
    request: describeRequest(request),
    outcome: `${describeStatus(answer)} ${describeCredentials(subject.registry, found, lookedIn)}`,
    status: answer.status,
    registryCode: registryCodeOf(answer),
    lookedIn,
  });
}
