import { gzipSync } from "node:zlib";
import type { Fault } from "../support/registry";
import { basicAuth, impatient, noHead, soon, type Row } from "./fault-matrix-row";

const wrong = `sha256:${"0".repeat(64)}`;
const manifests = "/manifests/";
const schema1 = "application/vnd.docker.distribution.manifest.v1+prettyjws";
const ociManifest = "application/vnd.oci.image.manifest.v1+json";
const html = "<!doctype html><title>Sign in</title><h1>Sign in</h1>";

/** Answers of the manifest endpoint itself, once the credentials were accepted. */
function served(status: number, body: string | Buffer, headers: Readonly<Record<string, string>>): Fault {
  return { kind: "answer", status, body, headers, path: manifests, method: "GET" };
}

function headers(changed: Readonly<Record<string, string | undefined>>, method?: string): Fault {
  return { kind: "headers", headers: changed, path: manifests, ...(method === undefined ? {} : { method }) };
}

function status(code: number, rest: { readonly times?: number; readonly method?: string } = {}): Fault {
  return { kind: "answer", status: code, path: manifests, ...rest };
}

/** Headers, bodies, media types and statuses of the manifest endpoint. */
export const answerRows: readonly Row[] = [
  { name: "all is well", ends: "digest", bound: soon, requests: 3 },
  {
    name: "digest header missing on HEAD",
    faults: [headers({ "docker-content-digest": undefined }, "HEAD")],
    ends: "digest",
    bound: soon,
  },
  {
    name: "digest header missing on HEAD and GET",
    faults: [headers({ "docker-content-digest": undefined })],
    ends: "digest",
    bound: soon,
  },
  {
    name: "digest header malformed",
    faults: [headers({ "docker-content-digest": "sha256:abc" })],
    ends: "bad-response",
    bound: soon,
    says: /malformed Docker-Content-Digest/,
  },
  {
    name: "digest header of an unknown algorithm",
    faults: [headers({ "docker-content-digest": `md5:${"0".repeat(32)}` })],
    ends: "bad-response",
    bound: soon,
  },
  {
    name: "digest header wrong on GET",
    faults: [noHead, headers({ "docker-content-digest": wrong }, "GET")],
    ends: "digest-mismatch",
    bound: soon,
  },
  {
    name: "digest header other than the digest asked for",
    faults: [headers({ "docker-content-digest": wrong })],
    reference: (site) => `${site.host}/api@${site.digest}`,
    ends: "digest-mismatch",
    bound: soon,
  },
  {
    name: "body does not match the digest header",
    faults: [noHead],
    more: (site) => [
      served(200, `{"schemaVersion":2}`, {
        "content-type": ociManifest,
        "docker-content-digest": site.digest,
      }),
    ],
    ends: "digest-mismatch",
    bound: soon,
  },
  {
    name: "body does not match the digest asked for",
    faults: [noHead, served(200, `{"schemaVersion":2}`, { "content-type": ociManifest })],
    reference: (site) => `${site.host}/api@${site.digest}`,
    ends: "digest-mismatch",
    bound: soon,
  },
  { name: "404 on HEAD, not on GET", faults: [status(404, { method: "HEAD" })], ends: "digest", bound: soon },
  { name: "404 on both", faults: [status(404)], ends: "not-found", bound: soon },
  { name: "405 on HEAD", faults: [noHead], ends: "digest", bound: soon },
  { name: "405 on both", faults: [status(405)], ends: "bad-response", bound: soon },
  { name: "501 on HEAD", faults: [status(501, { method: "HEAD" })], ends: "digest", bound: soon },
  { name: "400", faults: [status(400)], ends: "bad-response", bound: soon },
  { name: "403", faults: [status(403)], ends: "denied", bound: soon },
  {
    name: "429, Retry-After an hour",
    faults: [{ kind: "answer", status: 429, headers: { "retry-after": "3600" } }],
    ends: "rate-limited",
    bound: soon,
    requests: 1,
    says: /retry after 3600 s/,
  },
  {
    name: "429, Retry-After a second, then well",
    faults: [{ kind: "answer", status: 429, headers: { "retry-after": "1" }, times: 1 }],
    ends: "digest",
    bound: 1000 + soon,
  },
  {
    name: "429, Retry-After a date that has passed, then well",
    faults: [
      {
        kind: "answer",
        status: 429,
        headers: { "retry-after": "Wed, 21 Oct 2015 07:28:00 GMT" },
        times: 1,
      },
    ],
    ends: "digest",
    bound: soon,
  },
  {
    name: "429, Retry-After rubbish, again and again",
    faults: [{ kind: "answer", status: 429, headers: { "retry-after": "soon; 1e999" } }],
    ends: "rate-limited",
    bound: soon,
    requests: 3,
  },
  {
    name: "429 without Retry-After, then well",
    faults: [status(429, { times: 1 })],
    ends: "digest",
    bound: soon,
  },
  {
    name: "429 without Retry-After, again and again",
    faults: [status(429)],
    ends: "rate-limited",
    bound: soon,
    requests: 3,
  },
  {
    name: "429, Retry-After beyond the call's time",
    faults: [{ kind: "answer", status: 429, headers: { "retry-after": "2" } }],
    options: impatient,
    ends: "rate-limited",
    bound: soon,
    requests: 1,
  },
  { name: "500, then well", faults: [status(500, { times: 1 })], ends: "digest", bound: soon },
  { name: "500, again and again", faults: [status(500)], ends: "server-error", bound: soon, requests: 3 },
  { name: "408, then well", faults: [status(408, { times: 1 })], ends: "digest", bound: soon },
  { name: "all is well, with Basic", auth: basicAuth, ends: "digest", bound: soon, requests: 2 },
  {
    name: "404 in plain text",
    faults: [noHead, served(404, "404 page not found\n", { "content-type": "text/plain" })],
    ends: "not-found",
    bound: soon,
  },
  {
    name: "502 in HTML",
    faults: [noHead, served(502, html, { "content-type": "text/html" })],
    ends: "server-error",
    bound: soon,
  },
  {
    name: "200 in HTML (a sign-in page)",
    faults: [
      { kind: "answer", status: 200, body: html, headers: { "content-type": "text/html; charset=utf-8" } },
    ],
    ends: "unsupported-media-type",
    bound: soon,
    says: /text\/html/,
  },
  {
    name: "wrong content type (text/plain)",
    faults: [headers({ "content-type": "text/plain" })],
    ends: "unsupported-media-type",
    bound: soon,
  },
  {
    name: "content type that the body denies",
    faults: [noHead, headers({ "content-type": "application/vnd.oci.image.index.v1+json" }, "GET")],
    ends: "bad-response",
    bound: soon,
    says: /calls itself/,
  },
  {
    name: "no content type",
    faults: [headers({ "content-type": undefined })],
    ends: "digest",
    bound: soon,
  },
  {
    name: "schema 1, by its header",
    faults: [headers({ "content-type": schema1 })],
    ends: "unsupported-media-type",
    bound: soon,
    says: /schema 1/,
  },
  {
    name: "schema 1, by its body",
    faults: [
      noHead,
      served(200, `{"schemaVersion":1,"name":"api","fsLayers":[]}`, { "content-type": "application/json" }),
    ],
    ends: "unsupported-media-type",
    bound: soon,
  },
  {
    name: "index and image in one (CVE-2021-41190)",
    faults: [
      noHead,
      served(
        200,
        JSON.stringify({ schemaVersion: 2, manifests: [], layers: [], config: { digest: wrong } }),
        { "content-type": ociManifest },
      ),
    ],
    ends: "bad-response",
    bound: soon,
  },
  {
    name: "body that is not JSON",
    faults: [noHead, served(200, "{", { "content-type": ociManifest })],
    ends: "bad-response",
    bound: soon,
  },
  {
    name: "body of a million brackets",
    faults: [noHead, served(200, "[".repeat(1e6), { "content-type": ociManifest })],
    ends: "bad-response",
    bound: soon,
  },
  {
    name: "gzip body, declared",
    faults: [
      noHead,
      served(200, gzipSync("{}"), { "content-type": ociManifest, "content-encoding": "gzip" }),
    ],
    ends: "bad-response",
    bound: soon,
    says: /compressed/,
  },
  {
    name: "gzip body, undeclared",
    faults: [noHead, served(200, gzipSync("{}"), { "content-type": ociManifest })],
    ends: "bad-response",
    bound: soon,
  },
  {
    name: "body of 9 MiB",
    faults: [noHead, { kind: "huge", bytes: 9 * 1024 * 1024, path: manifests, method: "GET" }],
    ends: "too-large",
    bound: soon,
  },
];
