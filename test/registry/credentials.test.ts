import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { RegistryError } from "../../registry";
import { createCredentialStore, type CredentialLookup } from "../../registry/credentials";

const auth = (text: string): string => Buffer.from(text).toString("base64");
const config = (value: unknown): string => JSON.stringify(value);

/** Files below the home folder, variables ("~" is the home folder), and what is found for a registry and repository. */
interface Case {
  readonly name: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly registry?: string;
  readonly repository?: string;
  /** `anonymous`, `user:password`, `identity user:token`, `token …`. */
  readonly found: string;
  readonly lookedIn?: readonly string[];
}

const docker = ".docker/config.json";
const podman = ".config/containers/auth.json";

const cases: readonly Case[] = [
  {
    name: "nothing",
    found: "anonymous",
    lookedIn: [`~/${docker} (no such file)`, `~/${podman} (no such file)`],
  },
  {
    name: "auths",
    files: { [docker]: config({ auths: { "ghcr.io": { auth: auth("a:b:c") } } }) },
    found: "a:b:c",
    lookedIn: [`~/${docker}`],
  },
  {
    name: "auths as URL",
    files: { [docker]: config({ auths: { "https://ghcr.io/v2/": { auth: auth("a:b") } } }) },
    found: "a:b",
  },
  {
    name: "user and password in the clear",
    files: { [docker]: config({ auths: { "ghcr.io": { username: "a", password: "b" } } }) },
    found: "a:b",
  },
  {
    name: "Docker Hub's key",
    registry: "docker.io",
    files: { [docker]: config({ auths: { "https://index.docker.io/v1/": { auth: auth("a:b") } } }) },
    found: "a:b",
  },
  {
    name: "an identity token",
    files: { [docker]: config({ auths: { "ghcr.io": { auth: auth("a:"), identitytoken: "t" } } }) },
    found: "identity a:t",
  },
  {
    name: "a registry token",
    files: { [docker]: config({ auths: { "ghcr.io": { registrytoken: "t" } } }) },
    found: "token t",
  },
  {
    name: "another registry",
    files: { [docker]: config({ auths: { "ghcr.io.evil.example": { auth: auth("a:b") } } }) },
    found: "anonymous",
  },
  { name: "an empty entry", files: { [docker]: config({ auths: { "ghcr.io": {} } }) }, found: "anonymous" },
  {
    name: "DOCKER_CONFIG",
    variables: { DOCKER_CONFIG: "~/elsewhere" },
    files: {
      "elsewhere/config.json": config({ auths: { "ghcr.io": { auth: auth("a:b") } } }),
      [docker]: "not read",
    },
    found: "a:b",
    lookedIn: ["~/elsewhere/config.json"],
  },
  {
    name: "DOCKER_AUTH_CONFIG before all files",
    variables: { DOCKER_AUTH_CONFIG: config({ auths: { "ghcr.io": { auth: auth("env:1") } } }) },
    files: { [docker]: "not read" },
    found: "env:1",
    lookedIn: ["DOCKER_AUTH_CONFIG"],
  },
  {
    name: "REGISTRY_AUTH_FILE before Docker's",
    variables: { REGISTRY_AUTH_FILE: "~/auth.json" },
    files: { "auth.json": config({ auths: { "ghcr.io": { auth: auth("f:1") } } }), [docker]: "not read" },
    found: "f:1",
  },
  {
    name: "Podman's, the longest path first",
    files: {
      [podman]: config({
        auths: {
          "ghcr.io": { auth: auth("a:1") },
          "ghcr.io/acme": { auth: auth("a:2") },
          "ghcr.io/acme/api": { auth: auth("a:3") },
          "ghcr.io/acme/ap": { auth: auth("a:4") },
        },
      }),
    },
    found: "a:3",
    lookedIn: [`~/${docker} (no such file)`, `~/${podman}`],
  },
  {
    name: "Podman's, a path above",
    repository: "acme/web",
    files: {
      [podman]: config({
        auths: { "ghcr.io": { auth: auth("a:1") }, "ghcr.io/acme": { auth: auth("a:2") } },
      }),
    },
    found: "a:2",
  },
  {
    name: "Podman's in the runtime folder",
    variables: { XDG_RUNTIME_DIR: "~/run" },
    files: { "run/containers/auth.json": config({ auths: { "ghcr.io": { auth: auth("r:1") } } }) },
    found: "r:1",
  },
  {
    name: "a helper for the registry",
    files: {
      [docker]: config({
        credHelpers: { "ghcr.io": "good" },
        credsStore: "bad",
        auths: { "ghcr.io": { auth: auth("file:1") } },
      }),
    },
    found: "ghcr.io:from-helper",
    lookedIn: [`~/${docker}`, "docker-credential-good"],
  },
  {
    name: "the store for all",
    files: { [docker]: config({ credsStore: "good" }) },
    registry: "docker.io",
    found: "https://index.docker.io/v1/:from-helper",
  },
  {
    name: "a helper that has an identity token",
    files: { [docker]: config({ credsStore: "identity" }) },
    found: "identity <token>:idt",
  },
  {
    name: "a helper that knows nothing, whatever the file holds",
    files: { [docker]: config({ credsStore: "unknown", auths: { "ghcr.io": { auth: auth("file:1") } } }) },
    found: "anonymous",
  },
];

const helpers: Readonly<Record<string, string>> = {
  good: `read s; printf '{"ServerURL":"%s","Username":"%s","Secret":"from-helper"}' "$s" "$s"`,
  identity: `printf '{"ServerURL":"","Username":"<token>","Secret":"idt"}'`,
  unknown: `echo "credentials not found in native keychain"; exit 1`,
  bad: `echo "s3cret on stdout"; exit 3`,
  garbled: `echo '{"Secret":"s3cret"'`,
  loud: `head -c 200000 /dev/zero | tr '\\0' 's'`,
};

const failures: readonly { name: string; text: string; message: RegExp }[] = [
  {
    name: "broken JSON",
    text: `{"auths": {"ghcr.io": {"auth": "s3cret`,
    message: /config\.json cannot be read: it is not valid JSON$/,
  },
  {
    name: "a wrong type",
    text: config({ auths: { "ghcr.io": { auth: 5, password: "s3cret" } } }),
    message: /config\.json cannot be read: auths\.ghcr\.io\.auth has not the type/,
  },
  {
    name: "an auth without colon",
    text: config({ auths: { "ghcr.io": { auth: auth("s3cret") } } }),
    message: /"auth" of "ghcr\.io" is not base64 of user:password$/,
  },
  {
    name: "a helper that fails",
    text: config({ credsStore: "bad" }),
    message: /docker-credential-bad, named by .*config\.json, failed with exit code 3$/,
  },
  {
    name: "a helper that garbles",
    text: config({ credsStore: "garbled" }),
    message: /answered something that is no credential$/,
  },
  {
    name: "a helper that talks too much",
    text: config({ credsStore: "loud" }),
    message: /answered too much$/,
  },
  {
    name: "a helper that is missing",
    text: config({ credsStore: "missing" }),
    message: /docker-credential-missing, .* is not installed/,
  },
  {
    name: "a helper's name with a path",
    text: config({ credsStore: "x/../../bin/sh" }),
    message: /has a name that no helper may have$/,
  },
  {
    name: "a helper's name with a command",
    text: config({ credsStore: "x;touch y" }),
    message: /has a name that no helper may have$/,
  },
];

describe("registry/credentials", () => {
  let home = "";

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "credentials-"));
  });

  afterEach(async () => {
    await rm(home, { recursive: true });
  });

  async function write(path: string, text: string): Promise<void> {
    await mkdir(dirname(join(home, path)), { recursive: true });
    await writeFile(join(home, path), text);
  }

  async function lookup(given: Omit<Case, "name" | "found">): Promise<CredentialLookup> {
    for (const [path, text] of Object.entries(given.files ?? {})) await write(path, text);
    for (const [name, body] of Object.entries(helpers)) {
      await write(`bin/docker-credential-${name}`, `#!/bin/sh\n${body}\n`);
      await chmod(join(home, `bin/docker-credential-${name}`), 0o755);
    }
    const environment: Record<string, string> = { PATH: `${join(home, "bin")}:/usr/bin:/bin` };
    for (const [name, value] of Object.entries(given.variables ?? {})) {
      environment[name] = value.replace("~", home);
    }
    const store = createCredentialStore({ environment, home });
    return store.lookup(given.registry ?? "ghcr.io", given.repository ?? "acme/api");
  }

  for (const { name, found, lookedIn, ...given } of cases) {
    it(`finds ${found} with ${name}`, async function () {
      if (process.platform === "win32" && JSON.stringify(given).includes("cred")) this.skip();
      const answer = await lookup(given);
      assert.equal(show(answer), found);
      if (lookedIn !== undefined) {
        assert.deepEqual(
          answer.lookedIn.map((place) => place.replace(home, "~")),
          lookedIn,
        );
      }
    });
  }

  for (const { name, text, message } of failures) {
    it(`refuses ${name}, and repeats no secret`, async function () {
      if (process.platform === "win32") this.skip();
      const error = await lookup({ files: { [docker]: text } }).catch((e: unknown) => e);
      assert.ok(error instanceof RegistryError);
      assert.equal(error.code, "credentials");
      assert.match(error.message, message);
      assert.ok(
        !`${error.message}${error.fix}${String(error.stack)}${JSON.stringify(error)}`.includes("s3cret"),
      );
      assert.equal(error.cause, undefined);
    });
  }

  it("takes the longest path among the options", async () => {
    const user = (username: string): { username: string; password: string } => ({ username, password: "x" });
    const store = createCredentialStore({
      environment: {},
      home,
      credentials: { "ghcr.io": user("a"), "ghcr.io/acme": user("b") },
    });
    assert.equal(show(await store.lookup("ghcr.io", "acme/api")), "b:x");
    assert.equal(show(await store.lookup("ghcr.io", "other")), "a:x");
    assert.equal(show(await store.lookup("quay.io", "acme/api")), "anonymous");
  });
});

function show({ credential }: CredentialLookup): string {
  switch (credential.kind) {
    case "anonymous":
      return "anonymous";
    case "basic":
      return `${credential.username}:${credential.password}`;
    case "identity-token":
      return `identity ${credential.username}:${credential.token}`;
    case "registry-token":
      return `token ${credential.token}`;
  }
}
