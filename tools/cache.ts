import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

import type { KeptProgram } from "./catalogue";
import { isExecutable } from "./executable";

/** Where built and downloaded tools stay: outside the work tree, so that a clean checkout does not lose them. */
export function cacheRoot(env: NodeJS.ProcessEnv): string {
  const own = env["PINNED_IMAGES_TOOLS"];
  if (own !== undefined && own !== "") return own;
  const xdg = env["XDG_CACHE_HOME"];
  return join(xdg !== undefined && xdg !== "" ? xdg : join(homeOf(env), ".cache"), "pulumi-pinned-images");
}

/** The folder of one tool, keyed by everything that makes its executable differ. */
export function toolFolder(env: NodeJS.ProcessEnv, tool: KeptProgram): string {
  return join(cacheRoot(env), tool.name, tool.version, `${process.platform}-${process.arch}`);
}

/** The executable inside a tool's folder; `bin` because that is where Pulumi's installer puts it below its root. */
export function executableIn(folder: string, tool: KeptProgram): string {
  return join(folder, "bin", process.platform === "win32" ? `${tool.name}.exe` : tool.name);
}

export function homeOf(env: NodeJS.ProcessEnv): string {
  const home = env["HOME"];
  return home !== undefined && home !== "" ? home : homedir();
}

/**
 * Fills a folder beside the final one and renames it into place, so that nobody ever sees half a tool. When two
 * processes fill the same folder at once, the first one wins and the second takes what lies there.
 */
export async function placeAtomically(
  folder: string,
  tool: KeptProgram,
  fill: (temporary: string) => Promise<void>,
): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const temporary = await mkdtemp(`${folder}.partial-`);
  try {
    await fill(temporary);
    await rename(temporary, folder).catch(async (reason: unknown) => {
      if (await isExecutable(executableIn(folder, tool))) return;
      // A folder without its executable is left from an interrupted clean-up; replace it.
      await rm(folder, { recursive: true, force: true });
      await rename(temporary, folder).catch(() => {
        throw reason;
      });
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
