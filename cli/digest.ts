import { ImageReferenceError, parseImageReference } from "../images";
import { createPinner, explainPinError } from "../pinning";

interface Streams {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

type Answer = { readonly digest: string } | { readonly error: string; readonly code: 2 | 3 };

/**
 * Prints the digest of each reference, one line each, in their order; what went wrong goes to stderr.
 *
 * @returns the exit code: 0, or the worst of 2 (no reference) and 3 (the registry gave no digest).
 */
export async function digest(references: readonly string[], { stdout, stderr }: Streams): Promise<number> {
  const pinner = createPinner();
  try {
    const answers = await Promise.all(
      references.map(async (text): Promise<Answer> => {
        try {
          return { digest: (await pinner.pin(parseImageReference(text))).digest };
        } catch (error) {
          return failure(text, error);
        }
      }),
    );
    let code = 0;
    for (const answer of answers) {
      if ("digest" in answer) stdout.write(`${answer.digest}\n`);
      else {
        stderr.write(`${answer.error}\n`);
        code = Math.max(code, answer.code);
      }
    }
    return code;
  } finally {
    await pinner.close();
  }
}

function failure(text: string, error: unknown): Answer {
  return { code: error instanceof ImageReferenceError ? 2 : 3, error: explainPinError(text, error) };
}
