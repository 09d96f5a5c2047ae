import type { ArtifactClient, RegistryClient } from "../registry";
import { createProgress } from "./progress";
import type { Surroundings } from "./surroundings";

/** A call's time runs from its beginning: what is begun must not wait long for its turn at the registry. */
const atOnce = 32;

/** A registry client of this machine's configuration. */
export type Client = RegistryClient & ArtifactClient;

/** What came of one question. */
export type Answer<T, R> =
  { readonly item: T; readonly found: R } | { readonly item: T; readonly error: unknown };

/**
 * Asks registries about many things, some of them at once, and draws the progress. One that fails loses nothing for the others.
 *
 * @returns the answers in the order of the items.
 */
export async function askAll<T, R>(
  items: readonly T[],
  { stderr, environment }: Surroundings,
  ask: (item: T, client: Client) => Promise<R>,
): Promise<readonly Answer<T, R>[]> {
  if (items.length === 0) return [];
  const { createRegistryClient } = await import("../registry/index.js");
  const client = createRegistryClient({ environment });
  const progress = createProgress(stderr, items.length);
  const answers = new Map<number, Answer<T, R>>();
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    // Each takes the next one from the same queue.
    for (const [n, item] of queue) {
      try {
        answers.set(n, { item, found: await ask(item, client) });
      } catch (error) {
        answers.set(n, { item, error });
      }
      progress.step();
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  } finally {
    progress.clear();
    await client.close();
  }
  return items.flatMap((_, n) => answers.get(n) ?? []);
}
