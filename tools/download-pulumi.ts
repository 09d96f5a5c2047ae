import { PulumiCommand } from "@pulumi/pulumi/automation";
import { SemVer } from "semver";

import type { Tool } from "./catalogue";
import { ToolError, messageOf } from "./error";
import { run } from "./run";

const downloadLimitMs = 60_000;

/** Downloads the pinned CLI into `root`, through the Automation API's own installer. */
export async function downloadPulumi(tool: Tool, root: string): Promise<void> {
  // The installer takes no deadline, so it runs in a process of its own that can be ended.
  const { code, stderr, timedOut } = await run(process.execPath, [__filename, tool.version, root], {
    timeoutMs: downloadLimitMs,
  });
  if (timedOut) throw new ToolError(`the download was not done after ${downloadLimitMs / 1000} s`);
  if (code !== 0) throw new ToolError(stderr.trim().split("\n").at(-1) ?? "the download failed");
}

async function main(version: string, root: string): Promise<void> {
  try {
    await PulumiCommand.install({ version: new SemVer(version), root });
  } catch (error) {
    process.stderr.write(`${messageOf(error).replaceAll(/\s+/g, " ")}\n`);
    process.exitCode = 1;
  }
}

if (require.main === module) {
  const [version = "", root = ""] = process.argv.slice(2);
  void main(version, root);
}
