// Who signed an image, and what is said of where it comes from: cosign's signatures, Sigstore's bundles, SLSA's provenance.
// Reads what lies beside an image, and believes what a trusted key or identity signed. Knows no settings: rules are handed in.
// https://github.com/sigstore/cosign/blob/main/specs, https://docs.sigstore.dev/about/bundle, https://slsa.dev/spec
export type { DigestReference } from "../images";
export type { RootReader } from "./check";
export { SignatureError, type SignatureErrorCode } from "./error";
export { parsePublicKey, type TrustedKey } from "./key";
export { rootReader, type RootSource } from "./trusted-root";
export {
  signerName,
  type Provenance,
  type ProvenanceRule,
  type Signer,
  type TextPattern,
  type TrustedIdentity,
  type TrustRule,
} from "./trust";
export {
  verifyEvidence,
  verifyImage,
  type Verified,
  type VerifiedPlatform,
  type VerifyOptions,
  type Witnesses,
} from "./verify";
