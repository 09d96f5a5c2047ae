import { content, sha256, type Content } from "./content";

/** What a signature, an attestation or a bundle is to be made of. */
export interface ArtifactOptions {
  /** What it refers to, by its digest. */
  readonly subject?: string;
  readonly artifactType?: string;
  /** Default: OCI's empty configuration. */
  readonly configType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly layers?: readonly ArtifactLayer[];
}

export interface ArtifactLayer {
  readonly mediaType: string;
  readonly bytes: Buffer | string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A manifest as a list of referrers speaks of it. */
export interface ReferrerEntry {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly artifactType: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

const emptyConfig = "application/vnd.oci.empty.v1+json";

/** A whole artifact, its layers and configuration among its blobs. The same options, the same bytes. */
export function buildArtifact(options: ArtifactOptions): Content {
  const { subject, artifactType, annotations, configType = emptyConfig } = options;
  const config = content(configType, Buffer.from("{}"));
  const layers = (options.layers ?? []).map((layer) => ({
    annotations: layer.annotations,
    blob: content(layer.mediaType, Buffer.from(layer.bytes)),
  }));
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  const manifest = {
    schemaVersion: 2,
    mediaType,
    artifactType,
    config: entry(config),
    layers: layers.map(({ blob, annotations: own }) => ({ ...entry(blob), annotations: own })),
    subject:
      subject === undefined
        ? undefined
        : { mediaType: "application/vnd.oci.image.index.v1+json", digest: subject, size: 1 },
    annotations,
  };
  return content(mediaType, Buffer.from(JSON.stringify(manifest)), {
    blobs: [config, ...layers.map(({ blob }) => blob)],
  });
}

/** What a list of referrers says of an artifact. */
export function referrerEntry(artifact: Content, options: ArtifactOptions): ReferrerEntry {
  const { artifactType, configType = emptyConfig, annotations } = options;
  return {
    ...entry(artifact),
    artifactType: artifactType ?? configType,
    ...(annotations === undefined ? {} : { annotations }),
  };
}

/** A list of referrers, which is an OCI index. */
export function referrersIndex(manifests: readonly ReferrerEntry[]): Content {
  const mediaType = "application/vnd.oci.image.index.v1+json";
  return content(mediaType, Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, manifests })));
}

/** The tag under which clients keep that list where the registry does not. */
export function referrersTag(digest: string): string {
  return digest.replace(":", "-");
}

/** A descriptor of bytes for whoever asks for a blob. */
export function blobOf(bytes: string | Buffer): { digest: string; size: number } {
  return { digest: sha256(bytes), size: Buffer.byteLength(bytes) };
}

function entry({ mediaType, digest, bytes }: Content): { mediaType: string; digest: string; size: number } {
  return { mediaType, digest, size: bytes.length };
}
