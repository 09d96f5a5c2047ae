import type { Fault } from "../support/registry";
import { basicAuth, planted, soon, type Row } from "./fault-matrix-row";
import { marker, type Site } from "./fault-matrix-site";

/** Sends every question about the tag elsewhere. */
function to(location: string | undefined, status = 307): Fault {
  return {
    kind: "answer",
    status,
    path: "/manifests/1",
    headers: location === undefined ? {} : { location },
  };
}

function allowed(site: Site): ReturnType<typeof planted> {
  return { ...planted(site), allowedPrivateHosts: ["other.example"] };
}

const forbidden: readonly (readonly [string, Row["host"], string])[] = [
  ["to file:", "localhost", "file:///etc/passwd"],
  ["to data:", "localhost", "data:application/json,{}"],
  ["to user info", "localhost", "http://user:word@localhost/v2/"],
  ["from https to http", "secure.example", "http://other.example/v2/"],
  ["to http on a stranger", "registry.example", "http://stranger.example/v2/"],
  ["to 127.0.0.1", "registry.example", "https://127.0.0.1:1/v2/"],
  ["to 169.254.169.254", "registry.example", "https://169.254.169.254/latest/meta-data"],
  ["to [fd00::1]", "registry.example", "https://[fd00::1]/v2/"],
  ["to a name that resolves to 10.1.2.3", "registry.example", "https://internal.example/v2/"],
  ["to a name that resolves to 127.0.0.1", "registry.example", "https://other.example/v2/"],
];

/** Redirects of the manifest endpoint. */
export const redirectRows: readonly Row[] = [
  {
    name: "redirect on the same host",
    more: (site) => [to(`/v2/api/manifests/${site.digest}`)],
    ends: "digest",
    bound: soon,
  },
  {
    name: "redirect to another port of this machine",
    more: (site) => [to(`http://localhost:${site.other.port}/v2/api/manifests/1`)],
    ends: "digest",
    bound: soon,
  },
  {
    name: "redirect to another host, allowed by name",
    host: "registry.example",
    more: (site) => [to(`http://other.example:${site.other.port}/v2/api/manifests/1`)],
    options: allowed,
    ends: "digest",
    bound: soon,
  },
  {
    name: "redirect, once the password was shown, to another host",
    host: "registry.example",
    auth: basicAuth,
    before: {
      tag: "1",
      then: (site) => {
        site.registry.fail({
          kind: "answer",
          status: 302,
          path: "/manifests/2",
          headers: { location: `http://other.example:${site.other.port}/v2/api/manifests/1` },
        });
      },
    },
    reference: (site) => `${site.host}/api:2`,
    options: allowed,
    ends: "digest",
    bound: soon,
  },
  {
    name: "redirect to another host that asks for credentials",
    host: "registry.example",
    more: (site) => {
      site.other.fail({ kind: "answer", status: 401, headers: { "www-authenticate": `Basic realm="x"` } });
      return [to(`http://other.example:${site.other.port}/v2/api/manifests/1`)];
    },
    options: allowed,
    ends: "unauthorized",
    bound: soon,
  },
  {
    name: "redirect to another image than the digest asked for",
    more: (site) => {
      site.other.push("api", "2", { seed: "another" });
      return [
        {
          kind: "answer",
          status: 307,
          path: "/manifests/sha256:",
          headers: { location: `http://localhost:${site.other.port}/v2/api/manifests/2` },
        },
      ];
    },
    reference: (site) => `${site.host}/api@${site.digest}`,
    ends: "digest-mismatch",
    bound: soon,
  },
  {
    name: "redirect loop",
    faults: [to("/v2/api/manifests/1")],
    ends: "bad-response",
    bound: soon,
    requests: 6,
    says: /more than 5 redirects/,
  },
  { name: "redirect without a Location", faults: [to(undefined)], ends: "bad-response", bound: soon },
  { name: "redirect to no URL", faults: [to("http://[")], ends: "bad-response", bound: soon },
  {
    name: "redirect with the secret in its query",
    faults: [to(`file:///x?${marker}`)],
    ends: "forbidden-address",
    bound: soon,
  },
  ...forbidden.map(([where, host = "localhost", location]): Row => ({
    name: `redirect ${where}`,
    host,
    faults: [to(location)],
    ends: "forbidden-address",
    bound: soon,
    requests: 1,
  })),
];
