import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Crane } from "./crane";

export interface PushedIndex {
  /** The digest of the index, which is what the tag stands for. */
  readonly digest: string;
  /** The digest of each platform's own manifest. */
  readonly children: ReadonlyMap<string, string>;
}

/** How images get into the registry: through crane, without a container engine. */
export interface Pusher {
  /** One image for one platform; gives its digest. Another `variant` under the same tag moves the tag. */
  image(repository: string, tag: string, platform?: string, variant?: string): Promise<string>;
  /** An index with one image for each platform, whose children are tagged `<tag>-<os>-<arch>` as well. */
  multiPlatform(
    repository: string,
    tag: string,
    platforms: readonly string[],
    variant?: string,
  ): Promise<PushedIndex>;
}

export async function createPusher(folder: string, host: string, crane: Crane): Promise<Pusher> {
  // Two blocks of zeros are an archive with nothing in it; what makes images differ is their configuration.
  const layer = join(folder, "empty.tar");
  await writeFile(layer, Buffer.alloc(1024));

  const image: Pusher["image"] = async (repository, tag, platform = "linux/amd64", variant = "one") => {
    const name = `${host}/${repository}:${tag}`;
    await crane("append", "--new_layer", layer, "--new_tag", name);
    await crane("mutate", name, "--set-platform", platform, "--label", `variant=${variant}`, "--tag", name);
    return crane("digest", name);
  };
  const multiPlatform: Pusher["multiPlatform"] = async (repository, tag, platforms, variant) => {
    const name = `${host}/${repository}`;
    const children = new Map<string, string>();
    for (const platform of platforms) {
      children.set(
        platform,
        await image(repository, `${tag}-${platform.replaceAll("/", "-")}`, platform, variant),
      );
    }
    const manifests = [...children.values()].flatMap((digest) => ["--manifest", `${name}@${digest}`]);
    await crane("index", "append", ...manifests, "--tag", `${name}:${tag}`);
    return { digest: await crane("digest", `${name}:${tag}`), children };
  };
  return { image, multiPlatform };
}
