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
  /** Ends the wait of this caller; others who asked the same keep waiting. */
  readonly signal?: AbortSignal;
}

/** Asks registries. Identical questions at the same time are asked once; an instance may be shared by a whole process. */
export interface RegistryClient {
  /**
   * Tag (or `latest`, when there is neither tag nor digest) → digest. A reference with a digest is confirmed by that digest.
   *
   * @throws RegistryError whose code says why there is no answer.
   */
  resolve(reference: ImageReference, options?: RequestOptions): Promise<Resolution>;
  /**
   * The platforms of an image: those of its index (attestations left out), or the single one of its configuration. Empty
   * for an artifact that is no image, such as a chart.
   *
   * @throws RegistryError whose code says why there is no answer.
   */
  platforms(reference: ImageReference, options?: RequestOptions): Promise<readonly Platform[]>;
  /** Closes the connections. Calls under way fail with the code `aborted`. */
  close(): Promise<void>;
}

/** A credential that a program hands over itself, instead of leaving it to the Docker configuration. */
export type RegistryCredential =
  { readonly username: string; readonly password: string } | { readonly identityToken: string };

/** How a client behaves. Times are in milliseconds. */
export interface RegistryClientOptions {
  /** By registry (`ghcr.io`) or by path within one (`ghcr.io/acme`); the longest that fits wins over every other source. */
  readonly credentials?: Readonly<Record<string, RegistryCredential>>;
  /** Registries (host, and port if there is one) that may be spoken to over plain http. Loopback always may. */
  readonly insecureRegistries?: readonly string[];
  /** Host names that a token service or a redirect may lie on although they resolve to private addresses. */
  readonly allowedPrivateHosts?: readonly string[];
  /** How many requests may be under way at once, for each registry. Default: 8. */
  readonly concurrency?: number;
  /** What one call may take in all, from its first request, retries included. Default: 30,000. */
  readonly timeout?: number;
  /** What opening a connection may take. Default: 10,000. */
  readonly connectTimeout?: number;
  /** Where variables (credentials, proxies) are read. Default: the process's. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** The folder in which `.docker` and `.config` are looked for. Default: the user's. */
  readonly home?: string;
}
