import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, describe, it } from "mocha";
import { lookup } from "node:dns";
import { parseImageReference } from "../../images";
import { createRegistryClient } from "../../registry";
import { createDialer, type Dial } from "../../registry/dialer";
import { SpareConnections } from "../../registry/spare-connections";
import { startRegistry } from "../support/registry";

describe("registry/spare connections", () => {
  const dial = createDialer({ lookup, timeout: 1000, secureContext: undefined });
  const taken: Socket[] = [];
  let accepted: Socket[] = [];
  let server: Server;
  let url: URL;

  beforeEach(async () => {
    accepted = [];
    server = createServer((socket) => accepted.push(socket.on("error", () => undefined)));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    url = new URL(`http://127.0.0.1:${typeof address === "object" ? (address?.port ?? 0) : 0}`);
  });

  afterEach(async () => {
    for (const socket of [...taken.splice(0), ...accepted]) socket.destroy();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  });

  async function take(spare: SpareConnections, to = url): Promise<Socket> {
    const socket = await new Promise<Socket>((resolve, reject) => {
      spare.connect(to, (error, socket) => {
        if (error === null) resolve(socket);
        else reject(error);
      });
    });
    taken.push(socket);
    return socket;
  }

  /** Until the server has seen so many connections, and a little longer, lest there be more. */
  async function accepts(count: number): Promise<void> {
    while (accepted.length < count) await once(server, "connection");
    await new Promise((resolve) => setTimeout(resolve, 30));
    assert.equal(accepted.length, count);
  }

  it("hands out the connection that was begun, open or not", async () => {
    for (const wait of [0, 50]) {
      const spare = new SpareConnections(dial);
      const before = accepted.length;
      await spare.begin(url);
      await new Promise((resolve) => setTimeout(resolve, wait));
      const socket = await take(spare);
      await accepts(before + 1);
      assert.equal(accepted.at(-1)?.remotePort, socket.localPort);
      spare.close();
    }
  });

  it("opens so many more where one is open, and hands them out", async () => {
    const spare = new SpareConnections(dial);
    await take(spare);
    spare.prepare(url, 3);
    spare.prepare(url, 2);
    await accepts(4);
    await Promise.all([take(spare), take(spare), take(spare)]);
    await accepts(4);
    await take(spare);
    await accepts(5);
  });

  it("opens none where nothing is known, and none to HTTP/2", async () => {
    const http2: Dial = (target, callback, underWay) =>
      dial(
        target,
        (...result) => {
          if (result[1] !== null) Object.assign(result[1], { alpnProtocol: "h2" });
          callback(...result);
        },
        underWay,
      );
    const spare = new SpareConnections(http2);
    spare.prepare(url, 3);
    await take(spare);
    spare.prepare(url, 3);
    await accepts(1);
  });

  it("does not hand out what the other side has closed", async () => {
    const spare = new SpareConnections(dial);
    await spare.begin(url);
    await accepts(1);
    accepted[0]?.resetAndDestroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal((await take(spare)).destroyed, false);
    await accepts(2);
  });

  it("keeps the trouble of a spare connection for who wants it", async () => {
    await new Promise((resolve) => server.close(resolve));
    const spare = new SpareConnections(dial);
    await spare.begin(url);
    await assert.rejects(take(spare), { code: "ECONNREFUSED" });
    await assert.rejects(take(spare), { code: "ECONNREFUSED" });
  });

  it("settles for a name that does not exist", async () => {
    const nowhere = createDialer({
      lookup: (host, _options, callback) => {
        callback(Object.assign(new Error(host), { code: "ENOTFOUND" }), "", 4);
      },
      timeout: 1000,
      secureContext: undefined,
    });
    await new SpareConnections(nowhere).begin(new URL("http://nowhere.example"));
  });

  it("closes what nobody took", async () => {
    const spare = new SpareConnections(dial);
    await take(spare);
    spare.prepare(url, 2);
    await accepts(3);
    const closed = accepted.slice(1).map((socket) => once(socket.resume(), "close"));
    spare.close();
    await Promise.all(closed);
  });

  it("gives up a connection that does not come about in time", async () => {
    const never = createDialer({
      lookup: () => undefined,
      timeout: 20,
      secureContext: undefined,
    });
    const spare = new SpareConnections(never);
    await assert.rejects(take(spare, new URL("http://nowhere.example")), { code: "ETIMEDOUT" });
  });

  it("opens them while a token is fetched, one for each who waits", async () => {
    const registry = await startRegistry({ auth: { kind: "token" } });
    const client = createRegistryClient({ environment: {}, home: "/nonexistent" });
    try {
      registry.fail({ kind: "delay", milliseconds: 200, path: "/token" });
      const tags = Array.from({ length: 6 }, (_, n) => `t${n}`);
      for (const tag of tags) registry.push("api", tag);
      const answers = tags.map((tag) => client.resolve(parseImageReference(`${registry.host}/api:${tag}`)));
      const asked = new Promise<number>((resolve) => {
        const timer = setInterval(() => {
          if (registry.log.at(-1)?.path.startsWith("/token") !== true) return;
          clearInterval(timer);
          setTimeout(() => {
            resolve(registry.connections);
          }, 50);
        }, 5);
      });
      assert.equal(await asked, 6);
      await Promise.all(answers);
      // The one that brought the token may not be free again at once.
      assert.ok(registry.connections <= 7);
      assert.equal(registry.log.length, tags.length + 2);
    } finally {
      await client.close();
      await registry.close();
    }
  });
});
