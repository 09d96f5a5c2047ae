import type { Fault, FaultAnswer } from "../support/registry";
import { basicAuth, noHead, soon, type Row } from "./fault-matrix-row";
import { marker, type Site } from "./fault-matrix-site";

const ociManifest = "application/vnd.oci.image.manifest.v1+json";

function typed(type: string): FaultAnswer {
  return { status: 200, headers: { "content-type": type }, body: "{}" };
}

function coded(status: number, code: string): FaultAnswer {
  return { status, body: JSON.stringify({ errors: [{ code, message: code, detail: code }] }) };
}

/** What a registry can say of a secret; `secret` is the password, or the token, or what was sent in the Basic scheme. */
const answers: readonly (readonly [
  where: string,
  answer: (secret: string) => FaultAnswer,
  ends: Row["ends"],
])[] = [
  ["the media type", (secret) => typed(`text/${secret}`), "unsupported-media-type"],
  ["a media type, in upper case", (secret) => typed(secret.toUpperCase()), "unsupported-media-type"],
  [
    "a media type, in the middle of a word",
    (secret) => typed(`text/x-${secret}-y`),
    "unsupported-media-type",
  ],
  [
    "a media type that is cut where it is quoted",
    (secret) => typed(`text/${"x".repeat(60)}${secret}`),
    "unsupported-media-type",
  ],
  [
    "the media type of a body",
    (secret) => ({
      ...typed(ociManifest),
      body: JSON.stringify({ schemaVersion: 2, mediaType: secret, layers: [] }),
    }),
    "bad-response",
  ],
  ["the error code of a 403", (secret) => coded(403, secret), "denied"],
  ["the error code of a 404", (secret) => coded(404, secret), "not-found"],
  ["the error code of a 429", (secret) => coded(429, secret), "rate-limited"],
  ["the error code of a 500", (secret) => coded(500, secret), "server-error"],
  ["a web page", (secret) => ({ status: 404, body: `<p>${secret}</p>` }), "not-found"],
  [
    "the digest header",
    (secret) => ({
      ...typed(ociManifest),
      headers: { "content-type": ociManifest, "docker-content-digest": `${secret}:${secret}` },
    }),
    "bad-response",
  ],
  [
    "a redirect to a host of that name",
    (secret) => ({ status: 307, headers: { location: `https://${secret.replaceAll("=", "")}.example/` } }),
    "unreachable",
  ],
  [
    "a redirect to a private host with it in its path",
    (secret) => ({ status: 307, headers: { location: `https://10.1.2.3/${secret}` } }),
    "forbidden-address",
  ],
];

/** On every GET of a manifest, once credentials were shown. */
function shown(answer: (secret: string) => FaultAnswer): Fault {
  return { kind: "echo", path: "/manifests/", method: "GET", answer };
}

/** The second challenge names a realm with the token in its path. */
function secondChallenge({ registry }: Site): Fault {
  return {
    kind: "echo",
    path: "/manifests/",
    answer: (token) => ({
      status: 401,
      headers: {
        "www-authenticate": `Bearer realm="http://localhost:${registry.port}/${token}"`,
      },
    }),
  };
}

/** A registry that says again what it was sent, be it hostile or merely talkative. */
export const echoRows: readonly Row[] = [
  ...answers.flatMap(([where, answer, ends]): readonly Row[] => [
    {
      name: `password as ${where}`,
      host: "registry.example",
      auth: basicAuth,
      faults: [noHead, shown(() => answer(marker))],
      ends,
      bound: soon,
    },
    {
      name: `Basic credentials as ${where}`,
      host: "registry.example",
      auth: basicAuth,
      faults: [noHead, shown(answer)],
      ends,
      bound: soon,
    },
    {
      name: `token as ${where}`,
      host: "registry.example",
      more: (site) => [
        {
          kind: "answer",
          status: 401,
          times: 1,
          headers: {
            "www-authenticate": `Bearer realm="http://registry.example:${site.registry.port}/token"`,
          },
        },
        noHead,
        shown(answer),
      ],
      ends,
      bound: soon,
    },
  ]),
  {
    name: "token in the path of the next realm",
    before: {
      tag: "1",
      then: (site) => {
        site.registry.setTag("api", "2", site.digest);
        site.registry.fail(secondChallenge(site));
      },
    },
    reference: (site) => `${site.host}/api:2`,
    ends: "bad-response",
    bound: soon,
    says: /GET \/\*\*\* on localhost/,
  },
  {
    name: "identity token as the error code of the token service",
    auth: { kind: "token", identityToken: "another" },
    options: (site) => ({ credentials: { [site.host]: { identityToken: marker } } }),
    faults: [
      {
        kind: "answer",
        status: 403,
        path: "/token",
        method: "POST",
        body: JSON.stringify({ errors: [{ code: marker }] }),
      },
    ],
    ends: "denied",
    bound: soon,
    says: /answered 403 \*\*\*/,
  },
  {
    name: "password as the error code of a 503 that stays",
    auth: basicAuth,
    faults: [noHead, shown(() => coded(503, marker))],
    ends: "server-error",
    bound: soon,
  },
];
