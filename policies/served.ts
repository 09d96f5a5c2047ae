import {
  formatPlatform,
  parseImageReference,
  type Digest,
  type ImageReference,
  type Platform,
} from "../images";
import type { RegistryClient } from "../registry/types";
import { askOnce, type Answer } from "./ask";

/** Where a tag points is worth this much of the time in which the engine waits, in milliseconds. */
const patience = 10_000;

/** Asks a registry where tags point now, each once, for the index or for one platform's image. */
export function servedBy(
  registry: RegistryClient,
): (reference: ImageReference, platform?: Platform) => Promise<Answer<Digest>> {
  const byPlatform = new Map<string, (reference: ImageReference) => Promise<Answer<Digest>>>();
  return (reference, platform) => {
    const key = platform === undefined ? "" : formatPlatform(platform);
    let ask = byPlatform.get(key);
    if (ask === undefined) {
      ask = askOnce(async (asked, signal) => {
        const { digest } = await (platform === undefined
          ? registry.resolve(tagOf(asked), { signal })
          : registry.resolvePlatform(tagOf(asked), platform, { signal }));
        return digest;
      }, patience);
      byPlatform.set(key, ask);
    }
    return ask(reference);
  };
}

/** The reference without its digest, by which a registry would answer. */
function tagOf({ registry, repository, tag = "latest" }: ImageReference): ImageReference {
  return parseImageReference(`${registry}/${repository}:${tag}`);
}
