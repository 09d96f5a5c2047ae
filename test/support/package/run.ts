import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

export interface Finished {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Terminates the process when it has written something, as the engine ends a pack that told its port. */
  readonly untilOutput?: boolean;
}

/** Runs a program to its end, or kills it after a minute. */
export async function run(
  command: string,
  args: readonly string[],
  { cwd, env, untilOutput = false }: RunOptions,
): Promise<Finished> {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 60_000,
    killSignal: "SIGKILL",
  });
  if (untilOutput) child.stdout.once("data", () => child.kill("SIGTERM"));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { code: child.exitCode, stdout, stderr };
}
