import { ImageReferenceError, parseImageReference, type ImageReference } from "../images";
import { explainPinError } from "../pinning";

/** What references are read from when they do not stand on the command line. */
export type Input = AsyncIterable<Uint8Array | string> & { readonly isTTY?: boolean };

/** Far more than any list of images; whoever pipes more has piped the wrong thing. */
const maxBytes = 8 * 1024 * 1024;

/** The command line names no references where it should, or names them wrongly. */
export class UsageError extends Error {}

/**
 * The references to work on: the arguments, with `-` standing for standard input, or standard input alone where there are
 * no arguments and something is piped in.
 *
 * @throws UsageError when there are none, or too much.
 */
export async function readReferences(words: readonly string[], stdin: Input): Promise<readonly string[]> {
  if (words.length === 0) {
    const piped = stdin.isTTY === true ? [] : linesOf(await readAll(stdin));
    if (piped.length === 0) throw new UsageError("no references: name them, or pipe them in, one a line");
    return piped;
  }
  const dash = words.indexOf("-");
  if (dash === -1) return words;
  const lines = linesOf(await readAll(stdin));
  return words.flatMap((word, n) => (n === dash ? lines : word === "-" ? [] : [word]));
}

/** Reads the one reference that a verb works on. @throws UsageError */
export function readOne(text: string): ImageReference {
  try {
    return parseImageReference(text);
  } catch (error) {
    throw error instanceof ImageReferenceError ? new UsageError(explainPinError(text, error)) : error;
  }
}

/** One reference a line; comments and blank lines are skipped. */
export function linesOf(text: string): readonly string[] {
  return text
    .replace(/^\ufeff/, "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
}

async function readAll(stdin: Input): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of stdin) {
    const bytes = typeof piece === "string" ? Buffer.from(piece) : piece;
    length += bytes.length;
    if (length > maxBytes) throw new UsageError(`standard input has more than ${maxBytes} bytes`);
    pieces.push(bytes);
  }
  return Buffer.concat(pieces).toString("utf8");
}
