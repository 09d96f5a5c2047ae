import type { Digest, ImageReference, Platform } from "../images";

/** What a registry said of a reference. */
export interface Resolution {
  /** The digest that the registry serves for the tag: the index's for a multi-platform image. */
  readonly digest: Digest;
  /** The media type of what the digest names. */
  readonly mediaType: string;
  /** The host (and port) that answered. */
  readonly registry: string;
}

export interface RequestOptions {
  readonly signal?: AbortSignal;
}

/** Asks registries. Identical questions at the same time are asked once; an instance may be shared by a whole process. */
export interface RegistryClient {
  /** Tag (or `latest`, when there is neither tag nor digest) → digest. A reference with a digest is confirmed by that digest. */
  resolve(reference: ImageReference, options?: RequestOptions): Promise<Resolution>;
  /** The platforms of an image: those of its index (attestations left out), or the single one of its configuration. */
  platforms(reference: ImageReference, options?: RequestOptions): Promise<readonly Platform[]>;
  /** Closes the connections. */
  close(): Promise<void>;
}
