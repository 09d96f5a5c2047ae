import { lookup as dnsLookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import type { Dispatcher } from "undici";
import { isAddress, isLoopbackHost, isPrivateAddress } from "./address";
import type { CertificateStore } from "./certificates";
import { byContext, createDispatchers, type Dispatchers } from "./dispatchers";
import { TransportFault } from "./fault";
import type { CertificateFiles } from "./place";
import { cleanText } from "./text";

/** One HTTP request, to be sent once (redirects apart). */
export interface TransportRequest {
  readonly method: "HEAD" | "GET" | "POST";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The registry that this is about: its own host may lie on a private address, others may not. */
  readonly registryHost: string;
  /** How many redirects may be followed. */
  readonly redirects: number;
  /** The largest body that is read, in bytes. */
  readonly limit: number;
}

/** What came back, whatever the status. */
export interface TransportAnswer {
  readonly status: number;
  /** The value of a header; several lines are joined by commas. */
  readonly header: (name: string) => string | undefined;
  readonly body: Buffer;
  /** Where the answer came from, after redirects. */
  readonly url: URL;
}

export interface TransportOptions {
  readonly connections: number;
  /** Milliseconds. */
  readonly connectTimeout: number;
  /** Milliseconds, for the headers, and again between any two pieces of the body. */
  readonly answerTimeout: number;
  /** Registries that may be spoken to over plain http. */
  readonly insecureRegistries: readonly string[];
  readonly allowedPrivateHosts: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whom to trust over TLS, host by host. Default: whom Node.js trusts. */
  readonly certificates?: CertificateStore;
  /** How names become addresses. */
  readonly lookup?: LookupFunction;
}

export interface Transport {
  /** @throws TransportFault; whatever `signal` was aborted with, when it was. */
  send(request: TransportRequest, signal: AbortSignal): Promise<TransportAnswer>;
  /** Whether there are certificates for a host, so that it speaks TLS although it is this machine. */
  hasCertificates?(host: string): boolean;
  /** Takes certificates for a host that a configuration of mirrors names. */
  useCertificates?(host: string, files: CertificateFiles): void;
  /** Opens so many connections ahead, to where there is one already and each carries one request at a time. */
  prepare?(request: Pick<TransportRequest, "url" | "registryHost">, connections: number): void;
  close(): Promise<void>;
}

/** How much of a refusal's body is read: enough for an error code. */
const maxErrorBody = 64 * 1024;
const userAgent = "pulumi-pinned-images";

/**
 * Sends requests, follows redirects, and keeps the rules of who may be asked:
 * an Authorization header stays with the origin it was meant for; https never falls back to http; a place that a registry
 * names (a token service, a redirect) is checked by the address that it resolves to at the moment of connecting, because
 * a name that was harmless when looked up first may not be so the second time.
 */
export function createTransport(options: TransportOptions): Transport {
  const lookup = options.lookup ?? dnsLookup;
  // Connections are pooled by origin, so those that were opened unchecked must not serve a request that wants the check.
  const trusted = byContext((context) => createDispatchers({ ...options, lookup }, context));
  const guarded = byContext((context) =>
    createDispatchers({ ...options, lookup: publicOnly(lookup) }, context),
  );

  const dispatchersFor = (url: URL, registryHost: string): Dispatchers => {
    const host = url.hostname;
    const own =
      host === registryHost ||
      options.allowedPrivateHosts.includes(host) ||
      (isLoopbackHost(host) && isLoopbackHost(registryHost));
    if (!own && isAddress(host) && isPrivateAddress(host)) throw privateAddress(host);
    if (!own && isLoopbackHost(host)) throw privateAddress(host);
    const context = url.protocol === "https:" ? options.certificates?.contextFor(url.host) : undefined;
    return (own ? trusted : guarded).for(context);
  };

  const sendOnce = async (request: TransportRequest, signal: AbortSignal): Promise<TransportAnswer> => {
    const { url, method, body } = request;
    checkScheme(url, options.insecureRegistries);
    const dispatchers = dispatchersFor(url, request.registryHost);
    try {
      const dispatcher = await dispatchers.forUrl(url);
      const response = await dispatcher.request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method,
        // identity: the digest is that of the bytes as the registry stores them.
        headers: { "user-agent": userAgent, "accept-encoding": "identity", ...request.headers },
        ...(body === undefined ? {} : { body }),
        signal,
        headersTimeout: options.answerTimeout,
        bodyTimeout: options.answerTimeout,
        // undici closes an HTTP/1.1 connection after a HEAD otherwise.
        reset: false,
      });
      const bytes = await readBody(response, request);
      const headers = response.headers;
      return {
        status: response.statusCode,
        header: (name) => {
          const value = headers[name];
          return Array.isArray(value) ? value.join(", ") : value;
        },
        body: bytes,
        url,
      };
    } catch (error) {
      if (signal.aborted) throw error;
      throw error instanceof TransportFault ? error : faultOf(error);
    }
  };

  return {
    async send(request, signal) {
      let current = request;
      for (let followed = 0; ; followed++) {
        const answer = await sendOnce(current, signal);
        if (!isRedirect(answer.status)) return answer;
        const location = answer.header("location");
        if (location === undefined) return answer;
        if (followed >= request.redirects) {
          const text =
            request.redirects === 0
              ? "answered a redirect, which is not followed with credentials"
              : `answered more than ${request.redirects} redirects`;
          throw new TransportFault("bad-response", text, false);
        }
        current = redirected(current, location);
      }
    },
    prepare: ({ url, registryHost }, connections) => {
      dispatchersFor(url, registryHost).prepare(url, connections);
    },
    hasCertificates: (host) => options.certificates?.has(host) ?? false,
    useCertificates: (host, files) => options.certificates?.use(host, files),
    async close() {
      await Promise.all([trusted.close(), guarded.close()]);
    },
  };
}

/** A lookup that fails as soon as one of the addresses is private. */
export function publicOnly(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, options, (error, address, family) => {
      if (error === null) {
        const found = typeof address === "string" ? [address] : address.map((item) => item.address);
        if (found.some((item) => isIP(item) === 0 || isPrivateAddress(item))) {
          callback(privateAddress(hostname), address, family);
          return;
        }
      }
      callback(error, address, family);
    });
  };
}

function privateAddress(host: string): TransportFault {
  return new TransportFault(
    "forbidden-address",
    `led to ${cleanText(host, 80)}, which lies on a private address of this network`,
    false,
  );
}

function checkScheme(url: URL, insecure: readonly string[]): void {
  if (url.protocol === "https:") return;
  if (url.protocol === "http:" && (isLoopbackHost(url.hostname) || isNamed(url, insecure))) return;
  throw new TransportFault(
    "forbidden-address",
    `led to ${cleanText(url.protocol, 20)}//${cleanText(url.host, 80)}, which is not https`,
    false,
  );
}

/** Whether a list of registries has the one at a URL, which leaves out the port where it is the scheme's own. */
function isNamed(url: URL, registries: readonly string[]): boolean {
  return registries.some(
    (name) => URL.canParse(`http://${name}`) && new URL(`http://${name}`).host === url.host,
  );
}

function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

function redirected(request: TransportRequest, location: string): TransportRequest {
  const base = request.url;
  if (!URL.canParse(location, base.href)) {
    throw new TransportFault("bad-response", "answered a redirect to no valid URL", false);
  }
  const url = new URL(location, base.href);
  if (url.username !== "" || url.password !== "") {
    throw new TransportFault("forbidden-address", "answered a redirect with user info in it", false);
  }
  if (base.protocol === "https:" && url.protocol !== "https:") {
    throw new TransportFault("forbidden-address", `led from https to ${cleanText(url.protocol, 20)}`, false);
  }
  if (url.origin === base.origin) return { ...request, url };
  // The credential was meant for the origin that asked for it (CVE-2020-15157 and its kin).
  const headers = Object.entries(request.headers).filter(([name]) => name !== "authorization");
  return { ...request, url, headers: Object.fromEntries(headers) };
}

async function readBody(response: Dispatcher.ResponseData, request: TransportRequest): Promise<Buffer> {
  const { body, statusCode, headers } = response;
  const refusal = statusCode < 200 || statusCode > 299;
  const limit = refusal ? maxErrorBody : request.limit;
  const tooLarge = (): TransportFault =>
    new TransportFault("too-large", `answered more than ${limit} bytes`, false);

  if (request.method !== "HEAD" && !refusal && Number(headers["content-length"] ?? 0) > limit) {
    body.on("error", () => undefined).destroy();
    throw tooLarge();
  }
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of body) {
    if (!(piece instanceof Uint8Array)) continue;
    length += piece.length;
    // Leaving the loop destroys the body, and with it the connection: nothing more is read.
    if (length > limit && refusal) break;
    if (length > limit) throw tooLarge();
    pieces.push(Buffer.from(piece));
  }
  return Buffer.concat(pieces);
}

/** Faults that a second try may get past. A name that does not exist is not among them. */
const passing: ReadonlySet<string> = new Set([
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EPIPE",
  "ETIMEDOUT",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_SOCKET",
]);

const meaning: ReadonlyMap<string, string> = new Map([
  ["EAI_AGAIN", "could not be sent: the name server did not answer"],
  ["ECONNREFUSED", "could not be sent: the connection was refused"],
  ["ECONNRESET", "got no answer: the connection was cut"],
  ["ENOTFOUND", "could not be sent: there is no host of that name"],
  ["ETIMEDOUT", "could not be sent: no connection within the time allowed"],
  ["UND_ERR_CONNECT_TIMEOUT", "could not be sent: no connection within the time allowed"],
  ["UND_ERR_SOCKET", "got no answer: the connection was cut"],
]);

function faultOf(error: unknown): TransportFault {
  const code = codeOf(error);
  if (code === "UND_ERR_HEADERS_TIMEOUT" || code === "UND_ERR_BODY_TIMEOUT") {
    return new TransportFault("timeout", "was not answered in time", false, error);
  }
  if (code === "UND_ERR_HEADERS_OVERFLOW") {
    return new TransportFault("too-large", "answered headers that are too large", false, error);
  }
  if (error instanceof Error && error.name === "HTTPParserError") {
    // Without the cause: it holds what was received, and who echoes a request echoes its credentials.
    const why = code === "" ? "" : ` (${cleanText(code, 60)})`;
    return new TransportFault("bad-response", `answered something that is not HTTP${why}`, false);
  }
  if (code === "UND_ERR_RES_CONTENT_LENGTH_MISMATCH") {
    return new TransportFault("bad-response", "answered a body of another length than stated", false, error);
  }
  if (code === "UND_ERR_DESTROYED" || code === "UND_ERR_CLOSED") {
    return new TransportFault("aborted", "was called off: the client is closed", false, error);
  }
  if (isTlsCode(code)) {
    return new TransportFault("tls", `could not be sent: TLS failed (${code})`, false, error);
  }
  if (error instanceof TypeError || code === "UND_ERR_INVALID_ARG") {
    // undici's word for a header value that cannot be sent; its own message might quote the value.
    return new TransportFault("bad-response", "could not be put into an HTTP request", false);
  }
  const text =
    meaning.get(code) ?? `could not be sent (${cleanText(code === "" ? "unknown fault" : code, 60)})`;
  return new TransportFault("unreachable", text, passing.has(code), error);
}

function isTlsCode(code: string): boolean {
  return /^(?:EPROTO|ERR_TLS_|ERR_OSSL_|ERR_SSL_|CERT_|CRL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_CA|HOSTNAME_MISMATCH)/.test(
    code,
  );
}

/** The stable code of a fault, which may lie a few causes deep. */
function codeOf(error: unknown): string {
  let current = error;
  for (let depth = 0; depth < 4 && current instanceof Error; depth++) {
    if (current instanceof TransportFault) return current.code;
    if ("code" in current && typeof current.code === "string") return current.code;
    current = current.cause;
  }
  return "";
}
