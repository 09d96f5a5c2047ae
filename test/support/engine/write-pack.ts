import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

export interface WrittenPack {
  readonly folder: string;
  remove(): Promise<void>;
}

/**
 * Writes a policy pack whose whole program is `source` (CommonJS). It lies beside this compiled file, because Node.js
 * finds @pulumi/policy from there, and because whoever rebuilds into another folder does not remove it.
 */
export async function writePack(source: string): Promise<WrittenPack> {
  const folder = await mkdtemp(join(__dirname, "written-pack-"));
  await writeFile(join(folder, "PulumiPolicy.yaml"), "runtime: nodejs\n");
  await writeFile(
    join(folder, "package.json"),
    JSON.stringify({ name: "pack", version: "0.0.1", main: "index.js" }),
  );
  await writeFile(join(folder, "index.js"), source);
  return { folder, remove: async () => rm(folder, { recursive: true, force: true }) };
}
