import type { ImageReference } from "../images";
import { findLockFile } from "../lock";
import { createPinner, locateLock, openLock, type LocatedLock } from "../pinning";
import { policyContext } from "../policies/context";
import { deferredRegistry } from "../policies/deferred-registry";
import type { PolicyContext } from "../policies/policy";
import type { RegistryClient } from "../registry/types";
import type { CheckSettings } from "./settings-file";
import type { Surroundings } from "./surroundings";

/** Digests for fix lines are a courtesy: registries are asked for so many, and for so long, in milliseconds. */
const mostSuggestions = 200;
const longestSuggesting = 20_000;

export interface ContextWish {
  /** The lock that the command line names. */
  readonly lock?: string | undefined;
  /** No registry is asked anything. */
  readonly offline: boolean;
}

/** What policies may ask in a check: of one lock for each environment, and of one client for all. */
export interface CheckContexts {
  /**
   * @param environment The name of the environment; its own lock counts where it has one (`images.production.lock.json`).
   * @throws LockError for a lock that is named and is not there, or that cannot be read.
   */
  of(environment: string | undefined): Promise<PolicyContext>;
  close(): Promise<void>;
}

export function checkContexts(
  { settings }: CheckSettings,
  { lock, offline }: ContextWish,
  { folder, environment: variables, clock }: Surroundings,
): CheckContexts {
  const registry = deferredRegistry(variables, offline);
  const suggesting = suggestions(clock);
  const made = new Map<string, Promise<PolicyContext>>();
  const byLock = new Map<string, PolicyContext>();

  const locate = (environment: string | undefined): LocatedLock => {
    const wishes = [
      { file: settings.lock.file ?? "", by: "the settings" },
      { file: lock ?? "", by: "--lock" },
      { file: variables["PINNED_IMAGES_LOCK"] ?? "", by: "the environment variable PINNED_IMAGES_LOCK" },
    ];
    if (environment !== undefined && wishes.every(({ file }) => file === "")) {
      const own = findLockFile(`images.${environment}.lock.json`, folder);
      if ("path" in own) return openLock(own.path);
    }
    return locateLock(wishes, folder);
  };

  const make = async (environment: string | undefined): Promise<PolicyContext> => {
    const found = locate(environment);
    // A lock that is broken is no finding in a file: nothing can be said before it is mended.
    if (found.path !== undefined) await found.view();
    const key = found.path ?? "";
    const present = byLock.get(key);
    if (present !== undefined) return present;
    const context = contextOver(found, registry);
    byLock.set(key, context);
    return context;
  };

  const contextOver = (found: LocatedLock, client: RegistryClient): PolicyContext => {
    const asking = createPinner({
      registry: client,
      lock: found,
      strategy: offline ? "locked" : "lock-first",
    });
    const locked = createPinner({ registry: client, lock: found, strategy: "locked" });
    const context = policyContext({
      settings: () => settings,
      pinner: () => asking,
      registry: client,
      now: () => new Date(clock()),
      environment: variables,
    });
    return {
      ...context,
      settings,
      digestFor: async (reference) => {
        try {
          return (await locked.pin(reference)).digest;
        } catch {
          return offline || !suggesting(reference) ? undefined : context.digestFor(reference);
        }
      },
    };
  };

  return {
    of: async (environment) => {
      const key = environment ?? "";
      let context = made.get(key);
      if (context === undefined) made.set(key, (context = make(environment)));
      return context;
    },
    close: async () => registry.close(),
  };
}

/** Whether a registry may still be asked for a digest to offer. */
function suggestions(clock: () => number): (reference: ImageReference) => boolean {
  const asked = new Set<string>();
  let until: number | undefined;
  return (reference) => {
    const name = reference.toString();
    if (asked.has(name)) return true;
    until ??= clock() + longestSuggesting;
    if (asked.size >= mostSuggestions || clock() > until) return false;
    asked.add(name);
    return true;
  };
}
