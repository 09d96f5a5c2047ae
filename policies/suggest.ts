import type { Digest, ImageReference } from "../images";
import type { Pinner } from "../pinning";

/** A policy runs while the engine waits: a fix line is worth this much of it, in milliseconds, and no more. */
const patience = 5_000;

/**
 * Gives the digests that fix lines offer. Asks the registry at most once for each reference, and stops asking a registry that
 * failed to answer: a hundred violations must not wait a hundred times for a host that is down.
 */
export function digestSuggester(pinner: Pinner): (reference: ImageReference) => Promise<Digest | undefined> {
  const known = new Map<string, Promise<Digest | undefined>>();
  const silent = new Set<string>();
  return (reference) => {
    const key = reference.toString();
    let digest = known.get(key);
    if (digest === undefined) {
      digest = silent.has(reference.registry)
        ? Promise.resolve(undefined)
        : pinner.pin(reference, { signal: AbortSignal.timeout(patience) }).then(
            (pin) => pin.digest,
            (error: unknown) => {
              // An answer, even "not found", says that the registry is there. The violation stands on its own either way.
              const answered = error instanceof Error && "status" in error && error.status !== undefined;
              if (!answered) silent.add(reference.registry);
              return undefined;
            },
          );
      known.set(key, digest);
    }
    return digest;
  };
}
