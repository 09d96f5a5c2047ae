import type { ImageReference } from "../images";
import { unproven } from "./answer-error";
import { createCredentialStore } from "./credentials";
import { Deadline, Interrupted } from "./deadline";
import { endpointOf } from "./endpoint";
import { RegistryError } from "./errors";
import { Exchange } from "./exchange";
import type { Flights } from "./flights";
import { Gate } from "./gate";
import { ManifestError } from "./manifest";
import { MirrorConfigError } from "./mirror-config-error";
import { createPlaceLookup, type PlaceLookup } from "./mirrors";
import { registryItself, type Place, type Places } from "./place";
import { proxySecrets } from "./proxies";
import { keyOf } from "./question";
import { Secrets } from "./secrets";
import { RegistrySession, type ApiRequest, type RepositoryRequest } from "./session";
import type { Transport, TransportAnswer } from "./transport";
import type { RegistryClientOptions, RequestOptions } from "./types";

export const defaults = { concurrency: 32, timeout: 30_000, connectTimeout: 10_000 };
/** Calls at work for each request that may be under way: enough that some always have their token. */
const callsPerRequest = 8;
/** What part of a call's time one mirror may use up: one that hangs must leave time for upstream. */
const mirrorShare = 6;

/** The way to every registry: calls admitted and bounded in time, places in their order, one session for each host. */
export class RegistryAccess {
  /** All that was sent to prove who asks. */
  readonly secrets: Secrets;
  readonly #sessions = new Map<string, RegistrySession>();
  readonly #gates = new Map<string, Gate>();
  readonly #credentials;
  readonly #lookup: PlaceLookup;
  readonly #timeout: number;
  readonly #concurrency: number;
  #closed = false;

  /** @param insecure Grows with the mirrors that a configuration lets be spoken to over plain http. */
  constructor(
    private readonly transport: Transport,
    private readonly options: RegistryClientOptions,
    private readonly insecure: string[],
  ) {
    this.secrets = new Secrets(proxySecrets(options.environment ?? process.env));
    this.#lookup = createPlaceLookup(options);
    this.#credentials = createCredentialStore(options);
    this.#timeout = options.timeout ?? defaults.timeout;
    this.#concurrency = options.concurrency ?? defaults.concurrency;
  }

  /** One call: asked once for all who ask the same, within its time, its errors free of secrets. @throws RegistryError */
  async ask<T>(
    flights: Flights<T>,
    reference: ImageReference,
    options: RequestOptions | undefined,
    work: (deadline: Deadline) => Promise<T>,
    key = keyOf(reference),
  ): Promise<T> {
    const { registry, repository } = reference;
    const aborted = (outcome: string, cause?: unknown): RegistryError =>
      new RegistryError({ code: "aborted", registry, repository, outcome, cause });
    if (this.#closed) throw aborted("the registry client is closed");
    try {
      return await flights.join(key, options?.signal, (signal) =>
        this.#gateOf(registry).admit({ registry, repository }, signal, async () => {
          const deadline = new Deadline(this.#timeout, signal);
          try {
            return await work(deadline);
          } catch (error) {
            throw error instanceof RegistryError
              ? error.rewritten((text) => this.secrets.redact(text))
              : error;
          } finally {
            deadline.end();
          }
        }),
      );
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      throw aborted(`the question about ${reference.toString()} was called off`, options?.signal?.reason);
    }
  }

  /** Asks the places that hold the repository, mirrors first where they may answer, until one has it. */
  async send(
    { registry, repository }: ImageReference,
    request: RepositoryRequest,
    deadline: Deadline,
  ): Promise<TransportAnswer> {
    const { mirrors, upstream } = this.#placesOf(registry, repository);
    // What a digest names is proven wherever it comes from; what a tag stands for, and what refers to a digest, may be stale.
    const kind = /^(?:manifests|blobs)\/sha(?:256|512):/.test(request.path) ? "digests" : "tags";
    for (const mirror of mirrors) {
      if (mirror.serves !== "all" && mirror.serves !== kind) continue;
      const own = new Deadline(this.#timeout / mirrorShare, deadline.signal);
      try {
        const answer = await this.#sendTo(mirror, request, own);
        if (answer.status === 200) return answer;
      } catch (error) {
        // A mirror's trouble is no reason to stop while there is another place to ask; the caller's own is.
        if (!(error instanceof RegistryError) || deadline.signal.aborted) throw error;
      } finally {
        own.end();
      }
    }
    return this.#sendTo(upstream, request, deadline);
  }

  /** Runs a proof over an answer; a failed one becomes an error that names the request. @throws RegistryError */
  prove<T>(reference: ImageReference, request: RepositoryRequest, host: string, proof: () => T): T {
    try {
      return proof();
    } catch (error) {
      if (!(error instanceof ManifestError)) throw error;
      throw unproven(reference, request, host, error);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.transport.close();
  }

  #gateOf(registry: string): Gate {
    const gate = this.#gates.get(registry) ?? new Gate(this.#concurrency * callsPerRequest);
    this.#gates.set(registry, gate);
    return gate;
  }

  async #sendTo(place: Place, request: RepositoryRequest, deadline: Deadline): Promise<TransportAnswer> {
    const { repository, namespace, root } = place;
    const whole: ApiRequest = {
      ...request,
      repository,
      ...(namespace === undefined ? {} : { namespace }),
      ...(root === undefined ? {} : { root }),
    };
    return this.#sessionOf(place).send(whole, deadline);
  }

  #placesOf(registry: string, repository: string): Places {
    const policy = this.options.mirrors ?? "digests";
    if (policy === "off") return { mirrors: [], upstream: registryItself(registry, repository) };
    try {
      const places = this.#lookup(registry, repository);
      if (policy === "all") return places;
      const mirrors = places.mirrors
        .filter(({ serves }) => serves === "all" || serves === "digests")
        .map((mirror): Place => ({ ...mirror, serves: "digests" }));
      return { mirrors, upstream: places.upstream };
    } catch (error) {
      if (!(error instanceof MirrorConfigError)) throw error;
      throw new RegistryError({
        code: "mirrors",
        registry,
        repository,
        outcome: error.message,
        cause: error.cause,
      });
    }
  }

  #sessionOf({ registry, repository, insecure, certificates }: Place): RegistrySession {
    if (certificates !== undefined) this.transport.useCertificates?.(registry, certificates);
    const known = this.#sessions.get(registry);
    if (known !== undefined) return known;
    if (insecure && !this.insecure.includes(registry)) this.insecure.push(registry);
    const endpoint = endpointOf(
      registry,
      repository,
      this.insecure,
      this.transport.hasCertificates?.(registry) ?? false,
    );
    const exchange = new Exchange(this.transport, this.#concurrency, this.secrets);
    const session = new RegistrySession(endpoint, exchange, this.#credentials, this.#timeout);
    this.#sessions.set(registry, session);
    return session;
  }
}
