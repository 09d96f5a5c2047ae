import { formatPlatform, type Digest, type ImageReference, type Platform } from "../images";
import { areComplete, type ImageAnnotations } from "./annotations";
import { CacheFolder } from "./cache-folder";
import { CachedClient } from "./cached-client";
import { createCertificateStore } from "./certificates";
import { createCredentialStore } from "./credentials";
import { Deadline, Interrupted } from "./deadline";
import { endpointOf } from "./endpoint";
import { RegistryError, type RegistryErrorCode } from "./errors";
import { describeStatus, Exchange, registryCodeOf } from "./exchange";
import { Flights } from "./flights";
import { Gate } from "./gate";
import {
  acceptedTypes,
  algorithmOf,
  checkDigest,
  digestOf,
  ManifestError,
  parseConfigLabels,
  parseConfigPlatform,
  parseDigestHeader,
  parseManifest,
  parseMediaType,
  type Manifest,
} from "./manifest";
import { MirrorConfigError } from "./mirror-config-error";
import { createPlaceLookup, type PlaceLookup } from "./mirrors";
import { registryItself, type Place, type Places } from "./place";
import { keyOf, targetOf } from "./question";
import { redactedDescription, redactedPlatform, redactedResolution } from "./redacted";
import { samePlatform } from "./same-platform";
import { proxySecrets } from "./proxies";
import { Secrets } from "./secrets";
import { RegistrySession, type ApiRequest } from "./session";
import { createTransport, type Transport, type TransportAnswer } from "./transport";
import type {
  Description,
  Existence,
  RegistryClient,
  RegistryClientOptions,
  RequestOptions,
  Resolution,
} from "./types";

const defaults = { concurrency: 32, timeout: 30_000, connectTimeout: 10_000 };
/** Calls at work for each request that may be under way: enough that some always have their token. */
const callsPerRequest = 8;
/** What part of a call's time one mirror may use up: one that hangs must leave time for upstream. */
const mirrorShare = 6;

/** A client that talks to real registries. Opens nothing before it is asked something. */
export function createRegistryClient(options: RegistryClientOptions = {}): RegistryClient {
  const { cache, offline = false } = options;
  if (cache === undefined && !offline) return createOnlineClient(options);
  return new CachedClient(offline ? undefined : createOnlineClient(options), {
    folder: cache === undefined ? undefined : new CacheFolder(cache.folder),
    tagTtl: cache?.tagTtl ?? 0,
  });
}

function createOnlineClient(options: RegistryClientOptions): Client {
  const timeout = options.timeout ?? defaults.timeout;
  // Grows with the mirrors that a configuration lets be spoken to over plain http; the transport holds to the same list.
  const insecure = [...(options.insecureRegistries ?? [])];
  const transport = createTransport({
    connections: options.concurrency ?? defaults.concurrency,
    connectTimeout: Math.min(options.connectTimeout ?? defaults.connectTimeout, timeout),
    answerTimeout: timeout,
    insecureRegistries: insecure,
    allowedPrivateHosts: options.allowedPrivateHosts ?? [],
    environment: options.environment ?? process.env,
    certificates: createCertificateStore(options),
  });
  return new Client(transport, options, insecure);
}

/** A manifest that was read whole, and proven. */
interface ReadManifest {
  readonly resolution: Resolution;
  readonly manifest: Manifest;
  /** The bytes of the manifest. */
  readonly size: number;
}

/** The client over any transport. */
export class Client implements RegistryClient {
  readonly #sessions = new Map<string, RegistrySession>();
  readonly #gates = new Map<string, Gate>();
  readonly #resolutions = new Flights<Resolution>();
  readonly #platforms = new Flights<readonly Platform[]>();
  readonly #children = new Flights<Resolution>();
  readonly #descriptions = new Flights<Description>();
  readonly #secrets: Secrets;
  readonly #credentials;
  readonly #insecure: string[];
  readonly #lookup: PlaceLookup;
  readonly #timeout: number;
  readonly #concurrency: number;
  #closed = false;

  constructor(
    private readonly transport: Transport,
    private readonly options: RegistryClientOptions,
    insecure: string[] = [...(options.insecureRegistries ?? [])],
  ) {
    this.#secrets = new Secrets(proxySecrets(options.environment ?? process.env));
    this.#insecure = insecure;
    this.#lookup = createPlaceLookup(options);
    this.#credentials = createCredentialStore(options);
    this.#timeout = options.timeout ?? defaults.timeout;
    this.#concurrency = options.concurrency ?? defaults.concurrency;
  }

  async resolve(reference: ImageReference, options?: RequestOptions): Promise<Resolution> {
    return this.#ask(this.#resolutions, reference, options, async (deadline) =>
      redactedResolution(await this.#resolve(reference, deadline), this.#secrets),
    );
  }

  async platforms(reference: ImageReference, options?: RequestOptions): Promise<readonly Platform[]> {
    return this.#ask(this.#platforms, reference, options, async (deadline) => {
      const read = await this.#readKnown(reference, deadline);
      const platforms = await this.#platformsOf(reference, read, deadline);
      return platforms.map((platform) => redactedPlatform(platform, this.#secrets));
    });
  }

  async resolvePlatform(
    reference: ImageReference,
    platform: Platform,
    options?: RequestOptions,
  ): Promise<Resolution> {
    const ask = async (deadline: Deadline): Promise<Resolution> => {
      const read = await this.#readKnown(reference, deadline);
      const child =
        read.manifest.kind === "index"
          ? read.manifest.children.find((candidate) => samePlatform(candidate.platform, platform))
          : undefined;
      if (child !== undefined) return (await this.#read(reference, deadline, child.digest)).resolution;
      const platforms = await this.#platformsOf(reference, read, deadline);
      const own = platforms.some((candidate) => samePlatform(candidate, platform));
      if (own && read.manifest.kind === "image") return read.resolution;
      throw platformMissing(reference, platform, platforms);
    };
    const key = `${keyOf(reference)} ${formatPlatform(platform)}`;
    return this.#ask(
      this.#children,
      reference,
      options,
      async (deadline) => redactedResolution(await ask(deadline), this.#secrets),
      key,
    );
  }

  async exists(reference: ImageReference, options?: RequestOptions): Promise<Existence> {
    try {
      return { exists: true, platforms: await this.platforms(reference, options) };
    } catch (error) {
      if (error instanceof RegistryError && error.code === "not-found")
        return { exists: false, platforms: [] };
      throw error;
    }
  }

  async describe(reference: ImageReference, options?: RequestOptions): Promise<Description> {
    return this.#ask(this.#descriptions, reference, options, async (deadline) =>
      redactedDescription(await this.#describe(reference, deadline), this.#secrets),
    );
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
              ? error.rewritten((text) => this.#secrets.redact(text))
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

  #gateOf(registry: string): Gate {
    const gate = this.#gates.get(registry) ?? new Gate(this.#concurrency * callsPerRequest);
    this.#gates.set(registry, gate);
    return gate;
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

  async #describe(reference: ImageReference, deadline: Deadline): Promise<Description> {
    const { resolution, manifest, size } = await this.#readKnown(reference, deadline);
    const { annotations } = manifest;
    if (manifest.kind === "artifact") return { ...resolution, size, platforms: [], annotations };
    if (manifest.kind === "image") {
      const config = await this.#config(reference, manifest.config, resolution.registry, deadline);
      const all = { ...config.labels, ...annotations };
      return { ...resolution, size, platforms: [config.platform], annotations: all };
    }
    const platforms = manifest.children.map(({ platform }) => platform);
    const inherited = await this.#inherited(reference, manifest, deadline);
    return { ...resolution, size, platforms, annotations: { ...inherited, ...annotations } };
  }

  /** What was resolved already is asked for by its digest: tag and platforms belong to the same image then. */
  async #readKnown(reference: ImageReference, deadline: Deadline): Promise<ReadManifest> {
    const known = await this.#resolutions.known(keyOf(reference));
    return this.#read(reference, deadline, known?.digest);
  }

  async #platformsOf(
    reference: ImageReference,
    { manifest, resolution }: ReadManifest,
    deadline: Deadline,
  ): Promise<readonly Platform[]> {
    if (manifest.kind === "index") return manifest.children.map(({ platform }) => platform);
    if (manifest.kind === "artifact") return [];
    return [(await this.#config(reference, manifest.config, resolution.registry, deadline)).platform];
  }

  /** What the first image of an index says of itself, as far as the index says less than all. */
  async #inherited(
    reference: ImageReference,
    index: Extract<Manifest, { kind: "index" }>,
    deadline: Deadline,
  ): Promise<ImageAnnotations> {
    const [first] = index.children;
    if (first === undefined || areComplete(index.annotations)) return {};
    const { manifest, resolution } = await this.#read(reference, deadline, first.digest);
    if (manifest.kind !== "image") return manifest.annotations;
    if (areComplete({ ...manifest.annotations, ...index.annotations })) return manifest.annotations;
    const { labels } = await this.#config(reference, manifest.config, resolution.registry, deadline);
    return { ...labels, ...manifest.annotations };
  }

  async #config(
    reference: ImageReference,
    digest: Digest,
    host: string,
    deadline: Deadline,
  ): Promise<{ readonly platform: Platform; readonly labels: ImageAnnotations }> {
    const bytes = await this.#blob(reference, digest, deadline);
    return this.#prove(reference, "GET", `blobs/${digest}`, host, () => ({
      platform: parseConfigPlatform(bytes),
      labels: parseConfigLabels(bytes),
    }));
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
    if (answer.status === 404) throw blobMissing(reference, path, answer);
    if (answer.status !== 200) throw this.#refused(reference, "GET", path, answer);
    return this.#prove(reference, "GET", path, answer.url.host, () => {
      checkDigest(answer.body, digest, "the digest in its manifest");
      return answer.body;
    });
  }

  /** Asks the places that hold the repository, mirrors first where they may answer, until one has it. */
  async #send(
    { registry, repository }: ImageReference,
    method: ApiRequest["method"],
    path: string,
    accept: string,
    deadline: Deadline,
  ): Promise<TransportAnswer> {
    const { mirrors, upstream } = this.#placesOf(registry, repository);
    // Blobs and children are named by digest; only a manifest's path may end in a tag.
    const kind = /\/sha(?:256|512):/.test(path) ? "digests" : "tags";
    for (const mirror of mirrors) {
      if (mirror.serves !== "all" && mirror.serves !== kind) continue;
      const own = new Deadline(this.#timeout / mirrorShare, deadline.signal);
      try {
        const answer = await this.#sendTo(mirror, method, path, accept, own);
        if (answer.status === 200) return answer;
      } catch (error) {
        // A mirror's trouble is no reason to stop while there is another place to ask; the caller's own is.
        if (!(error instanceof RegistryError) || deadline.signal.aborted) throw error;
      } finally {
        own.end();
      }
    }
    return this.#sendTo(upstream, method, path, accept, deadline);
  }

  async #sendTo(
    place: Place,
    method: ApiRequest["method"],
    path: string,
    accept: string,
    deadline: Deadline,
  ): Promise<TransportAnswer> {
    const { repository, namespace, root } = place;
    const request: ApiRequest = {
      method,
      repository,
      path,
      accept,
      ...(namespace === undefined ? {} : { namespace }),
      ...(root === undefined ? {} : { root }),
    };
    return this.#sessionOf(place).send(request, deadline);
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
    if (insecure && !this.#insecure.includes(registry)) this.#insecure.push(registry);
    const endpoint = endpointOf(
      registry,
      repository,
      this.#insecure,
      this.transport.hasCertificates?.(registry) ?? false,
    );
    const exchange = new Exchange(this.transport, this.#concurrency, this.#secrets);
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
  const resolution = { digest, mediaType: manifest.mediaType, registry: answer.url.host };
  return { manifest, resolution, size: answer.body.length };
}

/** The manifest is there and its configuration is not: the image is broken, which is not the same as missing. */
function blobMissing(
  { registry, repository }: ImageReference,
  path: string,
  answer: TransportAnswer,
): RegistryError {
  return new RegistryError({
    code: "bad-response",
    registry,
    repository,
    request: `GET /v2/${repository}/${path} on ${answer.url.host}`,
    outcome: `${describeStatus(answer)}, although the image's manifest names it`,
    status: answer.status,
    registryCode: registryCodeOf(answer),
    fix: "push the image again: its configuration is missing",
  });
}

function platformMissing(
  reference: ImageReference,
  wanted: Platform,
  platforms: readonly Platform[],
): RegistryError {
  const there = platforms.slice(0, 40).map(formatPlatform).join(", ");
  return new RegistryError({
    code: "platform-missing",
    registry: reference.registry,
    repository: reference.repository,
    outcome: `the image is not for ${formatPlatform(wanted)}`,
    fix:
      there === ""
        ? "choose an image: this one is for no platform at all"
        : `choose a platform that it is for: ${there}`,
  });
}
