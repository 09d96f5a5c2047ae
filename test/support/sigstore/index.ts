// A whole world of Sigstore inside the process, made of the mocks that its own library is tested with: authorities, logs, and
// images that somebody signed.
export { createTrustDomain, newKeys, type Identity, type LogEntry, type TrustDomain } from "./trust-domain";
export { sha256 } from "./sha256";
export {
  bundleType,
  envelopeType,
  hintOf,
  pemOf,
  preAuthEncoding,
  signBytes,
  signImage,
  signPredicate,
  simpleSigning,
  simpleSigningType,
  statementType,
  type SignatureLayer,
  type SignOptions,
} from "./sign-image";
export { startTufRepository, type TufRepository, type TufRepositoryOptions } from "./tuf-repository";
export { digestReference, noRoot, openScene, rootOf, trustedKeys, type Scene } from "./scene";
