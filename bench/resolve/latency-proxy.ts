import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

export interface LatencyProxy {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * A TCP proxy that takes so many milliseconds each way. A connection to it opens at once, which no connection over a
 * distance does: the round trip of the handshake is charged to the first bytes that the client sends.
 */
export async function startLatencyProxy(target: number, delay: number): Promise<LatencyProxy> {
  const open = new Set<Socket>();
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
    const upstream = connect({ port: target, host: "127.0.0.1", noDelay: true, allowHalfOpen: true });
    carry(client, upstream, delay, performance.now() + 2 * delay);
    carry(upstream, client, delay, 0);
    for (const [socket, peer] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(socket);
      socket.on("error", () => peer.destroy());
      socket.on("close", () => open.delete(socket));
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The proxy has no port.");
  return {
    port: address.port,
    close: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** Passes on what comes, and its end, in order, each piece so much later than it came. */
function carry(from: Socket, to: Socket, delay: number, sentAt: number): void {
  const pieces: { readonly due: number; readonly bytes: Buffer | undefined }[] = [];
  const pass = (): void => {
    for (let first = pieces[0]; first !== undefined; first = pieces[0]) {
      const wait = first.due - performance.now();
      if (wait > 0) {
        setTimeout(pass, wait);
        return;
      }
      pieces.shift();
      if (first.bytes === undefined) to.end();
      else to.write(first.bytes);
    }
  };
  const take = (bytes: Buffer | undefined): void => {
    pieces.push({ due: Math.max(performance.now(), sentAt) + delay, bytes });
    if (pieces.length === 1) pass();
  };
  from.on("data", take);
  from.on("end", () => {
    take(undefined);
  });
}
