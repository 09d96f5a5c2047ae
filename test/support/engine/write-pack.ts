import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { projectRoot } from "../paths";

export interface WrittenPack {
  readonly folder: string;
  remove(): Promise<void>;
}

/**
 * Writes a policy pack whose whole program is `source` (CommonJS). It lies inside the project's build folder, because
 * that is where Node.js finds @pulumi/policy from.
 */
export async function writePack(source: string): Promise<WrittenPack> {
  const build = join(projectRoot, "build");
  await mkdir(build, { recursive: true });
  const folder = await mkdtemp(join(build, "pack-"));
  await writeFile(join(folder, "PulumiPolicy.yaml"), "runtime: nodejs\n");
  await writeFile(
    join(folder, "package.json"),
    JSON.stringify({ name: "pack", version: "0.0.1", main: "index.js" }),
  );
  await writeFile(join(folder, "index.js"), source);
  return { folder, remove: async () => rm(folder, { recursive: true, force: true }) };
}
