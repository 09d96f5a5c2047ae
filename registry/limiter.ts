import { Interrupted } from "./deadline";

interface Waiter {
  readonly admit: () => void;
  readonly refuse: (reason: unknown) => void;
}

/** Lets so many requests be under way at once; the rest wait in order. */
export class Limiter {
  #free: number;
  readonly #waiting = new Set<Waiter>();

  constructor(slots: number) {
    this.#free = slots;
  }

  /** Waits for a slot. Gives the function that hands it back, to be called once. Rejects with Interrupted on abort. */
  async acquire(signal: AbortSignal): Promise<() => void> {
    if (signal.aborted) throw new Interrupted();
    if (this.#free > 0) this.#free--;
    else await this.#queue(signal);
    return () => {
      this.#release();
    };
  }

  /** Fails all who wait: what they wait for is known not to answer. */
  refuseWaiting(reason: unknown): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const waiter of waiting) waiter.refuse(reason);
  }

  async #queue(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(waiter);
        reject(new Interrupted());
      };
      const waiter: Waiter = {
        admit: () => {
          signal.removeEventListener("abort", leave);
          resolve();
        },
        refuse: (reason) => {
          signal.removeEventListener("abort", leave);
          reject(reason instanceof Error ? reason : new Interrupted());
        },
      };
      this.#waiting.add(waiter);
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  #release(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#free++;
      return;
    }
    this.#waiting.delete(next);
    next.admit();
  }
}
