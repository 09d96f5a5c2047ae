import { generateKeyPairSync, sign } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { json } from "@sigstore/core";
import { sha256 } from "./sha256";

/** A repository of The Update Framework that serves a trusted root. */
export interface TufRepository {
  readonly url: string;
  /** The `root.json` that it is trusted by. */
  readonly root: string;
  /** The paths that were asked for. */
  readonly log: readonly string[];
  close(): Promise<void>;
}

export interface TufRepositoryOptions {
  readonly trustedRoot: object;
  /** Until when what it serves is good. Default: for a day. */
  readonly expires?: Date;
  /** What is served instead of what was signed. */
  readonly served?: string;
  /** Takes every request and answers none. */
  readonly silent?: boolean;
}

/** One key for every role: https://theupdateframework.github.io/specification/latest/#metadata */
export async function startTufRepository({
  trustedRoot,
  served,
  expires = new Date(Date.now() + 24 * 60 * 60 * 1000),
  silent = false,
}: TufRepositoryOptions): Promise<TufRepository> {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  // Its last 32 bytes are the key itself.
  const bare = publicKey.export({ type: "spki", format: "der" }).subarray(-32).toString("hex");
  const key = { keytype: "ed25519", scheme: "ed25519", keyval: { public: bare } };
  const keyid = sha256(Buffer.from(json.canonicalize(key))).toString("hex");
  const role = { keyids: [keyid], threshold: 1 };
  const signed = (type: string, content: object, until = expires): string => {
    const said = {
      _type: type,
      spec_version: "1.0.0",
      version: 1,
      expires: until.toISOString().replace(/\.\d+Z$/, "Z"),
      ...content,
    };
    const sig = sign(null, Buffer.from(json.canonicalize(said)), privateKey).toString("hex");
    return JSON.stringify({ signed: said, signatures: [{ keyid, sig }] });
  };
  const target = JSON.stringify(trustedRoot);
  const hashes = { sha256: sha256(Buffer.from(target)).toString("hex") };
  const roles = { root: role, timestamp: role, snapshot: role, targets: role };
  const root = signed(
    "root",
    { consistent_snapshot: false, keys: { [keyid]: key }, roles },
    new Date(Date.now() + 24 * 60 * 60 * 1000),
  );
  const files = new Map([
    ["/timestamp.json", signed("timestamp", { meta: { "snapshot.json": { version: 1 } } })],
    ["/snapshot.json", signed("snapshot", { meta: { "targets.json": { version: 1 } } })],
    [
      "/targets.json",
      signed("targets", {
        targets: { "trusted_root.json": { length: Buffer.byteLength(target), hashes } },
      }),
    ],
    ["/targets/trusted_root.json", served ?? target],
  ]);
  const log: string[] = [];
  const server = createServer(({ url = "" }, response) => {
    log.push(url);
    if (silent) return;
    const file = files.get(url);
    response.writeHead(file === undefined ? 404 : 200).end(file);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    root,
    log,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
