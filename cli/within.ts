import type { ImageReference } from "../images";
import { SignatureError } from "../signatures";

/**
 * Gives what is asked about one image so much time in all: each answer has its bound, and there may be hundreds of them.
 *
 * @throws SignatureError with the code `unanswered` when the time is over; what the work throws before.
 */
export async function within<T>(
  { registry }: ImageReference,
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const signal = AbortSignal.timeout(milliseconds);
  try {
    return await work(signal);
  } catch (cause) {
    if (!signal.aborted) throw cause;
    const problem = `cannot be verified: ${registry} had not answered everything after ${milliseconds / 1000} s`;
    throw new SignatureError({ code: "unanswered", problem, cause });
  }
}
