import type { Digest, ImageReference, Platform } from "../images";
import type { RequestOptions } from "./types";

/**
 * An entry of a manifest, or of a list of referrers (https://github.com/opencontainers/image-spec/blob/main/descriptor.md). Its
 * texts were written by somebody else and are as long as a manifest lets them be: certificates stand in annotations.
 */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  readonly artifactType?: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A manifest that is read for what it carries rather than run: a signature, an attestation, a bundle. Its bytes are proven. */
export interface Artifact {
  readonly digest: Digest;
  readonly mediaType: string;
  /** As it states it; else the media type of its configuration, which then stands for it (image-spec, manifest.md). */
  readonly artifactType?: string;
  /** What it refers to, as it says itself. */
  readonly subject?: Digest;
  readonly layers: readonly Descriptor[];
  readonly annotations: Readonly<Record<string, string>>;
}

/** What an index names. */
export interface IndexChild {
  readonly digest: Digest;
  /** As the index has it; a runtime finds out by itself where it says nothing. */
  readonly platform?: Platform;
}

/** An index, proven by its digest. */
export interface ImageIndex {
  /** As they were served. */
  readonly bytes: Buffer;
  /**
   * Everything in it that a runtime could take, in its order, several for one platform and those without one included: all but what
   * is for unknown/unknown, as attestations are.
   */
  readonly children: readonly IndexChild[];
}

/** One platform's image in an index. */
export interface PlatformImage extends IndexChild {
  readonly platform: Platform;
}

export interface BlobOptions extends RequestOptions {
  /** The most bytes that are read. Default: 8 MiB, as for a manifest. */
  readonly limit?: number;
}

/** Reads what lies beside an image. Identical questions at the same time are asked once; what is not there is asked for anew. */
export interface ArtifactClient {
  /**
   * What refers to the digest of the reference, by the referrers API
   * (https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-referrers), or where the registry does not have
   * it by the index behind the tag `<alg>-<hex>`. Empty when nothing does. Always asked upstream, since a mirror's list may be stale.
   *
   * @throws TypeError for a reference without a digest.
   * @throws RegistryError whose code says why there is no answer; `too-large` beyond 100 pages or 10,000 descriptors.
   */
  referrers(reference: ImageReference, options?: RequestOptions): Promise<readonly Descriptor[]>;
  /**
   * The manifest behind a digest or tag; undefined when there is none (404).
   *
   * @throws RegistryError whose code says why there is no answer: `bad-response` for an index, `too-large` beyond 10,000 layers.
   */
  artifact(reference: ImageReference, options?: RequestOptions): Promise<Artifact | undefined>;
  /**
   * The bytes of a blob in the repository of the reference, proven by digest and size.
   *
   * @throws RegistryError whose code says why there are none; `too-large`, before it is asked for, when the descriptor speaks of
   * more than `limit` bytes, and as soon as more come than the descriptor speaks of.
   */
  blob(reference: ImageReference, descriptor: Descriptor, options?: BlobOptions): Promise<Buffer>;
  /**
   * The index of an image; undefined for a single image.
   *
   * @throws RegistryError whose code says why there is no answer.
   */
  index(reference: ImageReference, options?: RequestOptions): Promise<ImageIndex | undefined>;
}
