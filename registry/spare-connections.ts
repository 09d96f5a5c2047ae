import type { Socket } from "node:net";
import type { Dial, DialCallback, DialTarget } from "./dialer";

/** Milliseconds after which a connection that nobody wanted is closed. */
const lifetime = 5_000;

/** A connection that is open or being opened, and that nobody has asked for yet. */
interface Spare {
  /** Once it is open. */
  socket: Socket | undefined;
  /** Who asked for it while it was being opened. */
  taker: DialCallback | undefined;
}

/**
 * Opens connections before they are needed. As long as a token is being fetched, nothing can be asked of a registry; the
 * handshakes that its answers will need are done in that time. HTTP/2 needs one connection, and gets no others.
 */
export class SpareConnections {
  /** Where HTTP/1.1 is spoken. */
  readonly #known = new Map<string, DialTarget>();
  readonly #spares = new Map<string, Set<Spare>>();
  readonly #dialing = new Set<Socket>();

  constructor(private readonly dial: Dial) {}

  /** A connector for undici: takes a spare connection where there is one. */
  connect(target: DialTarget, callback: DialCallback): void {
    const spares = this.#sparesFor(target);
    const [spare] = spares;
    if (spare === undefined) {
      this.#dial(target, callback);
      return;
    }
    spares.delete(spare);
    if (spare.socket === undefined) spare.taker = callback;
    else process.nextTick(callback, null, spare.socket.ref());
  }

  /** Opens a connection to where there is none yet. Settles when it is under way, or has failed. */
  async begin({ protocol, host, hostname, port }: URL): Promise<void> {
    const target = { protocol, host, hostname: hostname.replace(/^\[(.*)\]$/, "$1"), port };
    await new Promise<void>((resolve) => {
      this.#open(target, resolve);
    });
  }

  /** Sees to it that so many are open or being opened to where HTTP/1.1 is spoken. */
  prepare({ protocol, host }: URL, count: number): void {
    const target = this.#known.get(keyOf({ protocol, host }));
    if (target === undefined) return;
    for (let n = this.#sparesFor(target).size; n < count; n++) this.#open(target);
  }

  close(): void {
    for (const spares of this.#spares.values()) for (const { socket } of spares) socket?.destroy();
    for (const socket of this.#dialing) socket.destroy();
    this.#spares.clear();
  }

  #open(target: DialTarget, underWay: () => void = () => undefined): void {
    const spares = this.#sparesFor(target);
    const spare: Spare = { socket: undefined, taker: undefined };
    spares.add(spare);
    const opened: DialCallback = (...result) => {
      underWay();
      const [, socket] = result;
      if (spare.taker !== undefined) {
        spare.taker(...result);
      } else if (socket === null) {
        // No trouble before somebody wants it; who does will meet it then.
        spares.delete(spare);
      } else {
        spare.socket = socket.unref();
        socket.once("close", () => spares.delete(spare));
        setTimeout(() => {
          if (spares.delete(spare)) socket.destroy();
        }, lifetime).unref();
      }
    };
    this.#dial(target, opened, underWay);
  }

  #dial(target: DialTarget, callback: DialCallback, underWay?: () => void): void {
    const opened: DialCallback = (...result) => {
      this.#dialing.delete(socket);
      if (result[0] === null && !isHttp2(result[1])) this.#known.set(keyOf(target), target);
      callback(...result);
    };
    const socket = this.dial(target, opened, underWay);
    this.#dialing.add(socket);
  }

  #sparesFor(target: DialTarget): Set<Spare> {
    const key = keyOf(target);
    const spares = this.#spares.get(key) ?? new Set();
    this.#spares.set(key, spares);
    return spares;
  }
}

function keyOf({ protocol, host = "" }: Pick<DialTarget, "protocol" | "host">): string {
  return `${protocol}//${host}`;
}

function isHttp2(socket: Socket): boolean {
  return "alpnProtocol" in socket && socket.alpnProtocol === "h2";
}
