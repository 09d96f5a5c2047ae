import { ImageReferenceError } from "./error";

declare const brand: unique symbol;

/** A well-formed digest, `sha256:` + 64 or `sha512:` + 128 lowercase hex digits. Only {@link parseDigest} makes one. */
export type Digest = string & { readonly [brand]: "Digest" };

/** Hex characters for each algorithm that the OCI image specification registers (descriptor.md#registered-algorithms). */
const hexLength: ReadonlyMap<string, number> = new Map([
  ["sha256", 64],
  ["sha512", 128],
]);

/** How much of a hostile text is repeated in an error. */
const shown = 24;

function isDigest(text: string): text is Digest {
  return problemOf(text) === undefined;
}

/** What is wrong with a digest, as code, offending part and sentence; undefined when nothing is. */
function problemOf(text: string): ImageReferenceError | undefined {
  const error = (
    code: ConstructorParameters<typeof ImageReferenceError>[0],
    message: string,
    part: string,
  ): ImageReferenceError => new ImageReferenceError(code, message, part);

  if (text === "") return error("digest-empty", `nothing stands behind "@"; a digest was expected`, "");
  const colon = text.indexOf(":");
  if (colon === -1) {
    const hex = /^[0-9a-fA-F]{32,}$/.test(text.slice(0, 1000));
    return error(
      "digest-algorithm-missing",
      hex
        ? `"sha256:" is missing in front of the digest`
        : `"${clip(text)}" is not a digest; "sha256:" is missing`,
      text,
    );
  }
  const algorithm = text.slice(0, colon);
  const hex = text.slice(colon + 1);
  const expected = hexLength.get(algorithm);
  if (expected === undefined) {
    const lower = algorithm.slice(0, shown).toLowerCase();
    return hexLength.has(lower)
      ? error(
          "digest-algorithm-uppercase",
          `the algorithm "${algorithm}" must be written "${lower}"`,
          algorithm,
        )
      : error(
          "digest-algorithm-unknown",
          algorithm === ""
            ? `the digest has no algorithm before ":"`
            : `unknown algorithm "${clip(algorithm)}"`,
          algorithm,
        );
  }
  const wrong = /[^0-9a-f]/.exec(hex);
  const countsHex = wrong === null || /^[A-F]$/.test(wrong[0]);
  if (wrong !== null) {
    const character = String.fromCodePoint(hex.codePointAt(wrong.index) ?? 0);
    const where = `${JSON.stringify(character)} at character ${wrong.index + 1}`;
    const length =
      hex.length === expected
        ? ""
        : ` (and the digest has ${count(hex.length, countsHex)}, ${algorithm} needs ${expected})`;
    return countsHex
      ? error("digest-uppercase", `uppercase ${where} of the digest${length}`, character)
      : error("digest-character", `${where} of the digest is no hex digit${length}`, character);
  }
  if (hex.length !== expected) {
    return error(
      "digest-length",
      `the digest has ${count(hex.length, true)}, ${algorithm} needs ${expected}`,
      hex,
    );
  }
  return undefined;
}

function count(n: number, hex: boolean): string {
  return `${n} ${hex ? "hex " : ""}character${n === 1 ? "" : "s"}`;
}

function clip(text: string): string {
  return text.length <= shown ? text : `${text.slice(0, shown)}…`;
}

/**
 * Reads a digest (`algorithm:hex`).
 *
 * @throws ImageReferenceError with a `digest-…` code that says how many characters there are, or which one is wrong.
 */
export function parseDigest(text: string): Digest {
  if (isDigest(text)) return text;
  throw problemOf(text) ?? new ImageReferenceError("digest-character", "not a digest", text);
}
