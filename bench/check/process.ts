import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";

/** A process that came to its end, with those that it started. */
export interface Finished {
  readonly ms: number;
  /** What it had of the processors, which other work on the machine changes less than the time; known to some 20 ms. */
  readonly processorMs: number;
  /** The most memory that was resident in one of them. */
  readonly mb: number;
  readonly stdout: string;
}

/** How often one looks at it, in milliseconds. */
const often = 10;

/**
 * Runs a process and looks at what it uses. How it ends says nothing: who finds something ends with 1.
 *
 * @param limit in milliseconds.
 * @returns undefined when it was not done by then.
 */
export async function finish(
  [executable, ...args]: readonly [string, ...string[]],
  cwd: string,
  limit: number,
): Promise<Finished | undefined> {
  const start = process.hrtime.bigint();
  // A group of its own, so that what it starts ends with it.
  const child = spawn(executable, args, { cwd, stdio: ["ignore", "pipe", "ignore"], detached: true });
  const pieces: Buffer[] = [];
  child.stdout.on("data", (piece: Buffer) => pieces.push(piece));
  const state = { late: false, processorMs: 0, mb: 0 };
  const look = setInterval(() => {
    usageOf(child.pid).then(
      ({ processorMs, mb }) => {
        state.processorMs = Math.max(state.processorMs, processorMs);
        state.mb = Math.max(state.mb, mb);
      },
      () => undefined,
    );
  }, often);
  const endGroup = (): void => {
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  };
  process.once("exit", endGroup);
  const limiter = setTimeout(() => {
    state.late = true;
    endGroup();
  }, limit);
  try {
    await new Promise<void>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", () => {
        resolve();
      });
    });
  } finally {
    clearInterval(look);
    clearTimeout(limiter);
    process.off("exit", endGroup);
  }
  const ms = Number(process.hrtime.bigint() - start) / 1e6;
  const { late, processorMs, mb } = state;
  return late ? undefined : { ms, processorMs, mb, stdout: Buffer.concat(pieces).toString("utf8") };
}

/** Linux counts time in hundredths of a second, whatever the machine: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const tickMs = 10;

/** What a process and those that it started have used so far. Only Linux tells; it keeps the highest mark of memory by itself. */
async function usageOf(pid: number | undefined): Promise<Pick<Finished, "processorMs" | "mb">> {
  const read = async (file: string): Promise<string> => readFile(`/proc/${pid}/${file}`, "utf8");
  const [status, stat, children] = await Promise.all([
    read("status"),
    read("stat"),
    read(`task/${pid}/children`),
  ]);
  const mb = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  // Behind the name, which may hold blanks: own time as a user and in the kernel, then that of children that have ended.
  const times = stat.slice(stat.lastIndexOf(")")).split(" ").slice(12, 16);
  const processorMs = times.reduce((sum, ticks) => sum + Number(ticks) * tickMs, 0);
  const none = { processorMs: 0, mb: 0 };
  const theirs = await Promise.all(
    children
      .split(" ")
      .filter((text) => text.trim() !== "")
      .map(async (child) => usageOf(Number(child)).catch(() => none)),
  );
  return {
    processorMs: theirs.reduce((sum, one) => sum + one.processorMs, processorMs),
    mb: Math.max(mb, ...theirs.map((one) => one.mb)),
  };
}
