import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import type { LookupFunction, Socket } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ArtifactClient, RegistryClient, RegistryClientOptions } from "../../registry";
import { Client } from "../../registry/client";
import { createTransport, type Transport } from "../../registry/transport";
import { blobOf, startRegistry, type Registry, type RegistryAuth } from "../support/registry";

/** The user and the secret that every case of the matrix plants. It could be an error code, a media type, a host, a header. */
export const user = "ada";
export const marker = "planted_Secret_of_ADA";

const payloadText = "what is signed";
/** What the signature of `api:1` carries. */
export const payload = {
  mediaType: "application/vnd.dev.cosign.simplesigning.v1+json",
  ...blobOf(payloadText),
};

/** Registries of these names answer on this machine; the rest of the table leads to where nobody must go. */
const addresses: Readonly<Record<string, string>> = {
  localhost: "127.0.0.1",
  "registry.example": "127.0.0.1",
  "secure.example": "127.0.0.1",
  "other.example": "127.0.0.1",
  "internal.example": "10.1.2.3",
  "metadata.example": "169.254.169.254",
};

/** As Node.js words it: with the name in the message and beside it. */
function notFound(hostname: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: "ENOTFOUND", hostname });
}

const lookup: LookupFunction = (hostname, options, callback) => {
  const address = addresses[hostname];
  // A name that the table lacks is one that does not exist (RFC 6761): no case asks a real name server.
  if (address === undefined) callback(notFound(hostname), "", 4);
  else if (options.all === true) callback(null, [{ address, family: 4 }]);
  else callback(null, address, 4);
};

/** A server beneath HTTP: what it does with a request that brings credentials is up to the case. */
export type Wire = (socket: Socket, method: string, attempt: number) => void;

/** What one case has around it. */
export interface Site {
  readonly registry: Registry;
  /** Another registry, on another port, that asks nobody for credentials and must never be shown any. */
  readonly other: Registry;
  /** The registry as references name it. */
  readonly host: string;
  /** The digest of `api:1` in both. */
  readonly digest: string;
  /** The digest of its signature `api:1.sig`, which refers to it, in both. */
  readonly signature: string;
  readonly home: string;
  /** Puts a file below the home folder; a program when `mode` says so. */
  write(path: string, text: string, mode?: number): Promise<void>;
  close(): Promise<void>;
}

export interface SiteOptions {
  readonly auth: RegistryAuth;
  /** `localhost` counts as this machine; the other names as strangers that happen to answer here. */
  readonly name: "localhost" | "registry.example" | "secure.example";
  readonly wire: Wire | undefined;
}

export async function openSite({ auth, name, wire }: SiteOptions): Promise<Site> {
  const home = await mkdtemp(join(tmpdir(), "pinned-images-matrix-"));
  const registry = await startRegistry({ auth, referrers: {} });
  const other = await startRegistry({ referrers: {} });
  const wild = wire === undefined ? undefined : await startWire(wire);
  const digest = registry.push("api", "1");
  other.push("api", "1");
  const layers = [{ mediaType: payload.mediaType, bytes: payloadText }];
  const signature = registry.pushArtifact("api", { subject: digest, layers }, "1.sig");
  other.pushArtifact("api", { subject: digest, layers }, "1.sig");
  return {
    registry,
    other,
    signature,
    host: `${name}:${wild?.port ?? registry.port}`,
    digest,
    home,
    write: async (path, text, mode = 0o600) => {
      const file = join(home, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
      await chmod(file, mode);
    },
    close: async () => {
      await wild?.close();
      await registry.close();
      await other.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

export type Connection = RegistryClient & ArtifactClient;

/** A client that knows the table of names in place of the Internet's. */
export function connect(site: Site, options: RegistryClientOptions): Connection {
  const { timeout = 30_000, connectTimeout = 10_000, environment = {} } = options;
  const insecureRegistries = [
    site.host,
    `other.example:${site.other.port}`,
    ...(options.insecureRegistries ?? []),
  ];
  const transport = createTransport({
    connections: options.concurrency ?? 8,
    connectTimeout,
    answerTimeout: timeout,
    insecureRegistries,
    allowedPrivateHosts: options.allowedPrivateHosts ?? [],
    environment,
    lookup,
  });
  const secure = site.host.startsWith("secure.example");
  return new Client(secure ? overTls(transport, site) : transport, {
    ...options,
    insecureRegistries: secure ? [] : insecureRegistries,
    environment,
    home: site.home,
  });
}

/** The registry as if it stood behind TLS: the client sees https, the wire is plain. Nothing else is let through unchecked. */
function overTls(transport: Transport, site: Site): Transport {
  return {
    send: async (request, signal) => {
      if (request.url.host !== site.host || request.url.protocol !== "https:")
        return transport.send(request, signal);
      const plain = new URL(request.url);
      plain.protocol = "http:";
      const answer = await transport.send({ ...request, url: plain }, signal);
      const url = new URL(answer.url);
      if (url.host === site.host) url.protocol = "https:";
      return { ...answer, url };
    },
    close: () => transport.close(),
  };
}

async function startWire(wire: Wire): Promise<{ port: number; close: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  let attempts = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    let text = "";
    socket.setEncoding("latin1").on("data", (piece: string) => {
      text += piece;
      if (!text.includes("\r\n\r\n")) return;
      const request = text;
      text = "";
      const method = request.slice(0, request.indexOf(" "));
      // The secret has to have been on the wire, or its absence from the error would prove nothing.
      if (!/^authorization: basic /im.test(request)) {
        socket.write(
          `HTTP/1.1 401 Unauthorized\r\nwww-authenticate: Basic realm="x"\r\ncontent-length: 0\r\n\r\n`,
        );
      } else wire(socket, method, ++attempts);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    port: address.port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
}
