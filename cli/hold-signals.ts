/** What ends a process whose user, or whose machine, wants it to end. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Lets Ctrl-C wait for a piece of work that must not be left half done, and takes a moment. A second one does not wait.
 *
 * @returns what ends the waiting, to be called when the work is done: a signal that came meanwhile takes effect then.
 */
export function holdSignals(): () => void {
  let came: NodeJS.Signals | undefined;
  const release = (): void => {
    for (const signal of signals) process.off(signal, hold);
    if (came !== undefined) process.kill(process.pid, came);
  };
  const hold = (signal: NodeJS.Signals): void => {
    const isSecond = came !== undefined;
    came = signal;
    if (isSecond) release();
  };
  for (const signal of signals) process.on(signal, hold);
  return release;
}
