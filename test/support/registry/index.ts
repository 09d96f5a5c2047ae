// A stand-in registry inside the process, over node:http, for tests and demonstrations: real indexes with real digests.
// Answers as CNCF Distribution does, asks for credentials where it is told to, writes down every request, goes wrong on demand.
// The protocol: https://github.com/opencontainers/distribution-spec.
export { startRegistry, type LoggedRequest, type Registry, type RegistryOptions } from "./server";
export { basic, type RegistryAuth } from "./auth";
export {
  blobOf,
  referrersIndex,
  referrersTag,
  type ArtifactLayer,
  type ArtifactOptions,
  type ReferrerEntry,
} from "./artifacts";
export { buildImage, content, sha256, type Content, type ImageOptions } from "./content";
export type { Fault, FaultAnswer, FaultKind } from "./faults";
