// Talking to registries: which digest a tag has, and which platforms an image is for.
// One HEAD for each tag, one token for each repository; nothing that a registry says is trusted unproven.
// The protocol: https://github.com/opencontainers/distribution-spec, tokens: https://distribution.github.io/distribution/spec/auth/.
export { createRegistryClient } from "./client";
export { readIndex } from "./manifest";
export { RegistryError, type RegistryErrorCode, type RegistryErrorDetails } from "./errors";
export type { ImageAnnotations } from "./annotations";
export type {
  Artifact,
  ArtifactClient,
  BlobOptions,
  Descriptor,
  ImageIndex,
  IndexChild,
} from "./artifact-client";
export type {
  Description,
  Existence,
  RegistryCacheOptions,
  RegistryCertificates,
  RegistryClient,
  RegistryClientOptions,
  RegistryCredential,
  RequestOptions,
  Resolution,
} from "./types";
