import { ImageReferenceError, quote } from "./error";

declare const brand: unique symbol;

/** A well-formed digest, `sha256:` + 64 or `sha512:` + 128 lowercase hex digits. Only {@link parseDigest} makes one. */
export type Digest = string & { readonly [brand]: "Digest" };

/** Hex characters for each algorithm that the OCI image specification registers (descriptor.md#registered-algorithms). */
const hexLength: ReadonlyMap<string, number> = new Map([
  ["sha256", 64],
  ["sha512", 128],
]);

/**
 * Reads a digest (`algorithm:hex`).
 *
 * @throws ImageReferenceError with a `digest-…` code that says how many characters there are, or which one is wrong.
 */
export function parseDigest(text: string): Digest {
  if (isDigest(text)) return text;
  throw problemOf(text);
}

function isDigest(text: string): text is Digest {
  const { algorithm, hex } = split(text);
  return hex.length === hexLength.get(algorithm) && !/[^0-9a-f]/.test(hex);
}

function split(text: string): { algorithm: string; hex: string } {
  const colon = text.indexOf(":");
  return colon === -1
    ? { algorithm: "", hex: text }
    : { algorithm: text.slice(0, colon), hex: text.slice(colon + 1) };
}

/** What is wrong with a text that {@link isDigest} refused. Characters are counted behind the colon, from one. */
function problemOf(text: string): ImageReferenceError {
  if (text === "") {
    return new ImageReferenceError("digest-empty", `nothing stands behind "@"; a digest was expected`, "");
  }
  if (!text.includes(":")) return algorithmMissing(text);
  const { algorithm, hex } = split(text);
  const expected = hexLength.get(algorithm);
  if (expected === undefined) return algorithmUnknown(algorithm);

  const wrong = /[^0-9a-f]/.exec(hex);
  if (wrong === null) {
    const message = `the digest has ${count(hex.length, "hex character")}, ${algorithm} needs ${expected}`;
    return new ImageReferenceError("digest-length", message, hex);
  }
  const character = String.fromCodePoint(hex.codePointAt(wrong.index) ?? 0);
  const where = `${JSON.stringify(character)} at character ${wrong.index + 1}`;
  const characters = Array.from(hex).length; // as a reader counts them: an emoji is one
  const length =
    characters === expected
      ? ""
      : ` (and the digest has ${count(characters, "character")}, ${algorithm} needs ${expected})`;
  return /[A-F]/.test(character)
    ? new ImageReferenceError("digest-uppercase", `uppercase ${where}${length}`, character)
    : new ImageReferenceError("digest-character", `${where} is no hex digit${length}`, character);
}

function algorithmMissing(text: string): ImageReferenceError {
  const algorithm = text.length === hexLength.get("sha512") ? "sha512" : "sha256";
  const looksLikeHex = text.length >= 32 && !/[^0-9a-fA-F]/.test(text);
  const message = looksLikeHex
    ? `"${algorithm}:" is missing in front of the digest`
    : `${quote(text)} is not a digest; "sha256:" is missing`;
  return new ImageReferenceError("digest-algorithm-missing", message, text);
}

function algorithmUnknown(algorithm: string): ImageReferenceError {
  const lower = algorithm.toLowerCase();
  if (hexLength.has(lower)) {
    const message = `the algorithm "${algorithm}" must be written "${lower}"`;
    return new ImageReferenceError("digest-algorithm-uppercase", message, algorithm);
  }
  const message =
    algorithm === "" ? `the digest has no algorithm before ":"` : `unknown algorithm ${quote(algorithm)}`;
  return new ImageReferenceError("digest-algorithm-unknown", message, algorithm);
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}
