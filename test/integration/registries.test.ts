import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { after, before, describe, it } from "mocha";
import { formatPlatform, parseImageReference } from "../../images";
import { createRegistryClient, RegistryError, type RegistryClient } from "../../registry";
import {
  startDistribution,
  testUser,
  type DistributionRegistry,
  type PushedIndex,
  type RegistryAuth,
} from "../support/distribution";

const platforms = ["linux/amd64", "linux/arm64"];
const wrongPassword = "wr0ng-word-of-nobody";

/** The ways to be asked for credentials, and how many requests an image's digest costs cold: a probe, an answer. */
const kinds: readonly {
  readonly auth: RegistryAuth;
  readonly tls?: true;
  readonly closed: boolean;
  readonly cold: number;
}[] = [
  { auth: { kind: "none" }, closed: false, cold: 1 },
  { auth: { kind: "htpasswd" }, closed: true, cold: 2 },
  { auth: { kind: "token", credentials: "not required" }, closed: false, cold: 2 },
  { auth: { kind: "token", credentials: "required" }, closed: true, cold: 2 },
  { auth: { kind: "none" }, tls: true, closed: false, cold: 1 },
  { auth: { kind: "htpasswd" }, tls: true, closed: true, cold: 2 },
  { auth: { kind: "token", credentials: "required" }, tls: true, closed: true, cold: 2 },
];

for (const { auth, tls = false, closed, cold } of kinds) {
  const title = auth.kind === "token" ? `token, credentials ${auth.credentials}` : auth.kind;

  describe(`CNCF Distribution (${title}${tls ? ", TLS" : ""})`, function () {
    // The first run builds the registry and crane.
    this.timeout(300_000);
    let registry: DistributionRegistry;
    let single: string;
    let index: PushedIndex;
    const clients: RegistryClient[] = [];

    /** A client with the registry's own configuration folder, as a user has one. */
    function connect(environment: Readonly<Record<string, string>>): RegistryClient {
      const { host, certificate } = registry;
      const client = createRegistryClient({
        // The token service is another host, which the registry's certificates are not for.
        environment: { ...(certificate === undefined ? {} : { SSL_CERT_FILE: certificate }), ...environment },
        home: "/nonexistent",
        ...(certificate === undefined
          ? {}
          : { certificates: { [host]: { ca: readFileSync(certificate, "utf8") } } }),
      });
      clients.push(client);
      return client;
    }

    const loggedIn = (): RegistryClient => connect({ DOCKER_CONFIG: registry.dockerConfig });
    const image = (name: string) => parseImageReference(`${registry.host}/${name}`);

    before(async () => {
      registry = await startDistribution({ auth, tls });
      single = await registry.push.image("team/single", "1", "linux/arm64");
      index = await registry.push.multiPlatform("team/multi", "1", platforms);
    });
    after(async () => {
      await Promise.all(clients.map((client) => client.close()));
      await registry.close();
    });

    it("gives the digest that crane gives, for an image and for an index", async () => {
      const client = loggedIn();
      for (const [name, pushed] of [
        ["team/single:1", single],
        ["team/multi:1", index.digest],
      ] as const) {
        const { digest } = await client.resolve(image(name));
        assert.equal(digest, pushed);
        assert.equal(digest, await registry.crane("digest", `${registry.host}/${name}`));
      }
    });

    it("confirms each platform's own digest", async () => {
      const client = loggedIn();
      assert.equal(index.children.size, platforms.length);
      for (const digest of index.children.values()) {
        assert.equal((await client.resolve(image(`team/multi@${digest}`))).digest, digest);
      }
    });

    it("lists the platforms of an image and of an index", async () => {
      const client = loggedIn();
      const listed = async (name: string) => (await client.platforms(image(name))).map(formatPlatform);
      assert.deepEqual(await listed("team/single:1"), ["linux/arm64"]);
      assert.deepEqual((await listed("team/multi:1")).sort(), platforms);
    });

    it(`answers ${cold === 1 ? "one HEAD" : "two HEADs"} for a tag from cold, which say who is asking`, async () => {
      const known = (await registry.requests()).length;
      await loggedIn().resolve(image("team/single:1"));
      const asked = (await registry.requests()).slice(known);
      assert.deepEqual(
        asked.map(({ method }) => method),
        Array.from({ length: cold }, () => "HEAD"),
      );
      assert.ok(asked.every(({ userAgent }) => userAgent === "pulumi-pinned-images"));
    });

    it("says that a tag does not exist", async () => {
      const error = await failure(loggedIn().resolve(image("team/single:none")));
      assert.equal(error.code, "not-found");
      assert.equal(error.registryCode, "MANIFEST_UNKNOWN");
    });

    if (!closed) return;

    it("says that a password is wrong, without the password", async () => {
      const encoded = Buffer.from(`${testUser.username}:${wrongPassword}`).toString("base64");
      const config = JSON.stringify({ auths: { [registry.host]: { auth: encoded } } });
      const error = await failure(connect({ DOCKER_AUTH_CONFIG: config }).resolve(image("team/single:1")));
      assert.equal(error.code, "unauthorized");
      assert.match(
        error.message,
        /answered 401 UNAUTHORIZED \(credentials: found for localhost:\d+ in DOCKER_AUTH_CONFIG, not accepted\)$/,
      );
      const shown = `${inspect(error, { depth: null, showHidden: true })} ${JSON.stringify(error)} ${error.stack ?? ""}`;
      assert.ok(!shown.includes(wrongPassword) && !shown.includes(encoded), shown);
    });

    it("says where it looked when there are no credentials", async () => {
      const error = await failure(connect({}).resolve(image("team/single:1")));
      assert.equal(error.code, "unauthorized");
      assert.match(error.message, /none found for localhost:\d+ in \/nonexistent\/\.docker\/config\.json/);
    });
  });
}

async function failure(work: Promise<unknown>): Promise<RegistryError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof RegistryError, `no RegistryError but ${inspect(error)}`);
  return error;
}
