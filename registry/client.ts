import type { Digest, ImageReference, Platform } from "../images";
import { createCredentialStore } from "./credentials";
import { Deadline, Interrupted } from "./deadline";
import { endpointOf } from "./endpoint";
import { RegistryError, type RegistryErrorCode } from "./errors";
import { describeStatus, Exchange, registryCodeOf } from "./exchange";
import { Flights } from "./flights";
import {
  acceptedTypes,
  algorithmOf,
  checkDigest,
  digestOf,
  ManifestError,
  parseConfigPlatform,
  parseDigestHeader,
  parseManifest,
  parseMediaType,
  type Manifest,
} from "./manifest";
import { RegistrySession, type ApiRequest } from "./session";
import { createTransport, type Transport, type TransportAnswer } from "./transport";
import type { RegistryClient, RegistryClientOptions, RequestOptions, Resolution } from "./types";

const defaults = { concurrency: 8, timeout: 30_000, connectTimeout: 10_000 };

/** A client that talks to real registries. Opens nothing before it is asked something. */
export function createRegistryClient(options: RegistryClientOptions = {}): RegistryClient {
  const timeout = options.timeout ?? defaults.timeout;
  const transport = createTransport({
    connections: options.concurrency ?? defaults.concurrency,
    connectTimeout: Math.min(options.connectTimeout ?? defaults.connectTimeout, timeout),
    answerTimeout: timeout,
    insecureRegistries: options.insecureRegistries ?? [],
    allowedPrivateHosts: options.allowedPrivateHosts ?? [],
    environment: options.environment ?? process.env,
  });
  return new Client(transport, options);
}

/** A manifest that was read whole, and proven. */
interface ReadManifest {
  readonly resolution: Resolution;
  readonly manifest: Manifest;
}

/** The client over any transport. */
export class Client implements RegistryClient {
  readonly #sessions = new Map<string, RegistrySession>();
  readonly #resolutions = new Flights<Resolution>();
  readonly #platforms = new Flights<readonly Platform[]>();
  readonly #credentials;
  readonly #timeout: number;
  readonly #concurrency: number;
  #closed = false;

  constructor(
    private readonly transport: Transport,
    private readonly options: RegistryClientOptions,
  ) {
    this.#credentials = createCredentialStore(options);
    this.#timeout = options.timeout ?? defaults.timeout;
    this.#concurrency = options.concurrency ?? defaults.concurrency;
  }

  async resolve(reference: ImageReference, options?: RequestOptions): Promise<Resolution> {
    return this.#ask(this.#resolutions, reference, options, (deadline) => this.#resolve(reference, deadline));
  }

  async platforms(reference: ImageReference, options?: RequestOptions): Promise<readonly Platform[]> {
    return this.#ask(this.#platforms, reference, options, async (deadline) => {
      // What was resolved already is asked for by its digest: tag and platforms belong to the same image then.
      const known = await this.#resolutions.known(keyOf(reference));
      const { manifest, resolution } = await this.#read(reference, deadline, known?.digest);
      if (manifest.kind === "index") return manifest.platforms;
      if (manifest.kind === "artifact") return [];
      const bytes = await this.#blob(reference, manifest.config, deadline);
      return [
        this.#prove(reference, "GET", `blobs/${manifest.config}`, resolution.registry, () =>
          parseConfigPlatform(bytes),
        ),
      ];
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.transport.close();
  }

  async #ask<T>(
    flights: Flights<T>,
    reference: ImageReference,
    options: RequestOptions | undefined,
    work: (deadline: Deadline) => Promise<T>,
  ): Promise<T> {
    const { registry, repository } = reference;
    const aborted = (outcome: string, cause?: unknown): RegistryError =>
      new RegistryError({ code: "aborted", registry, repository, outcome, cause });
    if (this.#closed) throw aborted("the registry client is closed");
    try {
      return await flights.join(keyOf(reference), options?.signal, async (signal) => {
        const deadline = new Deadline(this.#timeout, signal);
        try {
          return await work(deadline);
        } finally {
          deadline.end();
        }
      });
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      throw aborted(`the question about ${reference.toString()} was called off`, options?.signal?.reason);
    }
  }

  async #resolve(reference: ImageReference, deadline: Deadline): Promise<Resolution> {
    const path = `manifests/${targetOf(reference)}`;
    const head = await this.#send(reference, "HEAD", path, acceptedTypes, deadline);
    if (head.status === 200) {
      const resolution = this.#prove(reference, "HEAD", path, head.url.host, () => fromHead(head, reference));
      if (resolution !== undefined) return resolution;
    } else if (!headMayLie(head.status)) {
      throw this.#refused(reference, "HEAD", path, head);
    }
    return (await this.#read(reference, deadline)).resolution;
  }

  /** GETs the manifest and proves its bytes. */
  async #read(reference: ImageReference, deadline: Deadline, known?: Digest): Promise<ReadManifest> {
    const path = `manifests/${known ?? targetOf(reference)}`;
    const answer = await this.#send(reference, "GET", path, acceptedTypes, deadline);
    if (answer.status !== 200) throw this.#refused(reference, "GET", path, answer);
    return this.#prove(reference, "GET", path, answer.url.host, () =>
      fromBody(answer, known ?? reference.digest),
    );
  }

  async #blob(reference: ImageReference, digest: Digest, deadline: Deadline): Promise<Buffer> {
    const path = `blobs/${digest}`;
    const answer = await this.#send(reference, "GET", path, "*/*", deadline);
    if (answer.status !== 200) throw this.#refused(reference, "GET", path, answer);
    return this.#prove(reference, "GET", path, answer.url.host, () => {
      checkDigest(answer.body, digest, "the digest in its manifest");
      return answer.body;
    });
  }

  async #send(
    { registry, repository }: ImageReference,
    method: ApiRequest["method"],
    path: string,
    accept: string,
    deadline: Deadline,
  ): Promise<TransportAnswer> {
    return this.#sessionOf(registry, repository).send({ method, repository, path, accept }, deadline);
  }

  #sessionOf(registry: string, repository: string): RegistrySession {
    const known = this.#sessions.get(registry);
    if (known !== undefined) return known;
    const endpoint = endpointOf(registry, repository, this.options.insecureRegistries ?? []);
    const exchange = new Exchange(this.transport, this.#concurrency);
    const session = new RegistrySession(endpoint, exchange, this.#credentials, this.#timeout);
    this.#sessions.set(registry, session);
    return session;
  }

  /** Runs a proof over an answer; a failed one becomes an error that names the request. */
  #prove<T>(reference: ImageReference, method: string, path: string, host: string, proof: () => T): T {
    try {
      return proof();
    } catch (error) {
      if (!(error instanceof ManifestError)) throw error;
      const { registry, repository } = reference;
      const request = `${method} /v2/${repository}/${path} on ${host}`;
      throw new RegistryError({ code: error.code, registry, repository, request, outcome: error.message });
    }
  }

  #refused(
    { registry, repository }: ImageReference,
    method: string,
    path: string,
    answer: TransportAnswer,
  ): RegistryError {
    const code: RegistryErrorCode = answer.status === 404 ? "not-found" : "bad-response";
    return new RegistryError({
      code,
      registry,
      repository,
      request: `${method} /v2/${repository}/${path} on ${answer.url.host}`,
      outcome: describeStatus(answer),
      status: answer.status,
      registryCode: registryCodeOf(answer),
    });
  }
}

/** Red Hat's registry leaves the digest out, Nexus answers 404, others know no HEAD: GET may fare better with those. */
function headMayLie(status: number): boolean {
  return status === 404 || status === 405 || status === 501;
}

/** What a HEAD proves; undefined when only the body can tell. @throws ManifestError */
function fromHead(head: TransportAnswer, reference: ImageReference): Resolution | undefined {
  const digestHeader = head.header("docker-content-digest");
  const typeHeader = head.header("content-type");
  if (digestHeader === undefined || typeHeader === undefined) return undefined;
  const mediaType = parseMediaType(typeHeader);
  const digest = parseDigestHeader(digestHeader);
  const expected = reference.digest;
  if (expected !== undefined && expected !== digest) {
    // The same bytes have one digest for each algorithm: those of two algorithms say nothing about each other.
    if (algorithmOf(expected) !== algorithmOf(digest)) return undefined;
    throw new ManifestError(
      "digest-mismatch",
      `answered the digest ${digest}, not the one that was asked for, ${expected}`,
    );
  }
  return { digest, mediaType, registry: head.url.host };
}

/** What a body proves. @throws ManifestError */
function fromBody(answer: TransportAnswer, expected: Digest | undefined): ReadManifest {
  const encoding = answer.header("content-encoding") ?? "identity";
  if (encoding !== "identity") {
    throw new ManifestError("bad-response", "answered a compressed body, although it was asked not to");
  }
  const header = answer.header("docker-content-digest");
  const stated = header === undefined ? undefined : parseDigestHeader(header);
  if (expected !== undefined) checkDigest(answer.body, expected, "the digest that was asked for");
  if (stated !== undefined) checkDigest(answer.body, stated, "its Docker-Content-Digest");
  const manifest = parseManifest(answer.body, answer.header("content-type"));
  const digest = expected ?? stated ?? digestOf(answer.body);
  return { manifest, resolution: { digest, mediaType: manifest.mediaType, registry: answer.url.host } };
}

/** `latest` is what a registry is asked for when there is neither tag nor digest, as every engine does. */
function targetOf(reference: ImageReference): string {
  return reference.digest ?? reference.tag ?? "latest";
}

/** What makes two questions the same: with a digest, the tag beside it is not asked about. */
function keyOf(reference: ImageReference): string {
  return `${reference.registry}/${reference.repository} ${targetOf(reference)}`;
}
