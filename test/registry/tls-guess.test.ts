import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createSecureServer } from "node:http2";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "mocha";
import { parseImageReference } from "../../images";
import { createRegistryClient, type RegistryClient, type RegistryClientOptions } from "../../registry";
import { makeCertificate, type Certificate } from "../support/distribution/certificate";
import { startRegistry } from "../support/registry";

const digest = `sha256:${"a".repeat(64)}`;
const password = "open-sesame-now";

/** What a port that speaks TLS says to plain http: Go's net/http and nginx answer, Node.js and others hang up. */
const manners: readonly (readonly [string, string | undefined])[] = [
  ["says 400", "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"],
  ["answers an alert of TLS", "\x15\x03\x01\x00\x02\x02\x46"],
  ["hangs up", undefined],
];

describe("registry/tls guess", () => {
  const closers: (() => Promise<unknown>)[] = [];
  let folder = "";
  let certificate: Certificate;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "pinned-tls-"));
    certificate = await makeCertificate(folder);
  });

  after(() => rm(folder, { recursive: true, force: true }));

  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  function connect(options: RegistryClientOptions): RegistryClient {
    const client = createRegistryClient({
      environment: {},
      home: "/nonexistent",
      certificateFolders: [],
      ...options,
    });
    closers.push(() => client.close());
    return client;
  }

  /** A registry that speaks TLS and wants a password, on a port that meets plain http in one of the manners. */
  async function start(manner: string | undefined): Promise<{ host: string; plain: string[] }> {
    const plain: string[] = [];
    const sockets = new Set<Socket>();
    const [cert, key] = [await readFile(certificate.certificate), await readFile(certificate.key)];
    const secure = createSecureServer({ cert, key, allowHTTP1: true }, (request, response) => {
      const known = request.headers.authorization !== undefined;
      response.writeHead(known ? 200 : 401, {
        "www-authenticate": `Basic realm="x"`,
        "content-type": "application/vnd.oci.image.index.v1+json",
        "docker-content-digest": digest,
      });
      response.end();
    });
    secure.on("tlsClientError", () => undefined).on("sessionError", () => undefined);
    const server = createServer((socket) => {
      sockets.add(socket.on("error", () => undefined));
      socket.once("data", (bytes) => {
        socket.pause();
        if (bytes[0] === 0x16) {
          socket.unshift(bytes);
          secure.emit("connection", socket);
          return;
        }
        plain.push(bytes.toString("latin1"));
        if (manner === undefined) socket.destroy();
        else socket.end(manner, "latin1");
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closers.push(async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    });
    const address = server.address();
    return { host: `localhost:${typeof address === "object" ? (address?.port ?? 0) : 0}`, plain };
  }

  for (const [what, manner] of manners) {
    it(`speaks TLS to a registry of this machine that ${what} to plain http`, async () => {
      const { host, plain } = await start(manner);
      const client = connect({
        environment: { SSL_CERT_FILE: certificate.certificate },
        credentials: { [host]: { username: "ada", password } },
      });
      const references = ["1", "2", "3", "4"].map((tag) => parseImageReference(`${host}/api:${tag}`));
      const found = await Promise.all(references.map((reference) => client.resolve(reference)));
      assert.deepEqual(
        found.map((one) => one.digest),
        references.map(() => digest),
      );
      // The first one alone asked in plain (thrice, where it was hung up on), and without the password.
      assert.ok(plain.length >= 1 && plain.length <= 3);
      assert.ok(plain.every((text) => text.startsWith("HEAD /v2/api/manifests/1 ")));
      assert.ok(!/authorization/i.test(plain.join("")));
    });

    it(`does not trust one that ${what} to plain http for that`, async () => {
      const { host } = await start(manner);
      await assert.rejects(connect({}).resolve(parseImageReference(`${host}/api:1`)), {
        code: "tls",
        message: /TLS failed \(DEPTH_ZERO_SELF_SIGNED_CERT\)$/,
      });
    });
  }

  it("stays with plain http where TLS is not spoken", async () => {
    const registry = await startRegistry();
    closers.push(() => registry.close());
    const pushed = registry.push("api", "1");
    registry.fail({ kind: "answer", status: 400, times: 1 });
    const client = connect({});
    const reference = parseImageReference(`${registry.host}/api:1`);
    await assert.rejects(client.resolve(reference), { code: "bad-response", status: 400 });
    assert.equal((await client.resolve(reference)).digest, pushed);
    assert.deepEqual(
      registry.log.map(({ status }) => status),
      [400, 200],
    );
  });

  it("asks nothing twice where plain http is refused altogether", async () => {
    const started = performance.now();
    await assert.rejects(connect({}).resolve(parseImageReference("localhost:1/api:1")), {
      code: "unreachable",
      message: /the connection was refused$/,
    });
    assert.ok(performance.now() - started < 1500);
  });
});
