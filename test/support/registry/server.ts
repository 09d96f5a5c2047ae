import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import {
  buildArtifact,
  referrerEntry,
  referrersIndex,
  referrersTag,
  type ArtifactOptions,
  type ReferrerEntry,
} from "./artifacts";
import { Authority, type AuthAnswer, type RegistryAuth } from "./auth";
import { buildImage, type Content, type ImageOptions } from "./content";
import { Faults, type Fault } from "./faults";

export interface RegistryOptions {
  /** Default: none. */
  readonly auth?: RegistryAuth;
  /** Milliseconds before every answer. Default: 0. */
  readonly latency?: number;
  /** The referrers API. Default: none, so that clients keep the lists behind tags. */
  readonly referrers?: {
    /** How many entries a page has. Default: all. */
    readonly pageSize?: number;
  };
}

/** One request as it arrived. */
export interface LoggedRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  /** What it was answered; 0 as long as there is no answer. */
  status: number;
}

/** A running registry. */
export interface Registry {
  /** `localhost:PORT`: what stands in front of an image's path. */
  readonly host: string;
  readonly port: number;
  /** Every request since the start, or since `clearLog`. */
  readonly log: readonly LoggedRequest[];
  /** The most requests that were under way at once. */
  readonly peak: number;
  /** How many connections were opened. */
  readonly connections: number;
  /** Builds an image, stores all its parts, and points a tag to it. Gives its digest. */
  push(repository: string, tag: string, options?: ImageOptions): string;
  /** Stores anything as manifest, and points a tag to it. Gives its digest. */
  pushContent(repository: string, tag: string, pushed: Content): string;
  /** Stores an artifact, and lists it where it has a subject. Gives its digest. */
  pushArtifact(repository: string, options: ArtifactOptions, tag?: string): string;
  /** Points a tag to a digest that was pushed before; undefined takes the tag away. */
  setTag(repository: string, tag: string, digest: string | undefined): void;
  /** Lets something go wrong from now on. */
  fail(fault: Fault): void;
  /** Lets all be well again. */
  heal(): void;
  /** Makes every token that was given out worthless. */
  revokeTokens(): void;
  clearLog(): void;
  close(): Promise<void>;
}

/** Starts a registry on a free port of this machine. */
export async function startRegistry(options: RegistryOptions = {}): Promise<Registry> {
  const registry = new StandInRegistry(options);
  await registry.listen();
  return registry;
}

class StandInRegistry implements Registry {
  readonly #server: Server;
  readonly #authority: Authority;
  readonly #faults = new Faults();
  /** `repository@digest` → content; `repository:tag` → digest. */
  readonly #contents = new Map<string, Content>();
  readonly #tags = new Map<string, string>();
  /** `repository@digest` → what refers to it. */
  readonly #referrers = new Map<string, ReferrerEntry[]>();
  readonly #api: RegistryOptions["referrers"];
  readonly #latency: number;
  #underWay = 0;
  log: LoggedRequest[] = [];
  port = 0;
  peak = 0;
  connections = 0;

  constructor({ auth = { kind: "none" }, latency = 0, referrers }: RegistryOptions) {
    this.#latency = latency;
    this.#api = referrers;
    this.#authority = new Authority(auth, () => `http://${this.host}`);
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
    this.#server.on("connection", () => this.connections++);
  }

  get host(): string {
    return `localhost:${this.port}`;
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    const address = this.#server.address();
    if (address !== null && typeof address === "object") this.port = address.port;
  }

  push(repository: string, tag: string, options: ImageOptions = {}): string {
    return this.pushContent(repository, tag, buildImage({ seed: `${repository}:${tag}`, ...options }));
  }

  pushContent(repository: string, tag: string, pushed: Content): string {
    this.#store(repository, pushed);
    this.setTag(repository, tag, pushed.digest);
    return pushed.digest;
  }

  pushArtifact(repository: string, options: ArtifactOptions, tag?: string): string {
    const artifact = buildArtifact(options);
    this.#store(repository, artifact);
    if (tag !== undefined) this.setTag(repository, tag, artifact.digest);
    if (options.subject !== undefined) {
      const key = `${repository}@${options.subject}`;
      const entries = [...(this.#referrers.get(key) ?? []), referrerEntry(artifact, options)];
      this.#referrers.set(key, entries);
      // What whoever pushes it does where there is no API.
      if (this.#api === undefined)
        this.pushContent(repository, referrersTag(options.subject), referrersIndex(entries));
    }
    return artifact.digest;
  }

  setTag(repository: string, tag: string, digest: string | undefined): void {
    if (digest === undefined) this.#tags.delete(`${repository}:${tag}`);
    else this.#tags.set(`${repository}:${tag}`, digest);
  }

  fail(fault: Fault): void {
    this.#faults.add(fault);
  }

  heal(): void {
    this.#faults.clear();
  }

  revokeTokens(): void {
    this.#authority.revoke();
  }

  clearLog(): void {
    this.log = [];
    this.peak = 0;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
  }

  #store(repository: string, stored: Content): void {
    this.#contents.set(`${repository}@${stored.digest}`, stored);
    for (const child of stored.children) this.#store(repository, child.content);
    for (const blob of stored.blobs) this.#store(repository, blob);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "GET", url: path = "/", headers } = request;
    const entry: LoggedRequest = { method, path, headers, body: await bodyOf(request), status: 0 };
    this.log.push(entry);
    this.#underWay++;
    this.peak = Math.max(this.peak, this.#underWay);
    response.on("close", () => this.#underWay--);

    if (this.#latency > 0) await sleep(this.#latency);
    const fault = this.#faults.take(method, path);
    if (fault?.kind === "hang") return;
    if (fault?.kind === "reset") {
      request.socket.resetAndDestroy();
      return;
    }
    if (fault?.kind === "delay") await sleep(fault.milliseconds);
    const answer =
      fault === undefined ? this.#answer(entry) : spoil(this.#answer(entry), fault, headers.authorization);
    entry.status = answer.status;
    send(response, method, answer, fault?.kind === "stall");
  }

  #answer({ method, path, headers, body }: LoggedRequest): Answer {
    const url = new URL(path, `http://${this.host}`);
    if (url.pathname === "/token") return this.#authority.token(method, url, headers.authorization, body);
    const match = /^\/v2\/(.+)\/(manifests|blobs|referrers)\/([^/]+)$/.exec(url.pathname);
    const [, repository, kind, reference] = match ?? [];
    const unknown = kind === "referrers" && this.#api === undefined;
    if (repository === undefined || reference === undefined || unknown) {
      return url.pathname === "/v2/" ? { status: 200, headers: {}, body: "{}" } : refusal(404, "NOT_FOUND");
    }
    const refused = this.#authority.refuse(headers.authorization, repository);
    if (refused !== undefined) return refused;
    if (method !== "GET" && method !== "HEAD") return refusal(405, "UNSUPPORTED");
    if (kind === "referrers") return this.#list(repository, reference, url);
    const digest = reference.includes(":") ? reference : this.#tags.get(`${repository}:${reference}`);
    const found = this.#contents.get(`${repository}@${digest ?? ""}`);
    if (found === undefined) return refusal(404, kind === "blobs" ? "BLOB_UNKNOWN" : "MANIFEST_UNKNOWN");
    const served = kind === "manifests" ? negotiate(found, headers.accept ?? "") : found;
    return {
      status: 200,
      headers: { "content-type": served.mediaType, "docker-content-digest": served.digest },
      body: served.bytes,
    };
  }

  #list(repository: string, digest: string, url: URL): Answer {
    const { pageSize = Number.POSITIVE_INFINITY } = this.#api ?? {};
    const all = this.#referrers.get(`${repository}@${digest}`) ?? [];
    const first = Number(url.searchParams.get("last") ?? 0);
    const next = new URL(url);
    next.searchParams.set("last", `${first + pageSize}`);
    const { mediaType, bytes } = referrersIndex(all.slice(first, first + pageSize));
    return {
      status: 200,
      headers: {
        "content-type": mediaType,
        ...(first + pageSize < all.length ? { link: `<${next.pathname}${next.search}>; rel="next"` } : {}),
      },
      body: bytes,
    };
  }
}

type Answer = Omit<AuthAnswer, "body"> & { readonly body: string | Buffer };

/** Whoever asks for a single image's manifest alone gets the one for linux/amd64 out of an index. */
function negotiate(found: Content, accept: string): Content {
  if (found.children.length === 0 || accept === "" || accept.includes("*/*")) return found;
  if (accept.includes(found.mediaType)) return found;
  return found.children.find(({ platform }) => platform === "linux/amd64")?.content ?? found;
}

function refusal(status: number, code: string): Answer {
  const body = JSON.stringify({ errors: [{ code, message: code.toLowerCase(), detail: {} }] });
  return { status, headers: { "content-type": "application/json" }, body };
}

function spoil(answer: Answer, fault: Fault, authorization: string | undefined): Answer {
  switch (fault.kind) {
    case "answer":
      return { headers: {}, body: "", ...fault };
    case "echo":
      if (authorization === undefined) return answer;
      return { headers: {}, body: "", ...fault.answer(authorization.slice(authorization.indexOf(" ") + 1)) };
    case "headers": {
      const headers = Object.entries({ ...answer.headers, ...fault.headers });
      return {
        ...answer,
        headers: Object.fromEntries(
          headers.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
        ),
      };
    }
    case "huge":
      return { ...answer, status: 200, body: Buffer.alloc(fault.bytes, " ") };
    default:
      return answer;
  }
}

function send(response: ServerResponse, method: string, answer: Answer, stall: boolean): void {
  response.writeHead(answer.status, answer.headers);
  if (method === "HEAD") response.end();
  else if (stall) response.write(answer.body.slice(0, Math.ceil(answer.body.length / 2)));
  else response.end(answer.body);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) if (piece instanceof Uint8Array) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces).toString("utf8");
}
