import { chmod, mkdir } from "node:fs/promises";
import { dirname } from "node:path";

import { executableIn, placeAtomically, toolFolder } from "./cache";
import { catalogue } from "./catalogue";
import type { Tool, ToolName } from "./catalogue";
import { downloadPulumi } from "./download-pulumi";
import { messageOf } from "./error";
import { isExecutable } from "./executable";
import { pulumiInItsCache, pulumiOnPath } from "./find-pulumi";
import { buildFromGoModule } from "./go-build";

export interface ObtainedTool {
  readonly path: string;
  readonly version: string;
  /** Which way it was had, in words. */
  readonly way:
    "found on the PATH" | "found in Pulumi's cache" | "found in our cache" | "downloaded" | "built";
}

/** What obtaining a tool needs from outside; the tests put their own in its place. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly progress: (line: string) => void;
  readonly download: (tool: Tool, root: string) => Promise<void>;
  readonly build: (tool: Tool, executable: string, env: NodeJS.ProcessEnv) => Promise<void>;
}

export const realSurroundings: Surroundings = {
  env: process.env,
  progress: (line) => process.stderr.write(`${line}\n`),
  download: downloadPulumi,
  build: buildFromGoModule,
};

/**
 * Gets a tool the cheapest way there is. Pulumi: the PATH, Pulumi's cache, our cache, a download, a build. The others
 * are compared with byte for byte, so only their pinned version will do: our cache, else a build.
 */
export async function obtainTool(
  name: ToolName,
  around: Surroundings = realSurroundings,
): Promise<ObtainedTool> {
  const tool = catalogue[name];
  return (await findTool(tool, around)) ?? (await makeTool(tool, around));
}

/** One line that says which way a tool was had. */
export function describeObtained(name: ToolName, tool: ObtainedTool): string {
  return `${name} ${tool.version}: ${tool.way} (${tool.path})`;
}

async function findTool(tool: Tool, { env }: Surroundings): Promise<ObtainedTool | undefined> {
  if (tool.name === "pulumi") {
    const onPath = await pulumiOnPath(env);
    if (onPath !== undefined) return { ...onPath, way: "found on the PATH" };
    const inItsCache = await pulumiInItsCache(tool, env);
    if (inItsCache !== undefined) return { ...inItsCache, way: "found in Pulumi's cache" };
  }
  const path = executableIn(toolFolder(env, tool), tool);
  return (await isExecutable(path)) ? { path, version: tool.version, way: "found in our cache" } : undefined;
}

async function makeTool(tool: Tool, around: Surroundings): Promise<ObtainedTool> {
  const folder = toolFolder(around.env, tool);
  const made = { path: executableIn(folder, tool), version: tool.version };
  if (tool.name === "pulumi") {
    try {
      await placeAtomically(folder, tool, (temporary) => around.download(tool, temporary));
      return { ...made, way: "downloaded" };
    } catch (error) {
      around.progress(`${tool.name} ${tool.version} could not be downloaded: ${messageOf(error)}`);
    }
  }
  around.progress(`building ${tool.name} ${tool.version} from its Go module, ${tool.buildTime}`);
  await placeAtomically(folder, tool, async (temporary) => {
    const executable = executableIn(temporary, tool);
    await mkdir(dirname(executable), { recursive: true });
    await around.build(tool, executable, around.env);
    await chmod(executable, 0o755);
  });
  return { ...made, way: "built" };
}
