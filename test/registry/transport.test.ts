import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { LookupFunction } from "node:net";
import { inspect } from "node:util";
import { afterEach, describe, it } from "mocha";
import { parseImageReference } from "../../images";
import { RegistryError, type RegistryClientOptions } from "../../registry";
import { Client } from "../../registry/client";
import { createTransport } from "../../registry/transport";
import { startRegistry, type Registry, type RegistryOptions } from "../support/registry";

/** Every name leads to this machine. */
const everythingIsHere: LookupFunction = (_host, options, callback) => {
  if (options.all === true) callback(null, [{ address: "127.0.0.1", family: 4 }]);
  else callback(null, "127.0.0.1", 4);
};

describe("registry/transport", () => {
  const closers: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  async function start(options?: RegistryOptions): Promise<Registry> {
    const registry = await startRegistry(options);
    closers.push(() => registry.close());
    return registry;
  }

  function connect(options: RegistryClientOptions): Client {
    const transport = createTransport({
      connections: 8,
      connectTimeout: 1000,
      answerTimeout: 1000,
      insecureRegistries: options.insecureRegistries ?? [],
      allowedPrivateHosts: options.allowedPrivateHosts ?? [],
      environment: options.environment ?? {},
      lookup: everythingIsHere,
    });
    const client = new Client(transport, { environment: {}, home: "/nonexistent", ...options });
    closers.push(() => client.close());
    return client;
  }

  it("lets a registry lie on a private address", async () => {
    const registry = await start();
    const digest = registry.push("api", "1");
    const host = `registry.test:${registry.port}`;
    const client = connect({ insecureRegistries: [host] });
    const resolution = await client.resolve(parseImageReference(`${host}/api:1`));
    assert.deepEqual([resolution.digest, resolution.registry], [digest, host]);
  });

  it("speaks TLS to a registry that is not named as insecure", async () => {
    const registry = await start();
    const client = connect({});
    const error = await rejects(
      client.resolve(parseImageReference(`registry.test:${registry.port}/api:1`)),
      "tls",
    );
    assert.match(error.message, /TLS failed \([A-Z_]+\)$/);
    assert.equal(registry.log.length, 0);
  });

  for (const what of ["token service", "redirect"] as const) {
    it(`checks where the name of a ${what} leads to when connecting`, async () => {
      const target = await start();
      const elsewhere = `elsewhere.test:${target.port}`;
      const registry = await start({ auth: { kind: "token", realm: `http://${elsewhere}/token` } });
      const host = `registry.test:${registry.port}`;
      if (what === "redirect") {
        registry.fail({
          kind: "answer",
          status: 307,
          headers: { location: `http://${elsewhere}/v2/api/manifests/1` },
        });
      }
      const digest = target.push("api", "1");
      const reference = parseImageReference(`${host}/api:1`);
      const options = { insecureRegistries: [host, elsewhere] };

      const error = await rejects(connect(options).resolve(reference), "forbidden-address");
      assert.match(error.message, /led to elsewhere\.test, which lies on a private address/);
      assert.equal(target.log.length, 0);

      const allowed = connect({ ...options, allowedPrivateHosts: ["elsewhere.test"] });
      if (what === "redirect") assert.equal((await allowed.resolve(reference)).digest, digest);
      else await rejects(allowed.resolve(reference), "bad-response");
      assert.equal(target.log.length, 1);
    });
  }

  it("checks a name even when a connection to it is open already", async () => {
    const target = await start();
    target.push("api", "1");
    const registry = await start();
    const [host, elsewhere] = [`registry.test:${registry.port}`, `elsewhere.test:${target.port}`];
    const client = connect({ insecureRegistries: [host, elsewhere] });
    await client.resolve(parseImageReference(`${elsewhere}/api:1`));
    registry.fail({
      kind: "answer",
      status: 307,
      headers: { location: `http://${elsewhere}/v2/api/manifests/1` },
    });
    await rejects(client.resolve(parseImageReference(`${host}/api:1`)), "forbidden-address");
    assert.equal(target.log.length, 1);
  });

  it("does not let a registry elsewhere lead to this machine", async () => {
    const registry = await start();
    const host = `registry.test:${registry.port}`;
    registry.fail({
      kind: "answer",
      status: 307,
      headers: { location: `http://localhost:${registry.port}/` },
    });
    const client = connect({ insecureRegistries: [host] });
    await rejects(client.resolve(parseImageReference(`${host}/api:1`)), "forbidden-address");
    assert.equal(registry.log.length, 1);
  });

  it("goes through a proxy, but not to this machine", async () => {
    const asked: string[] = [];
    const proxy = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.writeHead(404).end();
    });
    const port = await listen(proxy);
    closers.push(async () => {
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
    });
    const registry = await start();
    const digest = registry.push("api", "1");
    const client = connect({
      insecureRegistries: ["registry.test", "direct.test"],
      environment: { HTTP_PROXY: `http://127.0.0.1:${port}`, NO_PROXY: "direct.test" },
    });
    await rejects(client.resolve(parseImageReference("registry.test/api:1")), "not-found");
    assert.deepEqual(asked, [
      "http://registry.test/v2/api/manifests/1",
      "http://registry.test/v2/api/manifests/1",
    ]);
    assert.equal((await client.resolve(parseImageReference(`${registry.host}/api:1`))).digest, digest);
    await rejects(client.resolve(parseImageReference("direct.test/api:1")), "unreachable");
    assert.equal(asked.length, 2);
  });

  it("sends https through the proxy for https alone", async () => {
    const asked: string[] = [];
    const proxy = createServer().on("connect", (request, socket) => {
      asked.push(request.url ?? "");
      socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    });
    const port = await listen(proxy);
    closers.push(async () => {
      await new Promise((resolve) => proxy.close(resolve));
    });
    const address = `http://127.0.0.1:${port}`;
    const straight = connect({ environment: { HTTP_PROXY: address } });
    await rejects(straight.resolve(parseImageReference("registry.test:9/api:1")), "unreachable");
    assert.deepEqual(asked, []);
    const proxied = connect({ environment: { HTTPS_PROXY: address } });
    await rejects(proxied.resolve(parseImageReference("registry.test:9/api:1")), "unreachable");
    assert.equal(asked[0], "registry.test:9");
  });

  it("says nothing of a proxy's password, whatever the proxy says", async () => {
    const pair = Buffer.from("ada:pr0xy-word").toString("base64");
    const proxy = createServer((request, response) => {
      const said = `pr0xy-word/${request.headers["proxy-authorization"]?.slice("Basic ".length) ?? ""}`;
      response
        .writeHead(200, { "content-type": said, "docker-content-digest": `sha256:${"0".repeat(64)}` })
        .end();
    });
    const port = await listen(proxy);
    closers.push(async () => {
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
    });
    const client = connect({
      insecureRegistries: ["registry.test"],
      environment: { HTTP_PROXY: `http://ada:pr0xy-word@127.0.0.1:${port}` },
    });
    const error = await rejects(
      client.resolve(parseImageReference("registry.test/api:1")),
      "unsupported-media-type",
    );
    assert.match(error.message, /\*\*\*/);
    assert.doesNotMatch(inspect(error, { depth: 9 }), new RegExp(`pr0xy-word|${pair}`, "i"));
  });

  it("asks Docker Hub where it answers", async () => {
    const hosts: string[] = [];
    const transport = {
      send: ({ url }: { url: URL }): Promise<never> => {
        hosts.push(url.href);
        return Promise.reject(new Error("enough"));
      },
      close: (): Promise<void> => Promise.resolve(),
    };
    await assert.rejects(new Client(transport, {}).resolve(parseImageReference("nginx:1.27")), /enough/);
    assert.deepEqual(hosts, ["https://registry-1.docker.io/v2/library/nginx/manifests/1.27"]);
  });
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return address !== null && typeof address === "object" ? address.port : 0;
}

async function rejects(promise: Promise<unknown>, code: string): Promise<RegistryError> {
  const outcome = await promise.catch((error: unknown) => error);
  assert.ok(outcome instanceof RegistryError, String(outcome));
  assert.equal(outcome.code, code, outcome.message);
  return outcome;
}
