import { availableParallelism, cpus } from "node:os";

import { ensureTool } from "../tools";
import { pulumiVersion } from "../tools/pulumi-version";

/** What figures are worth nothing without. */
export async function machine(): Promise<string> {
  const engine = (await pulumiVersion(await ensureTool("pulumi"), process.env)) ?? "of unknown version";
  const model = cpus()[0]?.model.trim() ?? process.arch;
  return `${availableParallelism()} cores (${model}), ${process.platform}, Node.js ${process.versions.node}, Pulumi engine ${engine}`;
}
