import { createPinner, type Pinner } from "../pinning";
import type { RegistryClient } from "../registry/types";

/** How images are pinned; the same in every component. */
export interface PinningOptions {
  /** The registry client to ask; one for the whole program when left out. */
  readonly registry?: RegistryClient;
}

const shared = createPinner();
const byClient = new WeakMap<RegistryClient, Pinner>();

/** The pinner for these options. Components that ask the same client share it, so that each reference is asked for once. */
export function pinnerOf({ registry }: PinningOptions = {}): Pinner {
  if (registry === undefined) return shared;
  let pinner = byClient.get(registry);
  if (pinner === undefined) {
    pinner = createPinner({ registry });
    byClient.set(registry, pinner);
  }
  return pinner;
}
