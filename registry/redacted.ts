import type { Platform } from "../images";
import { annotationNames, type ImageAnnotations } from "./annotations";
import type { Artifact, Descriptor, IndexChild } from "./artifact-client";
import type { Secrets } from "./secrets";
import type { Description, Resolution } from "./types";

/** What a registry said, without the secrets that it was sent. A digest and a media type have no room for any. */
export function redactedResolution<T extends Resolution>(said: T, secrets: Secrets): T {
  return { ...said, registry: secrets.redact(said.registry) };
}

export function redactedPlatform(said: Platform, secrets: Secrets): Platform {
  return {
    os: secrets.redact(said.os),
    architecture: secrets.redact(said.architecture),
    ...(said.variant === undefined ? {} : { variant: secrets.redact(said.variant) }),
  };
}

export function redactedDescription(said: Description, secrets: Secrets): Description {
  const annotations: ImageAnnotations = Object.fromEntries(
    annotationNames.flatMap((name) => {
      const text = said.annotations[name];
      return text === undefined ? [] : [[name, secrets.redact(text)]];
    }),
  );
  const platforms = said.platforms.map((platform) => redactedPlatform(platform, secrets));
  return { ...redactedResolution(said, secrets), platforms, annotations };
}

export function redactedChild({ digest, platform }: IndexChild, secrets: Secrets): IndexChild {
  return { digest, ...(platform === undefined ? {} : { platform: redactedPlatform(platform, secrets) }) };
}

/** A list of referrers. */
export function redactedList(said: readonly Descriptor[], secrets: Secrets): readonly Descriptor[] {
  return areFree(said, secrets) ? said : said.map((descriptor) => redactedDescriptor(descriptor, secrets));
}

/** A digest and a size have no room for any. */
function redactedDescriptor(said: Descriptor, secrets: Secrets): Descriptor {
  return { ...said, ...redactedTexts(said, secrets) };
}

export function redactedArtifact(said: Artifact, secrets: Secrets): Artifact {
  if (areFree([said, ...said.layers], secrets)) return said;
  const layers = said.layers.map((layer) => redactedDescriptor(layer, secrets));
  return { ...said, ...redactedTexts(said, secrets), layers };
}

/** Looks through all texts at once: there may be very many, and hardly ever is there anything to be found. */
function areFree(said: readonly Texts[], secrets: Secrets): boolean {
  const texts = said.flatMap(({ mediaType, artifactType = "", annotations }) => [
    mediaType,
    artifactType,
    ...Object.entries(annotations).flat(),
  ]);
  const all = texts.join("\n");
  return secrets.redact(all) === all;
}

type Texts = Pick<Descriptor, "mediaType" | "artifactType" | "annotations">;

function redactedTexts({ mediaType, artifactType, annotations }: Texts, secrets: Secrets): Texts {
  const pairs = Object.entries(annotations).map(([name, text]): [string, string] => [
    secrets.redact(name),
    secrets.redact(text),
  ]);
  return {
    mediaType: secrets.redact(mediaType),
    ...(artifactType === undefined ? {} : { artifactType: secrets.redact(artifactType) }),
    annotations: Object.fromEntries(pairs),
  };
}
