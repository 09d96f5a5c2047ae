import { connect as connectTcp, isIP, type LookupFunction, type Socket } from "node:net";
import { connect as connectTls, type SecureContext, type TLSSocket } from "node:tls";
import type { buildConnector } from "undici";

/** What a dialer is asked for, by undici and by ourselves. */
export type DialTarget = Pick<buildConnector.Options, "protocol" | "hostname" | "host" | "port">;
export type DialCallback = buildConnector.Callback;

/** Opens a connection. `underWay` is called when there is nothing to do but wait for it; never, where it fails before. */
export type Dial = (target: DialTarget, callback: DialCallback, underWay?: () => void) => Socket;

export interface DialerOptions {
  /** How names become addresses. */
  readonly lookup: LookupFunction;
  /** Milliseconds for a connection, the handshakes of TCP and TLS together. */
  readonly timeout: number;
  /** What to speak TLS with. Default: what Node.js takes by itself. */
  readonly secureContext: SecureContext | undefined;
}

/** A dialer of our own, so that the first connection can be under way before undici is loaded. */
export function createDialer({ lookup, timeout, secureContext }: DialerOptions): Dial {
  const sessions = new Map<string, Buffer>();

  const open = (protocol: string, hostname: string, port: number): Socket => {
    const target = { host: hostname, port, lookup, noDelay: true, keepAlive: true };
    if (protocol !== "https:") return connectTcp(target);
    const key = `${hostname}:${port}`;
    const session = sessions.get(key);
    const socket: TLSSocket = connectTls({
      ...target,
      servername: isIP(hostname) === 0 ? hostname : "",
      ALPNProtocols: ["h2", "http/1.1"],
      ...(secureContext === undefined ? {} : { secureContext }),
      ...(session === undefined ? {} : { session }),
    });
    return socket.on("session", (next) => sessions.set(key, next));
  };

  return ({ protocol, hostname, port }, callback, underWay) => {
    const secure = protocol === "https:";
    const socket = open(protocol, hostname, Number(port === "" ? (secure ? 443 : 80) : port));
    if (underWay !== undefined) socket.once("connectionAttempt", underWay);
    const timer = setTimeout(() => {
      socket.destroy(Object.assign(new Error("no connection in time"), { code: "ETIMEDOUT" }));
    }, timeout);
    const fail = (error: Error): void => {
      callback(error, null);
    };
    return socket
      .once("close", () => {
        clearTimeout(timer);
      })
      .once("error", fail)
      .once(secure ? "secureConnect" : "connect", () => {
        clearTimeout(timer);
        // From here on undici listens, and until it does an error must not end the process.
        socket.off("error", fail).on("error", () => undefined);
        callback(null, socket);
      });
  };
}
