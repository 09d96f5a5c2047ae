import type { Site } from "./fault-matrix-site";
import { marker, user } from "./fault-matrix-site";
import { basicAuth, patience, patienceBound, soon, type Row } from "./fault-matrix-row";

const config = ".docker/config.json";
const encoded = Buffer.from(`${user}:${marker}`).toString("base64");

/** Only what lies in the home folder and in these variables. */
function variables(more: (site: Site) => Readonly<Record<string, string>> = () => ({})) {
  return (site: Site) => ({ environment: { PATH: `${site.home}/bin:/usr/bin:/bin`, ...more(site) } });
}

function file(text: (site: Site) => string, path = config): Pick<Row, "options" | "prepare"> {
  return { options: variables(), prepare: (site) => site.write(path, text(site)) };
}

/** A credential helper for the registry, which is a shell script. */
function helper(script: string): Pick<Row, "options" | "prepare"> {
  return {
    options: variables(),
    prepare: async (site) => {
      await site.write(config, JSON.stringify({ credHelpers: { [site.host]: "matrix" } }));
      await site.write("bin/docker-credential-matrix", `#!/bin/sh\n${script}\n`, 0o700);
    },
  };
}

const answer = JSON.stringify({ ServerURL: "x", Username: user, Secret: marker });

/** Helpers and configuration files. */
export const credentialRows: readonly Row[] = [
  { name: "helper", ...helper(`echo '${answer}'`), ends: "digest", bound: soon },
  {
    name: "helper that hangs",
    ...helper("exec sleep 60"),
    options: (site) => ({ ...variables()(site), timeout: patience }),
    ends: "credentials",
    bound: patienceBound,
    says: /did not answer in time/,
  },
  {
    name: "helper that hangs with a child that holds its output",
    ...helper("sleep 10 & wait"),
    options: (site) => ({ ...variables()(site), timeout: patience }),
    ends: "credentials",
    bound: patienceBound,
  },
  {
    name: "helper that prints to stderr, and answers",
    ...helper(`echo 'warning: ${marker}' >&2\necho '${answer}'`),
    ends: "digest",
    bound: soon,
  },
  {
    name: "helper that prints to stderr, and fails",
    ...helper(`echo 'no ${marker}' >&2\nexit 3`),
    ends: "credentials",
    bound: soon,
    says: /exit code 3/,
  },
  {
    name: "helper that prints its error to stdout",
    ...helper(`echo 'no ${marker}'\nexit 1`),
    ends: "credentials",
    bound: soon,
  },
  {
    name: "helper that prints rubbish",
    ...helper(`echo '${marker} {'`),
    ends: "credentials",
    bound: soon,
    says: /no credential/,
  },
  { name: "helper that prints nothing", ...helper("true"), ends: "credentials", bound: soon },
  {
    name: "helper that prints a number for a secret",
    ...helper(`echo '{"Username":"${marker}","Secret":1}'`),
    ends: "credentials",
    bound: soon,
  },
  {
    name: "helper that prints without an end",
    ...helper(`yes '${marker}'`),
    ends: "credentials",
    bound: soon,
  },
  {
    name: "helper that knows no credentials",
    ...helper(`echo 'credentials not found in native keychain'\nexit 1`),
    ends: "unauthorized",
    bound: soon,
    says: /none found/,
  },
  { name: "helper that is killed", ...helper("kill -9 $$"), ends: "credentials", bound: soon },
  {
    name: "helper that is missing",
    ...file((site) => JSON.stringify({ credHelpers: { [site.host]: "missing" } })),
    ends: "credentials",
    bound: soon,
    says: /not installed/,
  },
  {
    name: "helper with a path for a name",
    ...file((site) => JSON.stringify({ credHelpers: { [site.host]: "/../../bin/sh" } })),
    ends: "credentials",
    bound: soon,
  },
  {
    name: "config file",
    ...file((site) => JSON.stringify({ auths: { [site.host]: { auth: encoded } } })),
    ends: "digest",
    bound: soon,
  },
  {
    name: "config file that is not JSON",
    ...file(() => `{"auths": ${marker}`),
    ends: "credentials",
    bound: soon,
  },
  { name: "config file that is a list", ...file(() => `["${marker}"]`), ends: "credentials", bound: soon },
  { name: "config file that is empty", ...file(() => ""), ends: "credentials", bound: soon },
  {
    name: "config file with another type inside",
    ...file((site) => JSON.stringify({ auths: { [site.host]: { auth: [marker] } } })),
    ends: "credentials",
    bound: soon,
  },
  {
    name: "config file with an auth that is not base64 of user:password",
    ...file((site) => JSON.stringify({ auths: { [site.host]: { auth: marker } } })),
    ends: "credentials",
    bound: soon,
  },
  {
    name: "config file that is a folder",
    ...file(() => marker, `${config}/x`),
    ends: "credentials",
    bound: soon,
  },
  {
    name: "DOCKER_AUTH_CONFIG that is not JSON",
    options: variables(() => ({ DOCKER_AUTH_CONFIG: marker })),
    ends: "credentials",
    bound: soon,
    says: /DOCKER_AUTH_CONFIG/,
  },
  {
    name: "REGISTRY_AUTH_FILE that is not JSON",
    options: variables((site) => ({ REGISTRY_AUTH_FILE: `${site.home}/auth.json` })),
    prepare: (site) => site.write("auth.json", marker),
    ends: "credentials",
    bound: soon,
  },
  {
    name: "registry token that no header may hold",
    ...file((site) => JSON.stringify({ auths: { [site.host]: { registrytoken: `${marker}\r\nx: y` } } })),
    ends: "bad-response",
    bound: soon,
  },
  {
    name: "no credentials anywhere",
    auth: basicAuth,
    options: variables(),
    ends: "unauthorized",
    bound: soon,
    says: /none found/,
  },
];
