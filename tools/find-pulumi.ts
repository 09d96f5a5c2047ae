import { join } from "node:path";

import { executableIn, homeOf } from "./cache";
import type { Tool } from "./catalogue";
import { isExecutable, onPath } from "./executable";
import { isRecentEnough, pulumiVersion } from "./pulumi-version";

export interface FoundPulumi {
  readonly path: string;
  readonly version: string;
}

/** The first Pulumi CLI on the PATH that is recent enough. */
export async function pulumiOnPath(env: NodeJS.ProcessEnv): Promise<FoundPulumi | undefined> {
  for (const path of await onPath("pulumi", env)) {
    const version = await pulumiVersion(path, env);
    if (version !== undefined && isRecentEnough(version)) return { path, version };
  }
  return undefined;
}

/** The pinned version in the cache that Pulumi's own installers share: ~/.pulumi/versions/<version>. */
export async function pulumiInItsCache(tool: Tool, env: NodeJS.ProcessEnv): Promise<FoundPulumi | undefined> {
  const path = executableIn(join(homeOf(env), ".pulumi", "versions", tool.version), tool);
  return (await isExecutable(path)) ? { path, version: tool.version } : undefined;
}
