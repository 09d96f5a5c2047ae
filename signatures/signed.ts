import type { Bundle } from "@sigstore/bundle";
import type { Claim } from "./statement";

/** A signature or attestation that lies beside an image: read, and not yet believed. */
export interface Signed {
  readonly bundle: Bundle;
  /** What was signed. */
  readonly payload: Buffer;
  readonly claim: Claim;
}
