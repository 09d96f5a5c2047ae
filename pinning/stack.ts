import { locateLock, type NamedLock } from "./lock-source";
import { createPinner, type Pinner, type PinnerOptions } from "./pinner";
import { defaultStrategy, parseStrategy, type Strategy } from "./strategy";

/** Everything that has a say in how a stack's images are pinned. */
export interface StackPinning extends Pick<PinnerOptions, "registry" | "previewed"> {
  /** The stack's name. */
  readonly stack: string;
  /** Where the lock is looked for: the program's folder, as far as it is known. */
  readonly folder: string;
  /** The lock that the platform team demands: it wins over all others. */
  readonly demandedLock?: string | undefined;
  /** A component's own options. */
  readonly lock?: string | undefined;
  readonly strategy?: Strategy | undefined;
  /** The stack's configuration: `pinned-images:lock`, `pinned-images:strategy`. */
  readonly configured?: { readonly lock?: string | undefined; readonly strategy?: string | undefined };
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/**
 * The pinner of a stack. The lock is the one that the platform team demands, else the component's, the stack's, the
 * environment's (`PINNED_IMAGES_LOCK`), else `images.lock.json` in the folder or around it. The strategy is the component's, the
 * stack's, the environment's (`PINNED_IMAGES_STRATEGY`), else as `defaultStrategy` has it.
 *
 * @throws LockError when a lock is named that is not there; TypeError when a strategy is named that is none.
 */
export function pinnerOfStack(given: StackPinning): Pinner {
  const { stack, folder, configured = {}, environment = process.env, registry, previewed } = given;
  const lock = locateLock(
    [
      named(given.demandedLock, "the policy pack's settings"),
      named(given.lock, "the component"),
      named(configured.lock, "pinned-images:lock in the stack's configuration"),
      named(environment["PINNED_IMAGES_LOCK"], "the environment variable PINNED_IMAGES_LOCK"),
    ],
    folder,
  );
  return createPinner({
    ...(registry === undefined ? {} : { registry }),
    lock,
    strategy:
      given.strategy ??
      strategyFrom(configured.strategy, "pinned-images:strategy in the stack's configuration") ??
      strategyFrom(
        environment["PINNED_IMAGES_STRATEGY"],
        "the environment variable PINNED_IMAGES_STRATEGY",
      ) ??
      defaultStrategy(stack, lock.path !== undefined),
    ...(previewed === undefined ? {} : { previewed }),
  });
}

function named(file: string | undefined, by: string): NamedLock | undefined {
  return file === undefined || file === "" ? undefined : { file, by };
}

function strategyFrom(text: string | undefined, where: string): Strategy | undefined {
  return text === undefined || text === "" ? undefined : parseStrategy(text, where);
}
