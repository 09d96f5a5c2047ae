/** Every way in which an image is not verified. Stable: tools may switch on them. */
export type SignatureErrorCode =
  /** Nothing that could be a signature lies beside the image. */
  | "unsigned"
  /** It is there, and cannot be read: no JSON, no bundle, no payload of this kind. */
  | "unreadable"
  /** It is larger than any honest one. */
  | "too-large"
  /** There are more than anybody looks at, and none of those that were looked at will do. */
  | "too-many"
  /** Another key made it, and it says so. */
  | "untrusted-key"
  /** Without a word of which key made it: another key, or what was signed has been changed since. */
  | "no-key-fits"
  /** A trusted key or certificate stands beside it, and did not sign this. */
  | "bad-signature"
  /** A good signature, of another image. */
  | "other-digest"
  /** A good signature of these bytes, for another repository; or for none, where one is demanded. */
  | "other-repository"
  /** A certificate without any identity being trusted. */
  | "untrusted-identity"
  /** The identity would do, had another issuer vouched for it. */
  | "wrong-issuer"
  /** No trusted authority issued the certificate. */
  | "certificate-untrusted"
  /** The certificate was not valid when the signature was made. */
  | "certificate-expired"
  /** No certificate log vouches for the certificate. */
  | "certificate-unlogged"
  /** No entry of a transparency log lies with it, where one is demanded. */
  | "log-missing"
  /** The log never had the entry, or not this log. */
  | "log-untrusted"
  /** The log's entry is of another signature. */
  | "log-mismatch"
  /** Nobody vouches for when it was signed, or not somebody who is trusted. */
  | "timestamp-untrusted"
  /** Trusted signatures, and fewer than demanded. */
  | "too-few-signers"
  /** No provenance that somebody trusted signed. */
  | "provenance-missing"
  | "provenance-builder"
  | "provenance-source"
  | "provenance-ref"
  /** The index is not signed, and neither is the image of one of its platforms. */
  | "platform-unsigned"
  /** The trusted root is not to be had: no file, no answer. */
  | "root-unavailable"
  /** It is there, and past its day. */
  | "root-expired"
  /** The registry gave no answer. */
  | "unanswered";

export interface SignatureErrorDetails {
  readonly code: SignatureErrorCode;
  /** Half a sentence that goes on from the image's name: "is signed by nobody". */
  readonly problem: string;
  readonly cause?: unknown;
}

/** Why an image, or one signature of it, is not verified. `fix` says what to do. */
export class SignatureError extends Error {
  readonly code: SignatureErrorCode;
  readonly fix: string;

  constructor({ code, problem, cause }: SignatureErrorDetails) {
    super(problem, cause === undefined ? {} : { cause });
    this.name = "SignatureError";
    this.code = code;
    this.fix = fixes[code];
  }
}

const trust = `deploy a digest that somebody trusted signed; who is trusted, the platform team says in "settings": { "signatures": … }`;
const again = "sign the image again where it is built, and find out who put this there";

/** What to do about each. */
export const fixes: Readonly<Record<SignatureErrorCode, string>> = {
  unsigned: "sign it where it is built: cosign sign <image>@<digest>",
  unreadable: again,
  "too-large": again,
  "too-many": "remove the signatures that nobody needs: cosign clean <image>@<digest>, then sign it again",
  "untrusted-key": trust,
  "no-key-fits": trust,
  "bad-signature": again,
  "other-digest": again,
  "other-repository": "sign the image where it lies now: cosign sign <image>@<digest>",
  "untrusted-identity": trust,
  "wrong-issuer": trust,
  "certificate-untrusted": `sign with a certificate of the trusted authority, or let the platform team name its trusted root: "signatures": { "root": … }`,
  "certificate-expired": "sign the image again: a certificate is good for a few minutes",
  "certificate-unlogged": "sign with an authority that puts its certificates down in a log, as Fulcio does",
  "log-missing": "sign it with a log entry: cosign sign <image>@<digest>, without --tlog-upload=false",
  "log-untrusted": `sign with the log of the trusted root, or let the platform team name another: "signatures": { "root": … }`,
  "log-mismatch": again,
  "timestamp-untrusted":
    "sign it with a log entry or a timestamp of the trusted root: cosign sign <image>@<digest>",
  "too-few-signers": "let another trusted key or identity sign the same digest",
  "provenance-missing":
    "attest its provenance where it is built: cosign attest --type slsaprovenance1 <image>@<digest>",
  "provenance-builder": "build it with a builder that the settings name",
  "provenance-source": "build it from a source that the settings name",
  "provenance-ref": "build it from a branch or tag that the settings name",
  "platform-unsigned": "sign the index and all that is in it: cosign sign --recursive <image>@<digest>",
  "root-unavailable": `see that the trusted root can be read: "signatures": { "root": { "file": … } }`,
  "root-expired": "fetch the trusted root anew, where the network can be reached",
  unanswered: "see that the registry answers, and try again",
};
