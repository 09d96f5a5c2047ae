import type { Digest, ImageReference } from "../images";
import type { Pinner } from "../pinning";
import { askOnce } from "./ask";

/** A fix line is worth this much of the time in which the engine waits, in milliseconds, and no more. */
const patience = 5_000;

/** Gives the digests that fix lines offer; undefined where there is none. The violation stands on its own either way. */
export function digestSuggester(pinner: Pinner): (reference: ImageReference) => Promise<Digest | undefined> {
  const ask = askOnce((reference, signal) => pinner.pin(reference, { signal }), patience);
  return async (reference) => {
    const answer = await ask(reference);
    return answer.ok ? answer.value.digest : undefined;
  };
}
