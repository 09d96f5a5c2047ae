import { parseChallenges, type Challenge } from "./challenge";
import type { CredentialLookup, CredentialStore } from "./credentials";
import { Deadline, Interrupted, orAborted } from "./deadline";
import type { Endpoint } from "./endpoint";
import { RegistryError } from "./errors";
import {
  describeRequest,
  describeStatus,
  interrupted,
  isHostWide,
  registryCodeOf,
  unsent,
  type Exchange,
  type Subject,
} from "./exchange";
import { basicAuthorization, describeCredentials, fetchToken, type AccessToken } from "./token";
import { mayWantTls, speaksTls } from "./tls-guess";
import type { TransportAnswer, TransportRequest } from "./transport";

/** A request about a repository. */
export interface RepositoryRequest {
  readonly method: "HEAD" | "GET";
  /** Below the repository: `manifests/1.27`. */
  readonly path: string;
  /** As it stands behind the path's question mark. */
  readonly query?: string;
  readonly accept: string;
  /** The largest body that is read, in bytes. Default: {@link maxBody}. */
  readonly limit?: number;
}

/** A request to a registry's API. */
export interface ApiRequest extends RepositoryRequest {
  readonly repository: string;
  /** Where the API begins. Default: `/v2`. */
  readonly root?: string;
  /** The registry that a mirror of many is asked about (`?ns=`). */
  readonly namespace?: string;
}

/** 8 MiB: four times what registries must accept as a manifest (distribution-spec, "Pushing Manifests": 4 MiB at least). */
export const maxBody = 8 * 1024 * 1024;
const maxRedirects = 5;

/** How a registry wants to be asked, as far as its answers have shown. */
type Access =
  | { readonly kind: "open" }
  | { readonly kind: "basic" }
  | { readonly kind: "bearer"; readonly challenge: Challenge };

/** The token of one repository: what is known of it, or who is fetching it. */
type TokenState = Promise<AccessToken>;

/**
 * Everything that is remembered about one registry: how it wants to be asked, credentials and tokens.
 *
 * As long as nothing is known, one single request is sent ahead as probe and all others wait for it: N tags of one repository
 * cost N requests, one for the probe that was turned away and one for the token; every further repository costs one token.
 */
export class RegistrySession {
  #endpoint: Endpoint;
  #access: Access | undefined;
  #probe: Promise<void> | undefined;
  /** Calls that wait for the probe. */
  #waiting = 0;
  readonly #tokens = new Map<string, TokenState>();
  readonly #lookups = new Map<string, CredentialLookup>();

  constructor(
    endpoint: Endpoint,
    private readonly exchange: Exchange,
    private readonly credentials: CredentialStore,
    private readonly timeout: number,
  ) {
    this.#endpoint = endpoint;
  }

  /**
   * The registry's answer, 401 and 403 being errors.
   *
   * @throws RegistryError
   */
  async send(api: ApiRequest, deadline: Deadline): Promise<TransportAnswer> {
    const subject = { registry: this.#endpoint.registry, repository: api.repository };
    const { answer, authorization, request } = await this.#firstAnswer(api, subject, deadline);
    if (answer.status !== 401) return this.#checked(answer, request, subject);
    const again = await this.#afterRefusal(answer, authorization, request, subject, deadline);
    if (again === undefined) return this.#checked(answer, request, subject);
    const second = await this.exchange.send(authorized(request, again), subject, deadline);
    return this.#checked(second, request, subject);
  }

  #requestOf(api: ApiRequest): TransportRequest {
    const { method, root = "/v2", repository, path, query = "", accept, namespace, limit = maxBody } = api;
    const url = new URL(`${root}/${repository}/${path}`, this.#endpoint.origin);
    url.search = query;
    if (namespace !== undefined) url.searchParams.set("ns", namespace);
    return {
      method,
      url,
      headers: { accept },
      registryHost: this.#endpoint.origin.hostname,
      redirects: maxRedirects,
      limit,
    };
  }

  async #firstAnswer(
    api: ApiRequest,
    subject: Subject,
    deadline: Deadline,
  ): Promise<{ answer: TransportAnswer; authorization: string | undefined; request: TransportRequest }> {
    while (this.#access === undefined) {
      if (this.#probe === undefined) {
        const answer = await this.#sendProbe(api, subject, deadline);
        return { answer, authorization: undefined, request: this.#requestOf(api) };
      }
      const request = this.#requestOf(api);
      this.#waiting++;
      // In this call's own words: it was not sent, because of what became of the probe.
      await this.#within(this.#probe, request, subject, deadline, (error) =>
        error instanceof RegistryError && isHostWide(error.code) ? unsent(request, subject, error) : error,
      ).finally(() => this.#waiting--);
    }
    const request = this.#requestOf(api);
    const authorization = await this.#authorization(this.#access, subject, deadline, undefined, request);
    const answer = await this.exchange.send(authorized(request, authorization), subject, deadline);
    return { answer, authorization, request };
  }

  async #sendProbe(api: ApiRequest, subject: Subject, deadline: Deadline): Promise<TransportAnswer> {
    const answer = this.#firstContact(api, subject, deadline);
    // Those who wait learn of a trouble that is theirs, too; of any other they do not: the next of them is the new probe.
    this.#probe = answer.then(
      () => undefined,
      (error: unknown) => {
        if (error instanceof RegistryError && isHostWide(error.code)) throw error;
      },
    );
    this.#probe.catch(() => undefined);
    try {
      const got = await answer;
      this.#access = this.#accessFrom(got) ?? { kind: "open" };
      if (this.#access.kind === "bearer") this.exchange.prepare(this.#requestOf(api), this.#waiting);
      return got;
    } catch (error) {
      // A refusal to serve is an answer of a registry that is there: no reason to send the rest one by one.
      if (error instanceof RegistryError && error.code === "server-error") this.#access = { kind: "open" };
      throw error;
    } finally {
      this.#probe = undefined;
    }
  }

  /** Finds out whether TLS is spoken, where that is not known beforehand. Shows no credentials before it is. */
  async #firstContact(api: ApiRequest, subject: Subject, deadline: Deadline): Promise<TransportAnswer> {
    const { registry, origin, overTls } = this.#endpoint;
    const sent = this.exchange.send(this.#requestOf(api), subject, deadline);
    if (overTls === undefined) return sent;
    const outcome = await sent.catch((error: unknown) => {
      if (error instanceof RegistryError && mayWantTls(error)) return error;
      throw error;
    });
    this.#endpoint = { registry, origin };
    if (!(outcome instanceof RegistryError) && !mayWantTls(outcome)) return outcome;
    this.#endpoint = { registry, origin: overTls };
    try {
      return await this.exchange.send(this.#requestOf(api), subject, deadline);
    } catch (error) {
      if (error instanceof RegistryError && speaksTls(error)) throw error;
      this.#endpoint = { registry, origin };
      if (outcome instanceof RegistryError) throw outcome;
      return outcome;
    }
  }

  /** How the registry wants to be asked, by its 401; undefined when it does not say. */
  #accessFrom(answer: TransportAnswer): Access | undefined {
    // After a redirect it is somebody else who asks, and nobody else gets the registry's credentials (CVE-2020-15157).
    if (answer.status !== 401 || answer.url.origin !== this.#endpoint.origin.origin) return undefined;
    const challenges = parseChallenges(answer.header("www-authenticate") ?? "");
    const bearer = challenges.find(
      ({ scheme, parameters }) => scheme === "bearer" && parameters.has("realm"),
    );
    if (bearer !== undefined) return { kind: "bearer", challenge: bearer };
    return challenges.some(({ scheme }) => scheme === "basic") ? { kind: "basic" } : undefined;
  }

  /** The header for a second try after a 401; undefined when a second try is of no use. */
  async #afterRefusal(
    answer: TransportAnswer,
    sent: string | undefined,
    request: TransportRequest,
    subject: Subject,
    deadline: Deadline,
  ): Promise<string | undefined> {
    const access = this.#accessFrom(answer);
    if (access === undefined) return undefined;
    this.#access = access;
    if (access.kind === "bearer" && sent !== undefined) {
      // The token is good, and stands for too little: another one would be no better.
      if (access.challenge.parameters.get("error") === "insufficient_scope") return undefined;
    }
    const authorization = await this.#authorization(access, subject, deadline, sent, request);
    return authorization === sent ? undefined : authorization;
  }

  /** The Authorization header for a repository; `rejected` is one that the registry has turned away. */
  async #authorization(
    access: Access,
    subject: Subject,
    deadline: Deadline,
    rejected: string | undefined,
    request: TransportRequest,
  ): Promise<string | undefined> {
    if (access.kind === "open") return undefined;
    // A helper is a program: it may take its time, and must not take the call's.
    const { credential, lookedIn } = await this.#within(this.#lookup(subject), request, subject, deadline);
    if (credential.kind === "registry-token") return `Bearer ${credential.token}`;
    if (access.kind === "basic") return basicAuthorization(credential);

    const { repository } = subject;
    const known = this.#tokens.get(repository);
    if (known !== undefined) {
      const token = await this.#within(known, request, subject, deadline);
      const usable = token.until > performance.now() && bearer(token) !== rejected;
      if (usable) return bearer(token);
      // Another call may have begun to fetch the next one meanwhile.
      if (this.#tokens.get(repository) === known) this.#tokens.delete(repository);
    }
    const next = this.#tokens.get(repository) ?? this.#fetch(access.challenge, subject, credential, lookedIn);
    return bearer(await this.#within(next, request, subject, deadline));
  }

  /** Waits for what others may wait for, too, no longer than this call may take. */
  async #within<T>(
    work: Promise<T>,
    request: TransportRequest,
    subject: Subject,
    deadline: Deadline,
    explain = (error: unknown): unknown => error,
  ): Promise<T> {
    try {
      return await orAborted(work, deadline.signal);
    } catch (error) {
      throw error instanceof Interrupted ? interrupted(request, subject, deadline) : explain(error);
    }
  }

  /** Fetches a token once for all who need it, on its own clock: nobody's leaving must spoil it for the others. */
  #fetch(
    challenge: Challenge,
    subject: Subject,
    credential: CredentialLookup["credential"],
    lookedIn: readonly string[],
  ): TokenState {
    const deadline = new Deadline(this.timeout);
    const registryOrigin = this.#endpoint.origin;
    const work = fetchToken(
      { challenge, credential, subject, registryOrigin, lookedIn },
      this.exchange,
      deadline,
    ).finally(() => {
      deadline.end();
    });
    this.#tokens.set(subject.repository, work);
    work.catch(() => {
      if (this.#tokens.get(subject.repository) === work) this.#tokens.delete(subject.repository);
    });
    return work;
  }

  async #lookup({ registry, repository }: Subject): Promise<CredentialLookup> {
    const lookup = this.#lookups.get(repository) ?? (await this.credentials.lookup(registry, repository));
    this.#lookups.set(repository, lookup);
    return lookup;
  }

  #checked(answer: TransportAnswer, request: TransportRequest, subject: Subject): TransportAnswer {
    if (answer.status !== 401 && answer.status !== 403) return answer;
    const lookup = this.#lookups.get(subject.repository);
    const credentials =
      lookup === undefined
        ? ""
        : ` ${describeCredentials(subject.registry, lookup.credential.kind !== "anonymous", lookup.lookedIn)}`;
    throw new RegistryError({
      ...subject,
      code: answer.status === 401 ? "unauthorized" : "denied",
      request: describeRequest(request),
      outcome: `${describeStatus(answer)}${credentials}`,
      status: answer.status,
      registryCode: registryCodeOf(answer),
      lookedIn: lookup?.lookedIn,
    });
  }
}

function bearer(token: AccessToken): string {
  return `Bearer ${token.value}`;
}

function authorized(request: TransportRequest, authorization: string | undefined): TransportRequest {
  return authorization === undefined
    ? request
    : { ...request, headers: { ...request.headers, authorization } };
}
