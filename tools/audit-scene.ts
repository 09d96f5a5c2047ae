/** A stack in production and its lock: pinned, deployed, and audited after a tag has moved. */
import { join } from "node:path";
import { createTestStack } from "../test/support/engine";
import { projectRoot } from "../test/support/paths";
import type { startRegistry } from "../test/support/registry";
import { run } from "./run";
import { runProgram } from "./scenes";

/** A command as it was given, and what came of it. */
export interface Played {
  readonly command: string;
  readonly output: string;
  /** Undefined when a signal ended it. */
  readonly exitCode: number | undefined;
  /** What it has to end with. */
  readonly expected: number;
}

export const auditTitle = "What runs, held against the lock: pinned, deployed, and a tag has moved since";

const example = "kubernetes-pinned";

/** Plays it with the examples' registry, in a folder of its own. Provider plugins are stand-ins. */
export async function playAudit(
  registry: Awaited<ReturnType<typeof startRegistry>>,
  colour: boolean,
): Promise<readonly Played[]> {
  const from = `${registry.host}/library`;
  const lock: { path?: string } = {};
  const stack = await createTestStack({
    projectName: example,
    stackName: "dev",
    config: { registry: from },
    program: () => {
      // The program runs in this process, where no lock lies around it.
      process.env["PINNED_IMAGES_LOCK"] = lock.path;
      return runProgram(join(projectRoot, "build", "examples", example, "index.js"));
    },
  });
  const played: Played[] = [];
  const pinnedImages = async (expected: number, ...words: readonly string[]): Promise<void> => {
    const { code, stdout, stderr } = await run(
      process.execPath,
      [join(projectRoot, "dist", "cli", "index.js"), ...words],
      {
        cwd: stack.workDir,
        env: {
          ...process.env,
          ...(colour ? { FORCE_COLOR: "1" } : { NO_COLOR: "1" }),
          GIT_AUTHOR_NAME: "Ann Lee",
          GIT_AUTHOR_EMAIL: "ann@example.com",
        },
        timeoutMs: 30_000,
      },
    );
    const command = ["pinned-images", ...words.map((word) => (word.includes(" ") ? `"${word}"` : word))].join(
      " ",
    );
    played.push({ command, output: `${stdout}${stderr}`, exitCode: code, expected });
  };
  try {
    await pinnedImages(
      0,
      "pin",
      `${from}/nginx:1.27-alpine`,
      `${from}/redis:latest`,
      "--reason",
      "first release",
    );
    lock.path = join(stack.workDir, "images.lock.json");
    const { exitCode, stdout, stderr } = await stack.up();
    if (exitCode !== 0) throw new Error(`the update failed:\n${stdout}${stderr}`);
    await stack.command("stack", "export", "--stack", "dev", "--file", join(stack.workDir, "state.json"));
    // Somebody pushes something else under a tag that is in use.
    registry.push("library/redis", "latest", { platforms: ["linux/amd64"], seed: "moved" });
    await pinnedImages(1, "audit", "--verify", "--state", "state.json");
    return played;
  } finally {
    delete process.env["PINNED_IMAGES_LOCK"];
    await stack.dispose();
  }
}
