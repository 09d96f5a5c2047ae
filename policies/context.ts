import type { ImageReference } from "../images";
import type { Pinner } from "../pinning";
import type { RegistryClient } from "../registry/types";
import { askOnce } from "./ask";
import { lookUp, type LockAnswer } from "./lock-book";
import type { PolicyContext } from "./policy";
import { servedBy } from "./served";
import type { Settings } from "./settings";
import { signedBy } from "./signed";

/** An answer of a registry is worth this much of the time in which somebody waits, in milliseconds. */
const patience = 10_000;

/** Who is asked what. */
export interface ContextSources {
  /** As they are now. */
  readonly settings: () => Settings;
  /** Decides digests, and knows the lock. May throw LockError where one is named that is not there. */
  readonly pinner: () => Pinner;
  readonly registry: RegistryClient;
  readonly now: () => Date;
  /** The variables that name the folder for what is kept between runs; this process's when left out. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
}

/** What policies may ask in one run: each question goes out once, whoever asks it, and no answer takes for ever. */
export function policyContext(sources: ContextSources): PolicyContext {
  const { settings, pinner, registry, now, environment } = sources;
  const pin = askOnce(async (reference, signal) => pinner().pin(reference, { signal }), patience);
  const lockedIn = async (reference: ImageReference): Promise<LockAnswer> => locked(pinner, reference);
  const said = new Set<string>();
  return {
    get settings() {
      return settings();
    },
    digestFor: async (reference) => {
      if (!settings().suggestDigests) return undefined;
      const answer = await pin(reference);
      return answer.ok ? answer.value.digest : undefined;
    },
    existence: askOnce((reference, signal) => registry.exists(reference, { signal }), patience),
    pin,
    locked: lockedIn,
    served: servedBy(registry),
    signed: signedBy({ settings, registry, locked: lockedIn, environment }),
    now,
    once: (what) => {
      const isFirst = !said.has(what);
      said.add(what);
      return isFirst;
    },
  };
}

async function locked(pinner: () => Pinner, reference: ImageReference): Promise<LockAnswer> {
  try {
    const { lock } = pinner();
    if (lock.path === undefined) return { kind: "no-lock", lookedIn: lock.lookedIn };
    return { kind: "lock", path: lock.path, ...lookUp(await lock.view(), reference) };
  } catch (error) {
    return { kind: "unreadable", error };
  }
}
