import { parseDigest, parseImageReference } from "../../../images";
import { createRegistryClient } from "../../../registry";
import {
  parsePublicKey,
  verifyImage,
  type DigestReference,
  type RootReader,
  type TrustRule,
  type Verified,
  type VerifyOptions,
} from "../../../signatures";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { toTrustMaterial } from "@sigstore/verify";
import {
  buildImage,
  startRegistry,
  type ArtifactLayer,
  type ImageOptions,
  type Registry,
  type RegistryOptions,
} from "../registry";
import { bundleType, pemOf } from "./sign-image";
import type { KeyObject } from "node:crypto";
import type { TrustDomain } from "./trust-domain";

/** An image in a registry of its own, and what lies beside it. */
export interface Scene {
  readonly registry: Registry;
  /** `localhost:PORT/acme/api` */
  readonly repository: string;
  /** Of the image that is looked at. */
  readonly digest: string;
  /** Of the images in it, where it is an index. */
  readonly children: readonly string[];
  /** Puts signatures beside an image, each where its layout belongs. */
  place(layers: readonly ArtifactLayer[], digest?: string): void;
  /** Looks at the image as whoever deploys it does. */
  verify(
    rule: Partial<TrustRule>,
    options?: VerifyOptions & { readonly root?: RootReader; readonly digest?: string },
  ): Promise<Verified>;
  close(): Promise<void>;
}

const anybody: TrustRule = { keys: [], identities: [], atLeast: 1, sameRepository: false, logged: false };
const path = "acme/api";

/** A trusted rule for public keys. */
export function trustedKeys(...keys: readonly KeyObject[]): Pick<TrustRule, "keys"> {
  return { keys: keys.map((key) => parsePublicKey(pemOf(key))) };
}

/** Reads the trusted root of a domain. */
export function rootOf({ trustedRoot }: Pick<TrustDomain, "trustedRoot">): RootReader {
  const material = toTrustMaterial(TrustedRoot.fromJSON(trustedRoot));
  return () => Promise.resolve(material);
}

/** For those who must not need a root. */
export const noRoot: RootReader = () => Promise.reject(new Error("nobody needs a trusted root here"));

export async function openScene(image: ImageOptions = {}, options: RegistryOptions = {}): Promise<Scene> {
  const registry = await startRegistry(options);
  const client = createRegistryClient({ environment: {}, home: "/nonexistent" });
  const repository = `${registry.host}/${path}`;
  const { children } = buildImage({ seed: `${path}:1`, ...image });
  const digest = registry.push(path, "1", image);
  const legacy = new Map<string, ArtifactLayer[]>();
  return {
    registry,
    repository,
    digest,
    children: children.map(({ content }) => content.digest),
    place: (layers, subject = digest) => {
      for (const layer of layers) {
        if (layer.mediaType === bundleType) {
          registry.pushArtifact(path, { subject, artifactType: bundleType, layers: [layer] });
          continue;
        }
        const kind = layer.mediaType.includes("dsse") ? "att" : "sig";
        const tag = `${subject.replace(":", "-")}.${kind}`;
        const all = [...(legacy.get(tag) ?? []), layer];
        legacy.set(tag, all);
        registry.pushArtifact(path, { layers: all }, tag);
      }
    },
    verify: async (rule, { root = noRoot, digest: other = digest, ...rest } = {}) =>
      verifyImage(
        digestReference(repository, other),
        { ...anybody, ...rule },
        { artifacts: client, root },
        rest,
      ),
    close: async () => {
      await client.close();
      await registry.close();
    },
  };
}

export function digestReference(repository: string, digest: string): DigestReference {
  return Object.assign(parseImageReference(`${repository}@${digest}`), { digest: parseDigest(digest) });
}
