import { parsePlatform, type Digest, type ImageReference, type Platform } from "../images";
import { lockKey, type LockEntry } from "../lock";
import type { RegistryClient } from "../registry/types";
import { NotLockedError } from "./error";
import type { LocatedLock } from "./lock-source";
import type { PreviewMemory } from "./preview-memory";
import type { Strategy } from "./strategy";

/** The digest that a reference gets, and who said so. */
export interface Pin {
  readonly digest: Digest;
  /**
   * `reference`: the author had pinned it already. `lock`: the lock holds it. `preview`: the preview before this update
   * resolved it. `registry`: the registry serves it for the tag.
   */
  readonly from: "reference" | "lock" | "preview" | "registry";
}

export interface PinOptions {
  readonly signal?: AbortSignal;
  /** The image of one platform, instead of the index. */
  readonly platform?: Platform;
}

/** Decides which digest a reference gets. Used by the pack and by the components alike; share one in a process. */
export interface Pinner {
  /** The lock that it asks, or where one was looked for. */
  readonly lock: LocatedLock;
  readonly strategy: Strategy;
  /**
   * @throws NotLockedError when the strategy is `locked` and the lock has no digest for it.
   * @throws LockError when the lock cannot be read.
   * @throws RegistryError when the registry does not give a digest.
   */
  pin(reference: ImageReference, options?: PinOptions): Promise<Pin>;
  /**
   * The platforms of the image that the reference names: as the lock has them, else as the registry says. Undefined when the
   * strategy is `locked` and the lock does not know. Errors as {@link Pinner.pin}.
   */
  platforms(reference: ImageReference, options?: PinOptions): Promise<readonly Platform[] | undefined>;
  close(): Promise<void>;
}

export interface PinnerOptions {
  /** The client to ask; one of its own, made when it is first needed, when left out. */
  readonly registry?: RegistryClient;
  /** The lock to ask first; none when left out. */
  readonly lock?: LocatedLock;
  /** `lock-first` when left out. */
  readonly strategy?: Strategy;
  /** What the preview before this update resolved. */
  readonly previewed?: PreviewMemory;
}

/** A pinner that keeps what its author pinned, and looks up the rest in the lock and the registry as its strategy says. */
export function createPinner(options: PinnerOptions = {}): Pinner {
  const { lock = { lookedIn: [] }, strategy = "lock-first", previewed } = options;
  let made: Promise<RegistryClient> | undefined;
  const client = async (): Promise<RegistryClient> => {
    if (options.registry !== undefined) return options.registry;
    // The HTTP stack is loaded with the first question, since most runs of the pack never ask one.
    made ??= import("../registry/index.js").then(({ createRegistryClient }) => createRegistryClient());
    return made;
  };
  const lockedEntry = async (
    reference: ImageReference,
    platform?: Platform,
  ): Promise<LockEntry | undefined> =>
    strategy === "registry" || lock.path === undefined
      ? undefined
      : (await lock.view()).get(lockKey(reference, platform));

  return {
    lock,
    strategy,
    async pin(reference, { signal, platform } = {}) {
      if (reference.digest !== undefined) return { digest: reference.digest, from: "reference" };
      const entry = await lockedEntry(reference, platform);
      if (entry !== undefined) return { digest: entry.digest, from: "lock" };
      const key = lockKey(reference, platform);
      if (strategy === "locked") throw new NotLockedError(key, lock.path);

      const recalled = await previewed?.recall(key);
      if (recalled !== undefined) return { digest: recalled, from: "preview" };
      const asking = signal === undefined ? {} : { signal };
      const { digest } = await (platform === undefined
        ? (await client()).resolve(reference, asking)
        : (await client()).resolvePlatform(reference, platform, asking));
      await previewed?.note(key, digest);
      return { digest, from: "registry" };
    },
    async platforms(reference, { signal, platform } = {}) {
      const entry = await lockedEntry(reference, platform);
      if (entry !== undefined && (reference.digest === undefined || reference.digest === entry.digest)) {
        return entry.platforms.map(parsePlatform);
      }
      if (strategy === "locked") return undefined;
      return (await client()).platforms(reference, signal === undefined ? {} : { signal });
    },
    async close() {
      await (await made)?.close();
    },
  };
}
