import { createHash } from "node:crypto";
import { parseDigest, parseImageReference, type Digest, type ImageReference } from "../../images";
import { RegistryError } from "../../registry/errors";
import type { RegistryClient } from "../../registry/types";
import { substituteRegistry } from "../pinner";

/** A registry for unit tests. In force until `restore` is called. */
export interface FakeRegistry extends RegistryClient {
  /** The references that it was asked for, normalised, in their order. */
  readonly asked: readonly string[];
  /** Brings the real registries back. */
  restore(): void;
}

const mediaType = "application/vnd.oci.image.index.v1+json";
const platforms = [
  { os: "linux", architecture: "amd64" },
  { os: "linux", architecture: "arm64" },
];

/**
 * Takes the place of every registry, and of the lock, wherever a component is not told whom to ask, so that unit tests with
 * Pulumi's mocks need no network and no files.
 *
 * @param images Digests by image, as one writes them: `{ "nginx:1.27": "sha256:…" }`; `null` for a tag that is to be missing.
 * Every other image has a digest that is made from its name, always the same.
 * @throws ImageReferenceError for an image or a digest that is none.
 */
export function fakeRegistry(images: Readonly<Record<string, string | null>> = {}): FakeRegistry {
  const known = new Map(
    Object.entries(images).map(([image, digest]) => [
      parseImageReference(image).toString(),
      digest === null ? null : parseDigest(digest),
    ]),
  );
  const asked: string[] = [];

  const digestOf = (reference: ImageReference): Digest => {
    const name = reference.toString();
    asked.push(name);
    if (reference.digest !== undefined) return reference.digest;
    const digest = known.get(name);
    if (digest === null) throw missing(reference);
    return digest ?? parseDigest(`sha256:${createHash("sha256").update(name).digest("hex")}`);
  };
  const resolve: RegistryClient["resolve"] = async (reference) =>
    Promise.resolve().then(() => ({ digest: digestOf(reference), mediaType, registry: reference.registry }));

  const registry: FakeRegistry = {
    asked,
    resolve,
    resolvePlatform: async (reference) => resolve(reference),
    platforms: async (reference) => resolve(reference).then(() => platforms),
    exists: async (reference) =>
      Promise.resolve(
        known.get(reference.toString()) === null
          ? { exists: false, platforms: [] }
          : { exists: true, platforms },
      ),
    describe: async (reference) => ({ ...(await resolve(reference)), size: 0, platforms, annotations: {} }),
    close: async () => Promise.resolve(),
    restore: () => {
      substituteRegistry(undefined);
    },
  };
  substituteRegistry(registry);
  return registry;
}

function missing({ registry, repository, tag = "latest" }: ImageReference): RegistryError {
  return new RegistryError({
    code: "not-found",
    registry,
    repository,
    request: `HEAD /v2/${repository}/manifests/${tag} on ${registry}`,
    outcome: "answered 404 MANIFEST_UNKNOWN",
    status: 404,
  });
}
