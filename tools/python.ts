import { join } from "node:path";

import { placeAtomically, toolFolder } from "./cache";
import type { KeptProgram } from "./catalogue";
import { ToolError, messageOf } from "./error";
import { isExecutable, onPath } from "./executable";
import { run } from "./run";

const installLimitMs = 15 * 60_000;

/**
 * A Python that has a package of PyPI, in a virtual environment that is made when it is first asked for, and kept.
 *
 * @param program The package, which has a command of its name.
 * @returns the path of that Python; the package runs as `-m <module>`, wherever the environment was made.
 * @throws ToolError with what pip said.
 */
export async function ensurePythonWith(
  program: KeptProgram,
  progress: (text: string) => void = () => undefined,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const place = toolFolder(env, program);
  const python = join(place, "bin", "python");
  if (await isExecutable(python)) return python;
  const [system] = await onPath("python3", env);
  if (system === undefined) {
    throw new ToolError(
      `python3 is not on the PATH, and ${program.name} is written in Python. Install Python 3.10 or newer.`,
    );
  }
  progress(`installing ${program.name} ${program.version} with pip`);
  await placeAtomically(place, program, async (temporary) => {
    const step = async (command: string, ...args: readonly string[]): Promise<void> =>
      runStep(program, command, args, env);
    await step(system, "-m", "venv", temporary);
    const wanted = `${program.name}==${program.version}`;
    await step(join(temporary, "bin", "python"), "-m", "pip", "install", "--quiet", wanted);
  });
  return python;
}

async function runStep(
  { name, version }: KeptProgram,
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const { code, stderr, timedOut } = await run(command, args, {
    cwd: process.cwd(),
    env,
    timeoutMs: installLimitMs,
  }).catch((error: unknown) => {
    throw new ToolError(`${command} could not be started: ${messageOf(error)}`);
  });
  if (timedOut) {
    throw new ToolError(`${name} ${version} was not installed after ${installLimitMs / 60_000} minutes.`);
  }
  if (code !== 0) {
    const tail = stderr.trim().split("\n").slice(-15).join("\n");
    throw new ToolError(`${name} ${version} could not be installed:\n${tail}`);
  }
}
