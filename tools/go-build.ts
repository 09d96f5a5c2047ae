import { join } from "node:path";

import type { GoProgram } from "./catalogue";
import { ToolError, messageOf } from "./error";
import { onPath } from "./executable";
import { projectFolder } from "./project-folder";
import { run } from "./run";

/** Five times what a cold build takes on two cores; only a stuck one is slower. */
const buildLimitMs = 20 * 60_000;

/** Builds a tool from its pinned Go module to `executable`. The module's go.sum fixes every byte that goes in. */
export async function buildFromGoModule(
  tool: GoProgram,
  executable: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const [go] = await onPath("go", env);
  if (go === undefined) {
    throw new ToolError(
      `Go is not on the PATH, and ${tool.name} ${tool.version} is built from its Go module. ` +
        `Install Go 1.26 or newer${tool.name === "pulumi" ? ", or Pulumi itself" : ""}.`,
    );
  }
  const linkerFlags = tool.linkerFlags === undefined ? [] : ["-ldflags", tool.linkerFlags];
  const args = ["build", "-mod=readonly", "-trimpath", "-buildvcs=false", ...linkerFlags, "-o", executable];
  const { code, stderr, timedOut } = await run(go, [...args, tool.command], {
    cwd: join(projectFolder, tool.module ?? `tools/go/${tool.name}`),
    // No C compiler and no surrounding workspace: the same module gives the same executable everywhere.
    env: { ...env, CGO_ENABLED: "0", GOWORK: "off", GOFLAGS: "" },
    timeoutMs: buildLimitMs,
  }).catch((error: unknown) => {
    throw new ToolError(`${go} could not be started: ${messageOf(error)}`);
  });
  if (timedOut) {
    throw new ToolError(
      `The build of ${tool.name} ${tool.version} was not done after ${buildLimitMs / 60_000} minutes.`,
    );
  }
  if (code !== 0) {
    const tail = stderr.trim().split("\n").slice(-15).join("\n");
    throw new ToolError(`${tool.name} ${tool.version} could not be built from its Go module:\n${tail}`);
  }
}
