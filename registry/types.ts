import type { Digest, ImageReference, Platform } from "../images";
import type { ImageAnnotations } from "./annotations";

/** What a registry said of a reference. */
export interface Resolution {
  /** The digest that the registry serves for the tag: the index's for a multi-platform image. */
  readonly digest: Digest;
  /** The media type of what the digest names. */
  readonly mediaType: string;
  /** The host (and port) that answered. */
  readonly registry: string;
}

/** All that a registry says of an image, its bytes proven. */
export interface Description extends Resolution {
  /** The bytes of what the digest names: of the manifest or index itself, as in a descriptor. */
  readonly size: number;
  /** As {@link RegistryClient.platforms} gives them. */
  readonly platforms: readonly Platform[];
  /** What its author says of it: nobody has proven that. */
  readonly annotations: ImageAnnotations;
}

/** Whether an image is there, and for which platforms. */
export interface Existence {
  readonly exists: boolean;
  /** Empty when it does not exist. */
  readonly platforms: readonly Platform[];
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
  /**
   * The image of one platform: the child's digest for an index, the image's own when it is for that platform alone.
   * `linux/arm64` and `linux/arm64/v8` are one platform.
   *
   * @throws RegistryError with the code `platform-missing` when the image is not for that platform.
   */
  resolvePlatform(
    reference: ImageReference,
    platform: Platform,
    options?: RequestOptions,
  ): Promise<Resolution>;
  /**
   * Whether the image is there: by its digest where the reference has one. 404 means no; every other trouble is an error,
   * since a registry that cannot be asked has not said no.
   *
   * @throws RegistryError whose code says why there is no answer.
   */
  exists(reference: ImageReference, options?: RequestOptions): Promise<Existence>;
  /**
   * Media type, size, platforms and what its author says of it. Annotations are those of the index or manifest; what is
   * missing there is taken from the first platform's manifest, then from the labels of its configuration.
   *
   * @throws RegistryError whose code says why there is no answer.
   */
  describe(reference: ImageReference, options?: RequestOptions): Promise<Description>;
  /** Closes the connections. Calls under way fail with the code `aborted`. */
  close(): Promise<void>;
}

/** A credential that a program hands over itself, instead of leaving it to the Docker configuration. */
export type RegistryCredential =
  { readonly username: string; readonly password: string } | { readonly identityToken: string };

/** Certificates for one registry, in PEM. */
export interface RegistryCertificates {
  /** Authorities to trust, beside those that are trusted anyway. */
  readonly ca?: string;
  /** The certificate to show, and its key: both or neither. */
  readonly cert?: string;
  readonly key?: string;
}

/** Where answers are kept between runs. */
export interface RegistryCacheOptions {
  /** A folder of its own. Safe with several processes at once; it holds names of images and no secrets. */
  readonly folder: string;
  /** How long the answer for a tag is good, in milliseconds. Those for digests are good for ever. Default: 0. */
  readonly tagTtl?: number;
}

/** How a client behaves. Times are in milliseconds. */
export interface RegistryClientOptions {
  /** By registry (`ghcr.io`) or by path within one (`ghcr.io/acme`); the longest that fits wins over every other source. */
  readonly credentials?: Readonly<Record<string, RegistryCredential>>;
  /** Registries (host, and port if there is one) that may be spoken to over plain http. Loopback always may. */
  readonly insecureRegistries?: readonly string[];
  /**
   * Certificates by registry (host, and port if there is one). Those that are missing here are looked for in
   * `certificateFolders`. A loopback registry that has any is spoken to over TLS.
   */
  readonly certificates?: Readonly<Record<string, RegistryCertificates>>;
  /** Folders with a folder of certificates for each registry. Default: the user's and the system's of Docker and Podman. */
  readonly certificateFolders?: readonly string[];
  /** Where answers are kept between runs. Default: nowhere; within a run a client remembers by itself. */
  readonly cache?: RegistryCacheOptions;
  /** Answers from the cache alone and never opens a socket; what is not in it is an error with the code `offline`. */
  readonly offline?: boolean;
  /** Host names that a token service or a redirect may lie on although they resolve to private addresses. */
  readonly allowedPrivateHosts?: readonly string[];
  /**
   * What the mirrors that this machine's container tools are told of (Podman's registries.conf, containerd's hosts.toml, Docker's
   * daemon.json) are asked for. A tag at a mirror may be stale, so that `digests` (the default) asks upstream for tags;
   * what a digest names is proven wherever it comes from. A mirror that fails is passed over.
   */
  readonly mirrors?: "digests" | "all" | "off";
  /** The folder in which the system's configuration of mirrors is looked for. Default: `/etc`. */
  readonly systemConfig?: string;
  /**
   * How many requests may be under way at once, for each registry. Halved whenever it answers 429; grows again by one, up to
   * this, after every so many answers as may be under way. Default: 32.
   */
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
