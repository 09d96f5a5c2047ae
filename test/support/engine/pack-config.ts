import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { PackConfig } from "./options";

/** The files to hand to the engine: as many as there are packs, or none at all, which is what it accepts. */
export async function packConfigFiles(
  packs: readonly string[],
  config: PackConfig | readonly PackConfig[] | undefined,
  folder: string,
): Promise<string[]> {
  if (config === undefined) return [];
  const configs: readonly PackConfig[] = isList(config) ? config : packs.map(() => config);
  if (configs.length !== packs.length) {
    throw new Error(
      `There are ${packs.length} packs and ${configs.length} configurations; give one for each pack.`,
    );
  }
  return Promise.all(
    configs.map(async (one, index) => toFile(one, join(folder, `pack-config-${index}.json`))),
  );
}

async function toFile(config: PackConfig, path: string): Promise<string> {
  if (typeof config === "string") return config;
  await writeFile(path, JSON.stringify(config, undefined, 2));
  return path;
}

function isList(config: PackConfig | readonly PackConfig[]): config is readonly PackConfig[] {
  return Array.isArray(config);
}
