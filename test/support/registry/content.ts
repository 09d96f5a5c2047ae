import { createHash } from "node:crypto";

/** Bytes that a registry serves, with their media type and digest. */
export interface Content {
  readonly digest: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
  /** What an index holds, in order; empty for anything else. */
  readonly children: readonly { readonly platform: string; readonly content: Content }[];
  /** Configuration and layers of an image manifest. */
  readonly blobs: readonly Content[];
}

/** What an image is to be made of. */
export interface ImageOptions {
  /** `os/architecture[/variant]`; one makes a plain image, several an index. Default: linux/amd64 alone. */
  readonly platforms?: readonly string[];
  /** The family of media types. Default: oci. */
  readonly format?: "oci" | "docker";
  /** An index even for one platform. */
  readonly index?: boolean;
  /** Adds an attestation to the index, as BuildKit does: a child for unknown/unknown. */
  readonly attestation?: boolean;
  /** Makes the content, and so the digest, another one. */
  readonly seed?: string;
  /** Annotations of what the digest names: of the index, or of the manifest of a single image. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Annotations of the manifests in an index. */
  readonly childAnnotations?: Readonly<Record<string, string>>;
  /** Labels in every configuration. */
  readonly labels?: Readonly<Record<string, string>>;
}

const types = {
  oci: {
    index: "application/vnd.oci.image.index.v1+json",
    manifest: "application/vnd.oci.image.manifest.v1+json",
    config: "application/vnd.oci.image.config.v1+json",
    layer: "application/vnd.oci.image.layer.v1.tar+gzip",
  },
  docker: {
    index: "application/vnd.docker.distribution.manifest.list.v2+json",
    manifest: "application/vnd.docker.distribution.manifest.v2+json",
    config: "application/vnd.docker.container.image.v1+json",
    layer: "application/vnd.docker.image.rootfs.diff.tar.gzip",
  },
} as const;

export function sha256(bytes: Uint8Array | string): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** Content of any media type. */
export function content(mediaType: string, bytes: Buffer, parts: Partial<Content> = {}): Content {
  return { digest: sha256(bytes), mediaType, bytes, children: [], blobs: [], ...parts };
}

/** A whole image: real manifests, configurations and layers whose digests are right. The same options, the same bytes. */
export function buildImage(options: ImageOptions): Content {
  const format = options.format ?? "oci";
  const platforms = options.platforms ?? ["linux/amd64"];
  const seed = options.seed ?? "";
  const first = platforms[0];
  if (
    platforms.length === 1 &&
    first !== undefined &&
    options.index !== true &&
    options.attestation !== true
  ) {
    return buildManifest(format, first, seed, options.labels, options.annotations);
  }
  const children = platforms.map((platform) => ({
    platform,
    content: buildManifest(format, platform, seed, options.labels, options.childAnnotations),
  }));
  if (options.attestation === true) {
    children.push({ platform: "unknown/unknown", content: buildManifest(format, "unknown/unknown", seed) });
  }
  const mediaType = types[format].index;
  const manifests = children.map((child) => ({
    ...descriptor(child.content),
    platform: platformOf(child.platform),
    ...(child.platform === "unknown/unknown"
      ? { annotations: { "vnd.docker.reference.type": "attestation-manifest" } }
      : {}),
  }));
  return content(
    mediaType,
    json({ schemaVersion: 2, mediaType, manifests, annotations: options.annotations }),
    { children },
  );
}

function buildManifest(
  format: "oci" | "docker",
  platform: string,
  seed: string,
  labels?: Readonly<Record<string, string>>,
  annotations?: Readonly<Record<string, string>>,
): Content {
  const layer = content(types[format].layer, Buffer.from(`layer ${platform} ${seed}`));
  const config = content(
    types[format].config,
    json({
      ...platformOf(platform),
      rootfs: { type: "layers", diff_ids: [layer.digest] },
      config: { Labels: labels },
    }),
  );
  const mediaType = types[format].manifest;
  const manifest = {
    schemaVersion: 2,
    mediaType,
    config: descriptor(config),
    layers: [descriptor(layer)],
    annotations,
  };
  return content(mediaType, json(manifest), { blobs: [config, layer] });
}

function descriptor({ mediaType, digest, bytes }: Content): {
  mediaType: string;
  digest: string;
  size: number;
} {
  return { mediaType, digest, size: bytes.length };
}

function platformOf(text: string): { os: string; architecture: string; variant?: string } {
  const [os = "linux", architecture = "amd64", variant] = text.split("/");
  return variant === undefined ? { os, architecture } : { os, architecture, variant };
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value, undefined, 2));
}
