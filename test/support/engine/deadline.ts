import { readFile } from "node:fs/promises";

/** How long an interrupted engine may take to clean up before it is killed. */
const graceMs = 10_000;

/**
 * Bounds an operation of the engine: first an interrupt, as Ctrl-C would send, then the end. The engine's own plugins
 * notice that it is gone and end too.
 */
export async function withDeadline<T>(
  timeoutMs: number,
  processIdFile: string,
  operation: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const interrupt = new AbortController();
  let killed: NodeJS.Timeout | undefined;
  const interrupted = setTimeout(() => {
    interrupt.abort();
    killed = setTimeout(() => void kill(processIdFile), graceMs);
  }, timeoutMs);
  try {
    const result = await operation(interrupt.signal);
    // An interrupted engine ends with an exit code like any other refusal; that must not look like its verdict.
    if (interrupt.signal.aborted) throw new Error("It was interrupted.");
    return result;
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    throw new Error(`The engine was not done after ${timeoutMs} ms and was ended.`, { cause: error });
  } finally {
    clearTimeout(interrupted);
    clearTimeout(killed);
  }
}

async function kill(processIdFile: string): Promise<void> {
  const id = Number(await readFile(processIdFile, "utf8").catch(() => ""));
  if (!Number.isSafeInteger(id) || id <= 1) return;
  try {
    process.kill(id, "SIGKILL");
  } catch {
    // It ended by itself in the meantime.
  }
}
