import { parseDigest, type Digest, type ImageReference } from "../../images";
import type { RegistryClient } from "../../registry";

/** A stand-in for a registry client: gives the digests it was told, and counts what it is asked. */
export interface FakeRegistryClient extends RegistryClient {
  readonly asked: string[];
}

/** @param digests by normalised reference; whatever is missing is answered with an error. */
export function fakeRegistryClient(digests: Readonly<Record<string, Digest>>): FakeRegistryClient {
  const asked: string[] = [];
  const platforms = [{ os: "linux", architecture: "amd64" }];
  const resolve = async (reference: ImageReference) => {
    asked.push(reference.toString());
    const digest = digests[reference.toString()];
    if (digest === undefined) return Promise.reject(new Error(`answered 404 MANIFEST_UNKNOWN`));
    const mediaType = "application/vnd.oci.image.index.v1+json";
    return Promise.resolve({ digest, mediaType, registry: reference.registry });
  };
  return {
    asked,
    resolve,
    resolvePlatform: resolve,
    platforms: () => Promise.resolve(platforms),
    exists: () => Promise.resolve({ exists: true, platforms }),
    describe: async (reference) => ({ ...(await resolve(reference)), size: 1, platforms, annotations: {} }),
    close: () => Promise.resolve(),
  };
}

/** A digest for tests: one hex character, 64 times. */
export function testDigest(character: string): Digest {
  return parseDigest(`sha256:${character.repeat(64)}`);
}
