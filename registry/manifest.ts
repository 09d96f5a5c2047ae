import { createHash } from "node:crypto";
import * as v from "valibot";
import { formatPlatform, ImageReferenceError, parseDigest, type Digest, type Platform } from "../images";
import { parseAnnotations, type ImageAnnotations } from "./annotations";
import type { ImageIndex, IndexChild, PlatformImage } from "./artifact-client";
import type { RegistryErrorCode } from "./errors";
import { lookAlikeIn } from "./look-alikes";
import { cleanText } from "./text";

export const ociIndex = "application/vnd.oci.image.index.v1+json";

const indexTypes: readonly string[] = [ociIndex, "application/vnd.docker.distribution.manifest.list.v2+json"];
const manifestTypes: readonly string[] = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];
const configTypes: readonly string[] = [
  "application/vnd.oci.image.config.v1+json",
  "application/vnd.docker.container.image.v1+json",
];

/**
 * All four types, always: a registry that is asked for a single image's manifest alone answers a multi-platform tag with the
 * digest of one platform's child (CNCF Distribution 2.8 and 3.1 do).
 */
export const acceptedTypes: string = [...indexTypes, ...manifestTypes].join(", ");

/** An answer that breaks a rule; the message is fit to stand behind the request. */
export class ManifestError extends Error {
  constructor(
    readonly code: Extract<
      RegistryErrorCode,
      "unsupported-media-type" | "digest-mismatch" | "bad-response" | "too-large"
    >,
    message: string,
  ) {
    super(message);
  }
}

/** The media type in a Content-Type header, without its parameters. */
export function typeIn(header: string): string {
  return (header.split(";", 1)[0] ?? "").trim().toLowerCase();
}

/** The media type in a Content-Type header. @throws ManifestError for one that is no image, and for schema 1. */
export function parseMediaType(header: string): string {
  const type = typeIn(header);
  if (indexTypes.includes(type) || manifestTypes.includes(type)) return type;
  if (/^application\/vnd\.docker\.distribution\.manifest\.v1\+(?:json|prettyjws)$/.test(type)) {
    throw new ManifestError(
      "unsupported-media-type",
      "answered a schema 1 manifest, which has no lasting digest",
    );
  }
  throw new ManifestError(
    "unsupported-media-type",
    `answered the media type "${cleanText(type, 80)}", which is no image`,
  );
}

/** The digest in a Docker-Content-Digest header. @throws ManifestError */
export function parseDigestHeader(header: string): Digest {
  try {
    return parseDigest(header.trim());
  } catch (error) {
    if (!(error instanceof ImageReferenceError)) throw error;
    throw new ManifestError(
      "bad-response",
      `answered a malformed Docker-Content-Digest: ${cleanText(error.message)}`,
    );
  }
}

/** `sha256` or `sha512`. */
export function algorithmOf(digest: Digest): string {
  return digest.slice(0, digest.indexOf(":"));
}

/** The digest of bytes as they came over the wire. */
export function digestOf(bytes: Uint8Array, algorithm = "sha256"): Digest {
  return parseDigest(`${algorithm}:${createHash(algorithm).update(bytes).digest("hex")}`);
}

/** Proves that bytes hash to a digest. `whose` says where the digest stood. @throws ManifestError */
export function checkDigest(bytes: Uint8Array, expected: Digest, whose: string): void {
  const actual = digestOf(bytes, algorithmOf(expected));
  if (actual !== expected) {
    throw new ManifestError(
      "digest-mismatch",
      `answered a body that hashes to ${actual}, not to ${whose}, ${expected}`,
    );
  }
}

const descriptorSchema = v.object({
  mediaType: v.optional(v.string()),
  digest: v.string(),
  platform: v.optional(
    v.object({ os: v.string(), architecture: v.string(), variant: v.optional(v.string()) }),
  ),
  annotations: v.optional(v.record(v.string(), v.string())),
});
const manifestSchema = v.object({
  schemaVersion: v.literal(2),
  mediaType: v.optional(v.string()),
  annotations: v.optional(v.nullable(v.record(v.string(), v.unknown()))),
  manifests: v.optional(v.array(descriptorSchema)),
  config: v.optional(descriptorSchema),
  layers: v.optional(v.array(v.unknown())),
});
const configSchema = v.object({
  os: v.string(),
  architecture: v.string(),
  variant: v.optional(v.string()),
});

const labelsSchema = v.object({
  config: v.optional(
    v.nullable(v.object({ Labels: v.optional(v.nullable(v.record(v.string(), v.unknown()))) })),
  ),
});

interface ManifestBase {
  readonly mediaType: string;
  readonly annotations: ImageAnnotations;
}

/** What a manifest is. */
export type Manifest =
  | (ManifestBase & {
      readonly kind: "index";
      /** Those that name their platform. */
      readonly images: readonly PlatformImage[];
      readonly children: readonly IndexChild[];
    })
  | (ManifestBase & { readonly kind: "image"; readonly config: Digest })
  /** A chart, a signature, …: in a registry, but nothing that runs. */
  | (ManifestBase & { readonly kind: "artifact" });

/** A manifest that is an index or an image manifest, and says which; what it holds is not judged yet. */
export interface ManifestForm {
  readonly mediaType: string;
  readonly json: unknown;
  readonly annotations: ImageAnnotations;
  /** Those of an index, and only of one. */
  readonly manifests: readonly v.InferOutput<typeof descriptorSchema>[] | undefined;
  /** Those of an image manifest, and only of one. */
  readonly config: v.InferOutput<typeof descriptorSchema> | undefined;
  readonly layers: readonly unknown[] | undefined;
}

/**
 * Reads what every manifest has. `contentType` is the header's; the body must say the same where it says something, and must not
 * be an index and an image at once, nor have fields that others read as fields of another name: two readers would see two images
 * under one digest (CVE-2021-41190).
 *
 * @throws ManifestError
 */
export function parseForm(bytes: Buffer, contentType: string | undefined): ManifestForm {
  const json = parseJson(bytes);
  // Old registries call it application/json; its own number says more.
  if (v.is(v.object({ schemaVersion: v.literal(1) }), json)) {
    return fail("unsupported-media-type", "answered a schema 1 manifest, which has no lasting digest");
  }
  // Before the body is judged: that it is a web page says more than that it is not JSON.
  const header = contentType === undefined ? undefined : parseMediaType(contentType);
  if (json === undefined) return fail("bad-response", "answered a body that is not JSON");
  const lookAlike = lookAlikeIn(json);
  if (lookAlike !== undefined) {
    const said = `"${cleanText(lookAlike, 40)}", which others read as a field of another name`;
    return fail("bad-response", `answered a manifest with the field ${said}`);
  }
  const parsed = v.safeParse(manifestSchema, json);
  if (!parsed.success) return fail("bad-response", "answered a manifest that is not in the form of one");
  const { mediaType: stated, manifests, config, layers } = parsed.output;
  const annotations = parseAnnotations(parsed.output.annotations ?? {});
  const mediaType =
    header ?? (stated === undefined ? guessType(manifests !== undefined) : parseMediaType(stated));
  if (stated !== undefined && stated !== mediaType) {
    return fail(
      "bad-response",
      `answered as ${mediaType} a manifest that calls itself ${cleanText(stated, 80)}`,
    );
  }
  if (indexTypes.includes(mediaType)) {
    if (manifests === undefined || config !== undefined || layers !== undefined) {
      return fail("bad-response", "answered an index that is not in the form of one");
    }
  } else if (config === undefined || layers === undefined || manifests !== undefined) {
    return fail("bad-response", "answered an image manifest that is not in the form of one");
  }
  return { mediaType, json, annotations, manifests, config, layers };
}

/** Reads a manifest. @throws ManifestError */
export function parseManifest(bytes: Buffer, contentType: string | undefined): Manifest {
  const { mediaType, annotations, manifests, config } = parseForm(bytes, contentType);
  if (manifests !== undefined) {
    return {
      kind: "index",
      mediaType,
      annotations,
      images: imagesOf(manifests),
      children: childrenOf(manifests),
    };
  }
  return config?.mediaType === undefined || !configTypes.includes(config.mediaType)
    ? { kind: "artifact", mediaType, annotations }
    : { kind: "image", mediaType, annotations, config: parseDescriptorDigest(config.digest) };
}

/**
 * Reads an index that was kept, and proves that it is the one.
 *
 * @returns undefined for the manifest of a single image.
 * @throws ManifestError
 */
export function readIndex(bytes: Buffer, digest: Digest): ImageIndex | undefined {
  checkDigest(bytes, digest, "its digest");
  const manifest = parseManifest(bytes, undefined);
  return manifest.kind === "index" ? { bytes, children: manifest.children } : undefined;
}

/** The platforms of an index, each once: Windows has several images for one, of which runtimes take the first that fits. */
export function platformsOf(images: readonly PlatformImage[]): readonly Platform[] {
  return [...new Map(images.map(({ platform }) => [formatPlatform(platform), platform])).values()];
}

/** The platform in an image's configuration. @throws ManifestError */
export function parseConfigPlatform(bytes: Buffer): Platform {
  const parsed = v.safeParse(configSchema, parseJson(bytes));
  return parsed.success
    ? toPlatform(parsed.output)
    : fail("bad-response", "answered an image configuration that names no platform");
}

/** The labels in an image's configuration, which say what annotations say, in older images alone. @throws ManifestError */
export function parseConfigLabels(bytes: Buffer): ImageAnnotations {
  const parsed = v.safeParse(labelsSchema, parseJson(bytes));
  return parsed.success ? parseAnnotations(parsed.output.config?.Labels ?? {}) : {};
}

type IndexEntry = NonNullable<ManifestForm["manifests"]>[number];

function imagesOf(descriptors: readonly IndexEntry[]): readonly PlatformImage[] {
  return descriptors.flatMap((descriptor) => {
    const { platform, annotations, digest } = descriptor;
    if (platform === undefined || runsNowhere(descriptor)) return [];
    if (annotations?.["vnd.docker.reference.type"] === "attestation-manifest") return [];
    return [{ digest: parseDescriptorDigest(digest), platform: toPlatform(platform) }];
  });
}

/**
 * Everything that a runtime could take: it reads the platform of what names none from its configuration, and an annotation keeps it
 * from nothing.
 */
function childrenOf(descriptors: readonly IndexEntry[]): readonly IndexChild[] {
  return descriptors
    .filter((descriptor) => !runsNowhere(descriptor))
    .map(({ platform, digest }) => ({
      digest: parseDescriptorDigest(digest),
      ...(platform === undefined ? {} : { platform: toPlatform(platform) }),
    }));
}

/** Attestations stand in an index as children for unknown/unknown. */
function runsNowhere({ platform }: IndexEntry): boolean {
  return platform?.os === "unknown" && platform.architecture === "unknown";
}

interface LoosePlatform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string | undefined;
}

/** Platforms end up in lock files and messages: nothing but plain words passes. */
function toPlatform({ os, architecture, variant }: LoosePlatform): Platform {
  for (const word of [os, architecture, variant ?? "v"]) {
    if (word !== "" && !/^[A-Za-z0-9._-]{1,64}$/.test(word)) {
      return fail("bad-response", `answered the platform "${cleanText(word, 40)}", which is no word`);
    }
  }
  if (os === "" || architecture === "") return fail("bad-response", "answered a platform without a name");
  return variant === undefined || variant === "" ? { os, architecture } : { os, architecture, variant };
}

function parseDescriptorDigest(text: string): Digest {
  try {
    return parseDigest(text);
  } catch {
    return fail("bad-response", "answered a manifest with a malformed digest in it");
  }
}

/** Undefined for what is not JSON, which has no such value. */
function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** mediaType is optional in the OCI formats alone. */
function guessType(index: boolean): string {
  return `application/vnd.oci.image.${index ? "index" : "manifest"}.v1+json`;
}

function fail(code: ManifestError["code"], message: string): never {
  throw new ManifestError(code, message);
}
