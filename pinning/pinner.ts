import type { Digest, ImageReference, Platform } from "../images";
import type { RegistryClient } from "../registry/types";

/** The digest that a reference gets, and who said so. */
export interface Pin {
  readonly digest: Digest;
  /** `reference`: the author had pinned it already. `registry`: the registry serves it for the tag. */
  readonly from: "reference" | "registry";
}

export interface PinOptions {
  readonly signal?: AbortSignal;
}

/** Decides which digest a reference gets. Used by the pack and by the components alike; share one in a process. */
export interface Pinner {
  /** @throws RegistryError when the registry does not give a digest. */
  pin(reference: ImageReference, options?: PinOptions): Promise<Pin>;
  /** The platforms of the image that the reference names. */
  platforms(reference: ImageReference, options?: PinOptions): Promise<readonly Platform[]>;
  close(): Promise<void>;
}

export interface PinnerOptions {
  /** The client to ask; one of its own, made when it is first needed, when left out. */
  readonly registry?: RegistryClient;
}

/** A pinner that keeps what its author pinned and asks the registry for the rest. */
export function createPinner(options: PinnerOptions = {}): Pinner {
  let made: Promise<RegistryClient> | undefined;
  const client = async (): Promise<RegistryClient> => {
    if (options.registry !== undefined) return options.registry;
    // The HTTP stack is loaded with the first question, since most runs of the pack never ask one.
    made ??= import("../registry/index.js").then(({ createRegistryClient }) => createRegistryClient());
    return made;
  };
  return {
    async pin(reference, { signal } = {}) {
      if (reference.digest !== undefined) return { digest: reference.digest, from: "reference" };
      const { digest } = await (await client()).resolve(reference, signal === undefined ? {} : { signal });
      return { digest, from: "registry" };
    },
    async platforms(reference, { signal } = {}) {
      return (await client()).platforms(reference, signal === undefined ? {} : { signal });
    },
    async close() {
      await (await made)?.close();
    },
  };
}
