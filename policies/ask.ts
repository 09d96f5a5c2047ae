import type { ImageReference } from "../images";
// Not the folder's index, which loads the HTTP stack.
import { RegistryError, type RegistryErrorCode } from "../registry/errors";
import { Patience } from "./patience";

export type Answer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

/**
 * Asks registries while the engine waits: once for each reference, however many resources and policies ask, for no longer
 * than `patience` (milliseconds), and no more where a registry gave no answer. A hundred images must not wait a hundred times
 * for a host that is down. Never throws.
 *
 * @param ask Waits by `aside` for what is no registry's answer: a registry must not be blamed for it.
 */
export function askOnce<T>(
  ask: (reference: ImageReference, signal: AbortSignal, aside: Patience["aside"]) => Promise<T>,
  patience: number,
): (reference: ImageReference) => Promise<Answer<T>> {
  const known = new Map<string, Promise<Answer<T>>>();
  const silent = new Map<string, Answer<T>>();

  const wait = async (reference: ImageReference): Promise<Answer<T>> => {
    const time = new Patience(patience);
    const { signal } = time;
    try {
      return { ok: true, value: await ask(reference, signal, async (work) => time.aside(work)) };
    } catch (error) {
      const answer: Answer<T> = { ok: false, error: signal.aborted ? noAnswer(reference, patience) : error };
      if (signal.aborted || isSilence(error)) silent.set(reference.registry, answer);
      return answer;
    } finally {
      time.end();
    }
  };

  return (reference) => {
    const key = reference.toString();
    let answer = known.get(key);
    if (answer === undefined) {
      const silence = silent.get(reference.registry);
      answer = silence === undefined ? wait(reference) : Promise.resolve(silence);
      known.set(key, answer);
    }
    return answer;
  };
}

/** Codes of an answer that was of no use: whoever pushed one such image must not have answered for all others. */
const useless: ReadonlySet<RegistryErrorCode> = new Set([
  "bad-response",
  "unsupported-media-type",
  "digest-mismatch",
  "too-large",
  "platform-missing",
]);

/** Whether a registry could not be asked. An answer, even "not found", says that it is there; and it has no part in the lock's errors. */
function isSilence(error: unknown): boolean {
  return error instanceof RegistryError && error.status === undefined && !useless.has(error.code);
}

function noAnswer({ registry, repository }: ImageReference, patience: number): RegistryError {
  const outcome = `${registry} gave no answer within ${patience / 1000} s`;
  return new RegistryError({ code: "timeout", registry, repository, outcome });
}
