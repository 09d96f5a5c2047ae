import { formatPlatform, type Digest, type ImageReference, type Platform } from "../images";
import { defaults, RegistryAccess } from "./access";
import { areComplete, type ImageAnnotations } from "./annotations";
import { refused } from "./answer-error";
import type { Artifact, ArtifactClient, BlobOptions, Descriptor, ImageIndex } from "./artifact-client";
import { Artifacts } from "./artifacts";
import { readBlob } from "./blob";
import { provenDigest } from "./body";
import { CacheFolder } from "./cache-folder";
import { CachedClient } from "./cached-client";
import { createCertificateStore } from "./certificates";
import type { Deadline } from "./deadline";
import { RegistryError } from "./errors";
import { Flights } from "./flights";
import {
  acceptedTypes,
  algorithmOf,
  ManifestError,
  parseConfigLabels,
  parseConfigPlatform,
  parseDigestHeader,
  parseManifest,
  parseMediaType,
  platformsOf,
  type Manifest,
} from "./manifest";
import { keyOf, targetOf } from "./question";
import { redactedChild, redactedDescription, redactedPlatform, redactedResolution } from "./redacted";
import { samePlatform } from "./same-platform";
import type { RepositoryRequest } from "./session";
import { createTransport, type Transport, type TransportAnswer } from "./transport";
import type {
  Description,
  Existence,
  RegistryClient,
  RegistryClientOptions,
  RequestOptions,
  Resolution,
} from "./types";

/** A client that talks to real registries. Opens nothing before it is asked something. */
export function createRegistryClient(options: RegistryClientOptions = {}): RegistryClient & ArtifactClient {
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
  readonly bytes: Buffer;
}

/** The client over any transport. */
export class Client implements RegistryClient, ArtifactClient {
  readonly #resolutions = new Flights<Resolution>();
  readonly #platforms = new Flights<readonly Platform[]>();
  readonly #images = new Flights<Resolution>();
  /** Not kept: whoever has seen one knows what it wanted to know. */
  readonly #indexes = new Flights<ImageIndex | undefined>(() => false);
  readonly #descriptions = new Flights<Description>();
  readonly #access: RegistryAccess;
  readonly #artifacts: Artifacts;

  constructor(
    transport: Transport,
    options: RegistryClientOptions,
    insecure: string[] = [...(options.insecureRegistries ?? [])],
  ) {
    this.#access = new RegistryAccess(transport, options, insecure);
    this.#artifacts = new Artifacts(this.#access);
  }

  async resolve(reference: ImageReference, options?: RequestOptions): Promise<Resolution> {
    return this.#access.ask(this.#resolutions, reference, options, async (deadline) =>
      redactedResolution(await this.#resolve(reference, deadline), this.#access.secrets),
    );
  }

  async platforms(reference: ImageReference, options?: RequestOptions): Promise<readonly Platform[]> {
    return this.#access.ask(this.#platforms, reference, options, async (deadline) => {
      const read = await this.#readKnown(reference, deadline);
      const platforms = await this.#platformsOf(reference, read, deadline);
      return platforms.map((platform) => redactedPlatform(platform, this.#access.secrets));
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
          ? read.manifest.images.find((candidate) => samePlatform(candidate.platform, platform))
          : undefined;
      if (child !== undefined) return (await this.#read(reference, deadline, child.digest)).resolution;
      const platforms = await this.#platformsOf(reference, read, deadline);
      const own = platforms.some((candidate) => samePlatform(candidate, platform));
      if (own && read.manifest.kind === "image") return read.resolution;
      throw platformMissing(reference, platform, platforms);
    };
    const key = `${keyOf(reference)} ${formatPlatform(platform)}`;
    return this.#access.ask(
      this.#images,
      reference,
      options,
      async (deadline) => redactedResolution(await ask(deadline), this.#access.secrets),
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
    return this.#access.ask(this.#descriptions, reference, options, async (deadline) =>
      redactedDescription(await this.#describe(reference, deadline), this.#access.secrets),
    );
  }

  async referrers(reference: ImageReference, options?: RequestOptions): Promise<readonly Descriptor[]> {
    return this.#artifacts.referrers(reference, options);
  }

  async artifact(reference: ImageReference, options?: RequestOptions): Promise<Artifact | undefined> {
    return this.#artifacts.artifact(reference, options);
  }

  async blob(reference: ImageReference, descriptor: Descriptor, options?: BlobOptions): Promise<Buffer> {
    return this.#artifacts.blob(reference, descriptor, options);
  }

  async index(reference: ImageReference, options?: RequestOptions): Promise<ImageIndex | undefined> {
    return this.#access.ask(this.#indexes, reference, options, async (deadline) => {
      const { manifest, bytes } = await this.#readKnown(reference, deadline);
      if (manifest.kind !== "index") return undefined;
      return {
        bytes,
        children: manifest.children.map((child) => redactedChild(child, this.#access.secrets)),
      };
    });
  }

  async close(): Promise<void> {
    await this.#access.close();
  }

  async #resolve(reference: ImageReference, deadline: Deadline): Promise<Resolution> {
    const request = manifestRequest("HEAD", targetOf(reference));
    const head = await this.#access.send(reference, request, deadline);
    if (head.status === 200) {
      const { host } = head.url;
      const resolution = this.#access.prove(reference, request, host, () => fromHead(head, reference));
      if (resolution !== undefined) return resolution;
    } else if (!headMayLie(head.status)) {
      throw refused(reference, request, head);
    }
    return (await this.#read(reference, deadline)).resolution;
  }

  async #describe(reference: ImageReference, deadline: Deadline): Promise<Description> {
    const { resolution, manifest, bytes } = await this.#readKnown(reference, deadline);
    const { annotations } = manifest;
    const size = bytes.length;
    if (manifest.kind === "artifact") return { ...resolution, size, platforms: [], annotations };
    if (manifest.kind === "image") {
      const config = await this.#config(reference, manifest.config, resolution.registry, deadline);
      const all = { ...config.labels, ...annotations };
      return { ...resolution, size, platforms: [config.platform], annotations: all };
    }
    const platforms = platformsOf(manifest.images);
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
    if (manifest.kind === "index") return platformsOf(manifest.images);
    if (manifest.kind === "artifact") return [];
    return [(await this.#config(reference, manifest.config, resolution.registry, deadline)).platform];
  }

  /** What the first image of an index says of itself, as far as the index says less than all. */
  async #inherited(
    reference: ImageReference,
    index: Extract<Manifest, { kind: "index" }>,
    deadline: Deadline,
  ): Promise<ImageAnnotations> {
    const [first] = index.images;
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
    const fix = "push the image again: its configuration is missing";
    const bytes = await readBlob(this.#access, reference, { digest, owner: "image", fix }, deadline);
    const request: RepositoryRequest = { method: "GET", path: `blobs/${digest}`, accept: "*/*" };
    return this.#access.prove(reference, request, host, () => ({
      platform: parseConfigPlatform(bytes),
      labels: parseConfigLabels(bytes),
    }));
  }

  /** GETs the manifest and proves its bytes. */
  async #read(reference: ImageReference, deadline: Deadline, known?: Digest): Promise<ReadManifest> {
    const request = manifestRequest("GET", known ?? targetOf(reference));
    const answer = await this.#access.send(reference, request, deadline);
    if (answer.status !== 200) throw refused(reference, request, answer);
    return this.#access.prove(reference, request, answer.url.host, () =>
      fromBody(answer, known ?? reference.digest),
    );
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
  const digest = provenDigest(answer, expected);
  const manifest = parseManifest(answer.body, answer.header("content-type"));
  const resolution = { digest, mediaType: manifest.mediaType, registry: answer.url.host };
  return { manifest, resolution, bytes: answer.body };
}

function manifestRequest(method: RepositoryRequest["method"], target: string): RepositoryRequest {
  return { method, path: `manifests/${target}`, accept: acceptedTypes };
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
