import * as v from "valibot";
import { byDigest, formatPlatform, type ImageReference, type Platform } from "../images";
import type { Artifact, ArtifactClient, BlobOptions, Descriptor, ImageIndex } from "./artifact-client";
import type { CacheFolder } from "./cache-folder";
import { digestSchema } from "./digest-schema";
import { RegistryError } from "./errors";
import { keyOf } from "./question";
import type { Description, Existence, RegistryClient, RequestOptions, Resolution } from "./types";

const platformSchema = v.object({
  os: v.string(),
  architecture: v.string(),
  variant: v.exactOptional(v.string()),
});
const resolutionSchema = v.object({ digest: digestSchema, mediaType: v.string(), registry: v.string() });
const platformsSchema = v.array(platformSchema);
const descriptionSchema = v.object({
  ...resolutionSchema.entries,
  size: v.number(),
  platforms: platformsSchema,
  annotations: v.object({
    source: v.exactOptional(v.string()),
    revision: v.exactOptional(v.string()),
    baseName: v.exactOptional(v.string()),
    created: v.exactOptional(v.string()),
  }),
});

export interface CachedClientOptions {
  /** Where answers are kept; nowhere when missing. */
  readonly folder?: CacheFolder | undefined;
  /** Milliseconds. */
  readonly tagTtl: number;
}

/**
 * A client that remembers between runs. What a digest names never changes, so those answers are good for ever; what a tag
 * names is good for `tagTtl`. Everything else about a tag is asked of the digest that it has.
 */
export class CachedClient implements RegistryClient, ArtifactClient {
  /** @param inner Asked for what is not known; without it nothing is asked at all, and no socket is opened. */
  constructor(
    private readonly inner: (RegistryClient & ArtifactClient) | undefined,
    private readonly options: CachedClientOptions,
  ) {}

  async resolve(reference: ImageReference, options?: RequestOptions): Promise<Resolution> {
    const maxAge = reference.digest === undefined ? this.options.tagTtl : undefined;
    const key = `resolution ${keyOf(reference)}`;
    return this.#remember(
      reference,
      key,
      resolutionSchema,
      (inner) => inner.resolve(reference, options),
      maxAge,
    );
  }

  async platforms(reference: ImageReference, options?: RequestOptions): Promise<readonly Platform[]> {
    const pinned = await this.#pinned(reference, options);
    return this.#remember(pinned, platformsKey(pinned), platformsSchema, (inner) =>
      inner.platforms(pinned, options),
    );
  }

  async resolvePlatform(
    reference: ImageReference,
    platform: Platform,
    options?: RequestOptions,
  ): Promise<Resolution> {
    const pinned = await this.#pinned(reference, options);
    const key = `child ${formatPlatform(platform)} ${keyOf(pinned)}`;
    return this.#remember(pinned, key, resolutionSchema, (inner) =>
      inner.resolvePlatform(pinned, platform, options),
    );
  }

  /** Asked anew each time, as long as there is somebody to ask: what was there may have been deleted. */
  async exists(reference: ImageReference, options?: RequestOptions): Promise<Existence> {
    if (this.inner === undefined) return { exists: true, platforms: await this.platforms(reference) };
    const answer = await this.inner.exists(reference, options);
    if (answer.exists && reference.digest !== undefined) {
      await this.options.folder?.write(platformsKey(reference), answer.platforms);
    }
    return answer;
  }

  async describe(reference: ImageReference, options?: RequestOptions): Promise<Description> {
    const pinned = await this.#pinned(reference, options);
    return this.#remember(pinned, `description ${keyOf(pinned)}`, descriptionSchema, (inner) =>
      inner.describe(pinned, options),
    );
  }

  async referrers(reference: ImageReference, options?: RequestOptions): Promise<readonly Descriptor[]> {
    return this.#online(reference).referrers(reference, options);
  }

  async artifact(reference: ImageReference, options?: RequestOptions): Promise<Artifact | undefined> {
    return this.#online(reference).artifact(reference, options);
  }

  async blob(reference: ImageReference, descriptor: Descriptor, options?: BlobOptions): Promise<Buffer> {
    return this.#online(reference).blob(reference, descriptor, options);
  }

  async index(reference: ImageReference, options?: RequestOptions): Promise<ImageIndex | undefined> {
    return this.#online(reference).index(reference, options);
  }

  async close(): Promise<void> {
    await this.inner?.close();
  }

  /** Who is asked for what is not kept: what lies beside an image comes and goes, and is of use only as it is now. */
  #online(reference: ImageReference): ArtifactClient {
    if (this.inner !== undefined) return this.inner;
    const { registry, repository } = reference;
    throw new RegistryError({
      code: "offline",
      registry,
      repository,
      outcome: `what lies beside ${reference.toString()} is not kept in the cache, and the client is offline`,
      fix: "run it online: signatures and attestations are asked for each time",
    });
  }

  async #pinned(reference: ImageReference, options?: RequestOptions): Promise<ImageReference> {
    if (reference.digest !== undefined) return reference;
    const { digest } = await this.resolve(reference, options);
    return byDigest(reference, digest);
  }

  async #remember<T>(
    reference: ImageReference,
    key: string,
    schema: v.GenericSchema<unknown, T>,
    ask: (inner: RegistryClient) => Promise<T>,
    maxAge?: number,
  ): Promise<T> {
    const known = await this.options.folder?.read(key, schema, maxAge);
    if (known !== undefined) return known;
    if (this.inner === undefined) throw offline(reference);
    const answer = await ask(this.inner);
    await this.options.folder?.write(key, answer);
    return answer;
  }
}

function platformsKey(reference: ImageReference): string {
  return `platforms ${keyOf(reference)}`;
}

function offline(reference: ImageReference): RegistryError {
  return new RegistryError({
    code: "offline",
    registry: reference.registry,
    repository: reference.repository,
    outcome: `${reference.toString()} is not in the cache, and the client is offline`,
  });
}
