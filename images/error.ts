/** Every way in which a text is not an image reference. Stable: tools may switch on them. */
export type ImageReferenceErrorCode =
  | "empty"
  | "whitespace"
  | "url"
  | "bare-hex"
  | "registry-invalid"
  | "port-invalid"
  | "repository-empty"
  | "repository-uppercase"
  | "repository-invalid"
  | "repository-too-long"
  | "tag-empty"
  | "tag-invalid"
  | "tag-too-long"
  | "digest-empty"
  | "digest-algorithm-missing"
  | "digest-algorithm-unknown"
  | "digest-algorithm-uppercase"
  | "digest-length"
  | "digest-uppercase"
  | "digest-character";

/**
 * A text that is not an image reference. `message` is half a sentence that says what is wrong with it, fit to stand behind
 * the quoted text; `part` is the offending part, shortened (the text may be hostile and long).
 */
export class ImageReferenceError extends Error {
  readonly code: ImageReferenceErrorCode;
  readonly part: string;

  constructor(code: ImageReferenceErrorCode, message: string, part: string) {
    super(message);
    this.name = "ImageReferenceError";
    this.code = code;
    this.part = part.slice(0, 256);
  }

  /** Whether the trouble stands behind the `@`: the text means to be pinned, and is not. */
  get inDigest(): boolean {
    return this.code.startsWith("digest-");
  }
}

/** A text as it stands in a message: in quotes, control characters escaped (it may be hostile), cut when it is long. */
export function quote(text: string): string {
  return JSON.stringify(text.length <= 40 ? text : `${text.slice(0, 40)}…`);
}
