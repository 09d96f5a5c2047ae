import type { TrustedKey } from "./key";

/** A text that a platform team wrote, and which other texts it stands for. */
export interface TextPattern {
  readonly text: string;
  readonly matches: (text: string) => boolean;
}

/** Somebody whom an issuer of identities vouches for, such as a workflow: the subject of a Fulcio certificate. */
export interface TrustedIdentity {
  /** The issuer, in full: `https://token.actions.githubusercontent.com`. */
  readonly issuer: string;
  /** The subject alternative name: a mail address, or `https://github.com/acme/api/.github/workflows/release.yml@refs/tags/v1`. */
  readonly subject: TextPattern;
}

/** What a trusted provenance has to say; of each that is not empty, one pattern has to fit. */
export interface ProvenanceRule {
  readonly builders: readonly TextPattern[];
  readonly sources: readonly TextPattern[];
  readonly refs: readonly TextPattern[];
}

/** Who has to have signed an image, and what has to be said of it. */
export interface TrustRule {
  readonly keys: readonly TrustedKey[];
  readonly identities: readonly TrustedIdentity[];
  /** How many of the keys and identities have to have signed; at least 1. */
  readonly atLeast: number;
  /** Whether a signature has to be for the repository that the image lies in. */
  readonly sameRepository: boolean;
  /** Whether what a key signed needs an entry in a transparency log of the trusted root, too. What a certificate signed always does. */
  readonly logged: boolean;
  readonly provenance?: ProvenanceRule | undefined;
}

/** Who signed, as far as it was verified. */
export type Signer =
  | { readonly how: "key"; readonly fingerprint: string; readonly signedAt?: Date }
  | { readonly how: "identity"; readonly subject: string; readonly issuer: string; readonly signedAt: Date };

/** Where an image was built from what, as a verified attestation says. What it does not say is missing. */
export interface Provenance {
  /** `https://slsa.dev/provenance/v1` or `…/v0.2`. */
  readonly predicateType: string;
  readonly builder?: string;
  /** The repository without `git+` and `.git`: `https://github.com/acme/api`. */
  readonly source?: string;
  /** `refs/heads/main`. */
  readonly ref?: string;
}

/** A name of the signer on one line, for people. */
export function signerName(signer: Signer): string {
  return signer.how === "key" ? `key ${signer.fingerprint}` : `${signer.subject} (${signer.issuer})`;
}
