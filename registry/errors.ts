/** Why a registry gave no answer that can be used. Stable: tools may switch on them. */
export type RegistryErrorCode =
  | "unauthorized"
  | "denied"
  | "not-found"
  | "platform-missing"
  | "rate-limited"
  | "server-error"
  | "unreachable"
  | "timeout"
  | "tls"
  | "unsupported-media-type"
  | "digest-mismatch"
  | "bad-response"
  | "too-large"
  | "forbidden-address"
  | "credentials"
  | "mirrors"
  | "offline"
  | "aborted";

export interface RegistryErrorDetails {
  readonly code: RegistryErrorCode;
  /** The registry as the reference names it. */
  readonly registry: string;
  readonly repository: string;
  /** The request, as far as one was meant: `HEAD /v2/acme/api/manifests/2.3 on ghcr.io`. */
  readonly request?: string;
  /** What came of it, to stand behind the request: `answered 404 MANIFEST_UNKNOWN`. */
  readonly outcome: string;
  readonly status?: number | undefined;
  /** The error code in the registry's own answer (distribution-spec, "Error Codes"): `MANIFEST_UNKNOWN`. */
  readonly registryCode?: string | undefined;
  /** Where credentials were looked for, in order. */
  readonly lookedIn?: readonly string[] | undefined;
  /** When the registry may be asked again, in seconds, where it said so. */
  readonly retryAfter?: number | undefined;
  /** Half a sentence: what to do about it. Chosen by the code when missing. */
  readonly fix?: string | undefined;
  readonly cause?: unknown;
}

/** Causes beneath a cause, lest a circle of them never ends. */
const maxCauses = 8;

/**
 * A registry that gave no usable answer. The message is half a sentence, fit to stand behind `cannot resolve "…": `; `fix`
 * is another, fit to stand behind `fix: `. Neither ever holds a secret.
 */
export class RegistryError extends Error {
  readonly code: RegistryErrorCode;
  readonly registry: string;
  readonly repository: string;
  readonly lookedIn: readonly string[];
  readonly fix: string;
  declare readonly status?: number;
  declare readonly registryCode?: string;
  declare readonly retryAfter?: number;

  constructor(details: RegistryErrorDetails) {
    const message = details.request === undefined ? details.outcome : `${details.request} ${details.outcome}`;
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "RegistryError";
    this.code = details.code;
    this.registry = details.registry;
    this.repository = details.repository;
    this.lookedIn = details.lookedIn ?? [];
    this.fix = details.fix ?? defaultFix(details);
    if (details.status !== undefined) this.status = details.status;
    if (details.registryCode !== undefined) this.registryCode = details.registryCode;
    if (details.retryAfter !== undefined) this.retryAfter = details.retryAfter;
  }

  /** The same error with all its texts rewritten, those of its causes as well; of foreign causes nothing but texts is kept. */
  rewritten(rewrite: (text: string) => string): RegistryError {
    const { code, registry, repository, status, retryAfter } = this;
    const error = new RegistryError({
      code,
      registry,
      repository,
      outcome: rewrite(this.message),
      fix: rewrite(this.fix),
      lookedIn: this.lookedIn,
      status,
      retryAfter,
      registryCode: this.registryCode === undefined ? undefined : rewrite(this.registryCode),
      cause: this.cause instanceof Error ? rewrittenCause(this.cause, rewrite) : undefined,
    });
    return withStack(error, this, rewrite);
  }
}

function rewrittenCause(cause: Error, rewrite: (text: string) => string, depth = 0): Error {
  if (cause instanceof RegistryError) return cause.rewritten(rewrite);
  const deeper =
    cause.cause instanceof Error && depth < maxCauses
      ? { cause: rewrittenCause(cause.cause, rewrite, depth + 1) }
      : undefined;
  const error = new Error(rewrite(cause.message), deeper);
  error.name = rewrite(cause.name);
  if ("code" in cause) Object.assign(error, { code: rewrite(String(cause.code)) });
  return withStack(error, cause, rewrite);
}

function withStack<T extends Error>(error: T, original: Error, rewrite: (text: string) => string): T {
  if (original.stack !== undefined) error.stack = rewrite(original.stack);
  return error;
}

/** What to do, by cause. */
function defaultFix({ code, registry, repository, retryAfter }: RegistryErrorDetails): string {
  switch (code) {
    case "unauthorized":
      return `log in (docker login ${registry}) and check that ${repository} exists: private and missing look alike`;
    case "denied":
      return `ask for read access to ${repository} on ${registry}`;
    case "not-found":
      return `the tag or digest does not exist in ${repository}; check its spelling, or push it`;
    case "platform-missing":
      return `choose another platform, or push the image for that one`;
    case "rate-limited":
      return `retry after ${retryAfter ?? 60} s, or log in for a higher limit (docker login ${registry})`;
    case "server-error":
      return `retry after ${retryAfter ?? 60} s; the trouble is on the registry's side`;
    case "unreachable":
      return `check the name of the registry, the network and the proxy (HTTPS_PROXY, NO_PROXY)`;
    case "timeout":
      return `retry, and check the network and the proxy (HTTPS_PROXY, NO_PROXY)`;
    case "tls":
      return `make its certificate trusted (/etc/docker/certs.d/${registry}/ca.crt, NODE_EXTRA_CA_CERTS), or name ${registry} as insecure if it speaks plain http`;
    case "unsupported-media-type":
      return `push the image again as an OCI or Docker schema 2 image`;
    case "digest-mismatch":
      return `do not deploy it: something between here and ${registry} changes what it serves`;
    case "bad-response":
      return `check that ${registry} is a registry, and that no proxy answers in its place`;
    case "too-large":
      return `check that ${registry} is a registry, and that no proxy answers in its place: more came than there can be`;
    case "forbidden-address":
      return `if that address is meant, allow it by name in the client's options`;
    case "credentials":
      return `repair the credential configuration for ${registry}`;
    case "mirrors":
      return `repair the configuration of mirrors, or do without it (mirrors: "off")`;
    case "offline":
      return `ask for it once while online with the same cache, and keep tags long enough (--cache-for, cache.tagTtl)`;
    case "aborted":
      return `run it again`;
  }
}
