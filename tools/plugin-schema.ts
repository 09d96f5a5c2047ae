/**
 * What the SDK infers of the plugin's components from their sources: `npm run schema` writes it, a test compares it. The published
 * package holds no sources, so that its plugin serves the file.
 */
import { ComponentProvider } from "@pulumi/pulumi/provider/experimental";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PinnedImage } from "../plugin/pinned-image";
import { schemaPath } from "../plugin/provider";
import { manifest } from "../test/support/package/manifest";
import { projectRoot } from "../test/support/paths";

/** The text of plugin/schema.json, made anew. */
export async function inferSchema(): Promise<string> {
  const provider = new ComponentProvider({
    name: "pinned-images",
    version: manifest.version,
    dirname: join(projectRoot, "plugin"),
    components: [PinnedImage],
  });
  const schema: unknown = JSON.parse(await provider.getSchema());
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

async function main(): Promise<void> {
  await writeFile(schemaPath, await inferSchema());
}

if (require.main === module) void main();
