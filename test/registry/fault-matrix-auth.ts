import type { Fault, RegistryAuth } from "../support/registry";
import { basicAuth, impatient, patienceBound, planted, soon, tokenAuth, type Row } from "./fault-matrix-row";
import { marker, user, type Site } from "./fault-matrix-site";

const token = "/token";

function challenge(text: string): RegistryAuth {
  return tokenAuth({ challenge: text });
}

/** A Bearer challenge whose realm is somewhere else. */
function realm(text: string): RegistryAuth {
  return tokenAuth({ realm: text });
}

function issued(body: string | Buffer, headers: Readonly<Record<string, string>> = {}): Fault {
  return { kind: "answer", status: 200, body, headers, path: token };
}

/** The first answer alone: a challenge that needs to know the registry's port. */
function probed(header: string): Fault {
  return { kind: "answer", status: 401, times: 1, headers: { "www-authenticate": header } };
}

function bearerAt(name: string, { registry }: Site): string {
  return `Bearer realm="http://${name}:${registry.port}/token",service="registry"`;
}

function identity(site: Site): ReturnType<typeof planted> {
  return { credentials: { [site.host]: { identityToken: marker } } };
}

/** Where a realm must not be, each with the name under which the registry itself is known. */
const forbiddenRealms: readonly (readonly [string, Row["host"], string])[] = [
  ["no URL", "localhost", "token"],
  ["file:", "localhost", "file:///etc/passwd"],
  ["with user info", "localhost", "http://user:word@localhost/token"],
  ["on http, of a registry on https", "secure.example", "http://other.example/token"],
  ["on http, of a stranger", "registry.example", "http://stranger.example/token"],
  ["on 127.0.0.1", "registry.example", "https://127.0.0.1:1/token"],
  ["on 127.0.0.1, on http", "registry.example", "http://127.0.0.1:1/token"],
  ["on 2130706433 (127.0.0.1 as a number)", "registry.example", "https://2130706433/token"],
  ["on localhost", "registry.example", "https://localhost:1/token"],
  ["on [::1]", "registry.example", "https://[::1]:1/token"],
  ["on [::ffff:127.0.0.1]", "registry.example", "https://[::ffff:127.0.0.1]/token"],
  ["on 169.254.169.254", "registry.example", "https://169.254.169.254/latest/meta-data"],
  ["on 10.1.2.3", "registry.example", "https://10.1.2.3/token"],
  ["on a name that resolves to 10.1.2.3", "registry.example", "https://internal.example/token"],
  ["on a name that resolves to 169.254.169.254", "registry.example", "https://metadata.example/token"],
  ["on a name that resolves to 127.0.0.1", "registry.example", "https://other.example/token"],
];

/** Challenges, realms and token services. */
export const authRows: readonly Row[] = [
  {
    name: "401 for ever",
    auth: challenge(`Basic realm="x"`),
    ends: "unauthorized",
    bound: soon,
    requests: 2,
  },
  {
    name: "401 for ever, with tokens that never do",
    faults: [
      {
        kind: "answer",
        status: 200,
        path: token,
        body: `{"token":"useless"}`,
      },
    ],
    ends: "unauthorized",
    bound: soon,
    requests: 3,
  },
  {
    name: "401 without a challenge",
    faults: [{ kind: "answer", status: 401, path: "/v2/" }],
    ends: "unauthorized",
    bound: soon,
  },
  {
    name: "401 from the token service",
    options: (site) => ({ credentials: { [site.host]: { username: user, password: `${marker}-old` } } }),
    ends: "unauthorized",
    bound: soon,
    says: /not accepted/,
  },
  {
    name: "401 to a wrong password, with Basic",
    auth: basicAuth,
    options: (site) => ({ credentials: { [site.host]: { username: user, password: `${marker}-old` } } }),
    ends: "unauthorized",
    bound: soon,
  },
  {
    name: "challenge of an unknown scheme",
    auth: challenge("Negotiate"),
    ends: "unauthorized",
    bound: soon,
  },
  { name: "challenge of rubbish", auth: challenge(`"=,=,"\\`), ends: "unauthorized", bound: soon },
  {
    name: "challenge of 7 kB of commas",
    auth: challenge(`${",".repeat(7000)}Basic realm="x"`),
    ends: "unauthorized",
    bound: soon,
  },
  {
    name: "insufficient scope, though the token is good",
    before: {
      tag: "1",
      then: ({ registry, digest }) => {
        registry.setTag("api", "2", digest);
        registry.fail({
          kind: "answer",
          status: 401,
          path: "/manifests/",
          headers: {
            "www-authenticate": `Bearer realm="http://localhost:${registry.port}/token",error="insufficient_scope"`,
          },
        });
      },
    },
    reference: (site) => `${site.host}/api:2`,
    ends: "unauthorized",
    bound: soon,
    requests: 4,
  },
  {
    name: "two challenges in one header",
    more: (site) => [probed(`Basic realm="x", ${bearerAt("localhost", site)}`)],
    ends: "digest",
    bound: soon,
    requests: 3,
  },
  {
    name: "three challenges, one with an opaque value",
    more: (site) => [probed(`Negotiate YII=, Digest nonce="a,b=\\"c", ${bearerAt("localhost", site)}`)],
    ends: "digest",
    bound: soon,
  },
  {
    name: "realm on another host, which is this machine, too",
    more: (site) => [probed(bearerAt("127.0.0.1", site))],
    ends: "digest",
    bound: soon,
  },
  {
    name: "realm on another host, allowed by name",
    host: "registry.example",
    more: (site) => [probed(bearerAt("other.example", site))],
    options: (site) => ({
      ...planted(site),
      allowedPrivateHosts: ["other.example"],
      insecureRegistries: [`other.example:${site.registry.port}`],
    }),
    ends: "digest",
    bound: soon,
  },
  {
    name: "realm on another host, not allowed, at the same address",
    host: "registry.example",
    more: (site) => [probed(bearerAt("other.example", site))],
    options: (site) => ({
      ...planted(site),
      insecureRegistries: [`other.example:${site.registry.port}`],
    }),
    ends: "forbidden-address",
    bound: soon,
    requests: 1,
  },
  ...forbiddenRealms.map(([where, host = "localhost", text]): Row => ({
    name: `realm ${where}`,
    host,
    auth: realm(text),
    ends: "forbidden-address",
    bound: soon,
    requests: 1,
  })),
  {
    name: "realm that redirects",
    more: (site) => [
      {
        kind: "answer",
        status: 307,
        path: token,
        headers: { location: `http://localhost:${site.other.port}/token` },
      },
    ],
    ends: "bad-response",
    bound: soon,
    says: /redirect/,
  },
  {
    name: "token service that never answers",
    faults: [{ kind: "hang", path: token }],
    options: impatient,
    ends: "timeout",
    bound: patienceBound,
  },
  {
    name: "token service: 503, then well",
    faults: [{ kind: "answer", status: 503, path: token, times: 1 }],
    ends: "digest",
    bound: soon,
  },
  {
    name: "token service: 429 for an hour",
    faults: [{ kind: "answer", status: 429, path: token, headers: { "retry-after": "3600" } }],
    ends: "rate-limited",
    bound: soon,
    requests: 2,
  },
  {
    name: "token service: 404",
    faults: [{ kind: "answer", status: 404, path: token }],
    ends: "bad-response",
    bound: soon,
  },
  {
    name: "token service: 403",
    faults: [{ kind: "answer", status: 403, path: token }],
    ends: "denied",
    bound: soon,
  },
  {
    name: "token empty",
    faults: [issued(`{"token":""}`)],
    ends: "bad-response",
    bound: soon,
    says: /no token/,
  },
  { name: "token null", faults: [issued(`{"token":null}`)], ends: "bad-response", bound: soon },
  { name: "token missing", faults: [issued("{}")], ends: "bad-response", bound: soon },
  { name: "token of a number", faults: [issued(`{"token":5}`)], ends: "bad-response", bound: soon },
  {
    name: "token with a line break",
    faults: [issued(JSON.stringify({ token: `${marker}\r\nx: y` }))],
    ends: "bad-response",
    bound: soon,
  },
  {
    name: "token in HTML, with the secret in it",
    faults: [issued(`<p>${marker}</p>`, { "content-type": "text/html" })],
    ends: "bad-response",
    bound: soon,
  },
  {
    name: "token answer of 1 MiB",
    faults: [{ kind: "huge", bytes: 1024 * 1024, path: token }],
    ends: "too-large",
    bound: soon,
  },
  {
    name: "token called access_token",
    auth: tokenAuth({ field: "access_token" }),
    ends: "digest",
    bound: soon,
  },
  {
    name: "token that expires at once",
    auth: tokenAuth({ expiresIn: 0 }),
    ends: "digest",
    bound: soon,
    requests: 3,
  },
  {
    name: "token that has expired before",
    auth: tokenAuth({ expiresIn: -1 }),
    ends: "bad-response",
    bound: soon,
  },
  {
    name: "token revoked between two questions",
    before: {
      tag: "1",
      then: ({ registry, digest }) => {
        registry.setTag("api", "2", digest);
        registry.revokeTokens();
      },
    },
    reference: (site) => `${site.host}/api:2`,
    ends: "digest",
    bound: soon,
    requests: 6,
  },
  {
    name: "identity token",
    auth: { kind: "token", username: "nobody", identityToken: marker },
    options: identity,
    ends: "digest",
    bound: soon,
  },
  {
    name: "identity token, no POST: GET with Basic",
    auth: { kind: "token", username: "<token>", password: marker, oauth2: false },
    options: identity,
    ends: "digest",
    bound: soon,
  },
  {
    name: "identity token that is refused both ways",
    auth: { kind: "token", username: "nobody", identityToken: "another" },
    options: identity,
    ends: "unauthorized",
    bound: soon,
  },
];
