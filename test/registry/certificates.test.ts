import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createSecureServer } from "node:http2";
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { connect as connectTo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { inspect, promisify } from "node:util";
import { after, afterEach, before, describe, it } from "mocha";
import { parseImageReference } from "../../images";
import { createRegistryClient, RegistryError, type RegistryClientOptions } from "../../registry";
import { createCertificateStore } from "../../registry/certificates";
import { makeCertificate } from "../support/distribution/certificate";
import { projectRoot } from "../support/paths";
import { startRegistry } from "../support/registry";

const digest = `sha256:${"a".repeat(64)}`;

interface Pem {
  readonly cert: string;
  readonly key: string;
}

describe("registry/certificates", () => {
  const closers: (() => Promise<void>)[] = [];
  let folder = "";
  let own: Pem = { cert: "", key: "" };
  let visitor: Pem = { cert: "", key: "" };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "pinned-certificates-"));
    const make = async (name: string): Promise<Pem> => {
      await mkdir(join(folder, name));
      const made = await makeCertificate(join(folder, name), ["localhost", "registry.test"]);
      return { cert: await readFile(made.certificate, "utf8"), key: await readFile(made.key, "utf8") };
    };
    own = await make("server");
    visitor = await make("client");
  });

  after(() => rm(folder, { recursive: true, force: true }));

  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  /** A registry over TLS that serves one digest for everything, and tokens; `realm` makes it want one. */
  async function start(
    wantsVisitor = false,
    realm?: string,
  ): Promise<{ host: string; port: number; versions: string[] }> {
    const versions: string[] = [];
    const server = createSecureServer(
      {
        ...own,
        allowHTTP1: true,
        ...(wantsVisitor ? { ca: visitor.cert, requestCert: true, rejectUnauthorized: true } : {}),
      },
      (request, response) => {
        versions.push(request.httpVersion);
        if (request.url.startsWith("/token")) {
          response.end(`{"token":"t"}`);
          return;
        }
        const refused = realm !== undefined && request.headers.authorization === undefined;
        response.writeHead(refused ? 401 : 200, {
          ...(refused ? { "www-authenticate": `Bearer realm="${realm}"` } : {}),
          "content-type": "application/vnd.oci.image.index.v1+json",
          "docker-content-digest": digest,
        });
        response.end();
      },
    );
    server.on("sessionError", () => undefined);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closers.push(async () => {
      server.close();
      await Promise.resolve();
    });
    const address = server.address();
    const port = address !== null && typeof address === "object" ? address.port : 0;
    return { host: `localhost:${port}`, port, versions };
  }

  async function resolve(host: string, options: RegistryClientOptions): Promise<string> {
    const client = createRegistryClient({
      environment: {},
      home: "/nonexistent",
      certificateFolders: [],
      ...options,
    });
    closers.push(() => client.close());
    return (await client.resolve(parseImageReference(`${host}/api:1`))).digest;
  }

  /** A folder of certificates for a host, as Docker wants it. */
  async function certificatesFor(host: string, files: Readonly<Record<string, string>>): Promise<string> {
    const base = await mkdtemp(join(folder, "certs-"));
    await mkdir(join(base, host));
    for (const [name, text] of Object.entries(files)) await writeFile(join(base, host, name), text);
    return base;
  }

  it("trusts an authority from the options, and speaks HTTP/2 where it is offered", async () => {
    const { host, versions } = await start();
    assert.equal(await resolve(host, { certificates: { [host]: { ca: own.cert } } }), digest);
    assert.deepEqual(versions, ["2.0"]);
  });

  it("trusts ca.crt in a registry's folder", async () => {
    const { host } = await start();
    const base = await certificatesFor(host, { "ca.crt": own.cert });
    assert.equal(await resolve(host, { certificateFolders: ["/nonexistent", base] }), digest);
  });

  it("trusts SSL_CERT_FILE", async () => {
    const { host } = await start();
    const path = join(folder, "server", "localhost.crt");
    const options = { certificates: { [host]: {} }, environment: { SSL_CERT_FILE: path } };
    assert.equal(await resolve(host, options), digest);
  });

  it("shows a certificate where one is wanted", async () => {
    const { host } = await start(true);
    const files = { "ca.crt": own.cert, "client.cert": visitor.cert, "client.key": visitor.key };
    const base = await certificatesFor(host, files);
    assert.equal(await resolve(host, { certificateFolders: [base] }), digest);
    const given = { [host]: { ca: own.cert, ...visitor } };
    assert.equal(await resolve(host, { certificates: given }), digest);
  });

  it("trusts what a mirror's hosts.toml names, shows what it names, and verifies nevertheless", async () => {
    const { host, versions } = await start(true);
    const upstream = await startRegistry();
    closers.push(() => upstream.close());
    const systemConfig = await mkdtemp(join(folder, "etc-"));
    const hosts = join(systemConfig, "containerd", "certs.d", "_default");
    await mkdir(hosts, { recursive: true });
    await writeFile(join(hosts, "client.pem"), `${visitor.cert}${visitor.key}`);
    const named = { ca: `"${join(folder, "server", "localhost.crt")}"`, client: `"client.pem"` };
    const cases = [
      [{ ...named }, true],
      [{ ca: named.ca }, false],
      [{ client: named.client, skip_verify: "true" }, false],
      [{ ...named, ca: `"missing.pem"` }, false],
    ] as const;
    for (const [entries, answers] of cases) {
      versions.length = 0;
      const lines = Object.entries(entries).map(([name, value]) => `${name} = ${value}\n`);
      await writeFile(join(hosts, "hosts.toml"), `[host."https://${host}"]\n${lines.join("")}`);
      const client = createRegistryClient({
        environment: {},
        home: "/nonexistent",
        certificateFolders: [],
        systemConfig,
      });
      closers.push(() => client.close());
      const answer = client.resolve(parseImageReference(`${upstream.host}/api@${digest}`));
      if (answers) assert.equal((await answer).registry, host);
      else await assert.rejects(answer, { code: "not-found" });
      assert.equal(versions.length, answers ? 1 : 0);
    }
  });

  it("wants a folder of its own for a token service on another port", async () => {
    const service = await start();
    const { host } = await start(false, `https://${service.host}/token`);
    const base = await certificatesFor(host, { "ca.crt": own.cert });
    const error = await rejects(resolve(host, { certificateFolders: [base] }));
    assert.match(error.message, /^GET \/token on localhost:\d+ could not be sent: TLS failed/);
    assert.ok(error.message.includes(service.host));
    await mkdir(join(base, service.host));
    await writeFile(join(base, service.host, "ca.crt"), own.cert);
    assert.equal(await resolve(host, { certificateFolders: [base] }), digest);
  });

  it("takes a registry's certificates through a proxy, too", async () => {
    const { port, versions } = await start(true);
    const asked: string[] = [];
    const proxy = createServer();
    const sockets = new Set<Duplex>();
    proxy.on("connect", (request, client: Duplex) => {
      asked.push(`${request.url ?? ""} ${request.headers["proxy-authorization"] ?? ""}`);
      const target = connectTo(port, "127.0.0.1", () => {
        client.write("HTTP/1.1 200 Connection established\r\n\r\n");
        client.pipe(target).pipe(client);
      });
      for (const socket of [client, target]) sockets.add(socket.on("error", () => undefined));
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    closers.push(async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => proxy.close(resolve));
    });
    const address = proxy.address();
    const at = typeof address === "object" ? (address?.port ?? 0) : 0;
    const environment = { HTTPS_PROXY: `http://ada:pr0xy-word@127.0.0.1:${at}` };
    const host = `registry.test:${port}`;

    const files = { "ca.crt": own.cert, "client.cert": visitor.cert, "client.key": visitor.key };
    const base = await certificatesFor(host, files);
    assert.equal(await resolve(host, { environment, certificateFolders: [base] }), digest);
    assert.equal(versions.length, 1);
    assert.deepEqual(asked, [`${host} Basic ${Buffer.from("ada:pr0xy-word").toString("base64")}`]);

    const error = await rejects(resolve(host, { environment }));
    assert.match(error.message, /TLS failed/);
    assert.ok(!`${error.message} ${error.stack ?? ""} ${inspect(error.cause)}`.includes("pr0xy-word"));
    assert.equal(versions.length, 1);
  });

  it("trusts NODE_EXTRA_CA_CERTS", async () => {
    const { host } = await start();
    const command = join(projectRoot, "dist", "cli", "index.js");
    const run = (environment: Readonly<Record<string, string>>): Promise<string> =>
      promisify(execFile)(process.execPath, [command, "digest", `${host}/api:1`], {
        env: { PATH: process.env["PATH"], HOME: "/nonexistent", ...environment },
        timeout: 15_000,
      }).then(
        ({ stdout }) => stdout,
        (error: unknown) => String(error),
      );
    const path = join(folder, "server", "localhost.crt");
    assert.equal(await run({ NODE_EXTRA_CA_CERTS: path }), `${digest}\n`);
    assert.match(await run({}), /TLS failed \(DEPTH_ZERO_SELF_SIGNED_CERT\)/);
  });

  const refusals: readonly (readonly [
    what: string,
    files: () => Readonly<Record<string, string>>,
    message: RegExp,
  ])[] = [
    ["an unknown authority", () => ({}), /TLS failed \(DEPTH_ZERO_SELF_SIGNED_CERT\)$/],
    ["another authority", () => ({ "ca.crt": visitor.cert }), /TLS failed \([A-Z_]+\)$/],
    [
      "a certificate without its key",
      () => ({ "ca.crt": own.cert, "client.cert": visitor.cert }),
      /client\.cert has no client\.key beside it$/,
    ],
    [
      "a key that is none",
      () => ({ "client.cert": visitor.cert, "client.key": "secret-thing" }),
      /holds something that is no certificate or key \(ERR_OSSL_[A-Z_]+\)$/,
    ],
    [
      "a key of another certificate",
      () => ({ "client.cert": visitor.cert, "client.key": own.key }),
      /holds something that is no certificate or key \(ERR_OSSL_[A-Z0-9_]+\)$/,
    ],
  ];
  for (const [what, files, message] of refusals) {
    it(`fails with ${what}`, async () => {
      const { host, versions } = await start();
      const base = await certificatesFor(host, files());
      const error = await rejects(resolve(host, { certificateFolders: [base] }));
      assert.match(error.message, message);
      assert.ok(!JSON.stringify(error).includes("secret-thing") && !error.message.includes("secret-thing"));
      assert.deepEqual(versions, []);
    });
  }

  it("wants a key in the options, too", async () => {
    const { host } = await start();
    const error = await rejects(resolve(host, { certificates: { [host]: { cert: visitor.cert } } }));
    assert.match(error.message, /the client's options a certificate needs its key$/);
  });

  it("keeps a host's certificates from every other, and to its folder", async () => {
    const base = await certificatesFor("a.example", { "ca.crt": own.cert });
    const store = createCertificateStore({ environment: {}, certificateFolders: [join(base, "a.example")] });
    for (const host of [".", "..", "../a.example", "", "b.example"])
      assert.equal(store.has(host), false, host);
    const other = createCertificateStore({ environment: {}, certificateFolders: [base] });
    assert.equal(other.has("a.example"), true);
    assert.equal(other.has("a.example:5000"), false);
    assert.equal(other.contextFor("b.example"), undefined);
  });
});

async function rejects(promise: Promise<unknown>): Promise<RegistryError> {
  const outcome = await promise.catch((error: unknown) => error);
  assert.ok(outcome instanceof RegistryError, String(outcome));
  assert.equal(outcome.code, "tls", outcome.message);
  return outcome;
}
