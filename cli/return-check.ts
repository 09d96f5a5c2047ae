import { byDigest, type Digest, type ImageReference } from "../images";
import { seeDigest, type SeenAt } from "./look-up";
import type { Surroundings } from "./surroundings";

/** How long a rollback waits for the registry, in milliseconds: it is an emergency, and the registry may be a part of it. */
const patience = 5_000;

/** Whether a digest that was left can be gone back to. */
export type Return =
  | { readonly kind: "present"; readonly seen: SeenAt }
  | { readonly kind: "gone" }
  | { readonly kind: "unreachable"; readonly why: string }
  | { readonly kind: "not-asked" };

/** Asks the registry, by digest, for a few seconds at most. */
export async function askForReturn(
  reference: ImageReference,
  digest: Digest,
  environment: Surroundings["environment"],
): Promise<Return> {
  const { createRegistryClient, RegistryError } = await import("../registry/index.js");
  const client = createRegistryClient({ environment, timeout: patience, connectTimeout: patience });
  const signal = AbortSignal.timeout(patience);
  try {
    const found = await client.resolve(byDigest(reference, digest), { signal });
    return { kind: "present", seen: await seeDigest(client, reference, found, { signal }) };
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    if (error.code === "not-found") return { kind: "gone" };
    const why = error.code === "aborted" ? `no answer within ${patience / 1000} s` : error.message;
    return { kind: "unreachable", why };
  } finally {
    await client.close();
  }
}
