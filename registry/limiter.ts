import { Interrupted } from "./deadline";

interface Waiter {
  readonly admit: () => void;
  readonly refuse: (reason: unknown) => void;
}

/**
 * Lets so many requests be under way at once; the rest wait in order. Halved where there is too much, and grown again slowly
 * where all goes well: additive increase, multiplicative decrease, as TCP avoids congestion (RFC 5681).
 */
export class Limiter {
  #busy = 0;
  #slots: number;
  #successes = 0;
  readonly #waiting = new Set<Waiter>();

  /** @param most How many may be under way at once at most; so many it begins with. */
  constructor(private readonly most: number) {
    this.#slots = most;
  }

  /** How many may be under way at once. */
  get slots(): number {
    return this.#slots;
  }

  /** Lets half as many be under way from now on, one at least. Those that are under way stay. */
  halve(): void {
    this.#slots = Math.max(1, Math.floor(this.#slots / 2));
    this.#successes = 0;
  }

  /** Counts an answer that was none too many. After as many as may be under way at once, one more may. */
  succeed(): void {
    if (this.#slots >= this.most || ++this.#successes < this.#slots) return;
    this.#successes = 0;
    this.#slots++;
    this.#admitNext();
  }

  /** Waits for a slot. Gives the function that hands it back, to be called once. Rejects with Interrupted on abort. */
  async acquire(signal?: AbortSignal): Promise<() => void> {
    if (signal?.aborted === true) throw new Interrupted();
    if (this.#busy < this.#slots) this.#busy++;
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

  async #queue(signal: AbortSignal | undefined): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(waiter);
        reject(new Interrupted());
      };
      const waiter: Waiter = {
        admit: () => {
          signal?.removeEventListener("abort", leave);
          resolve();
        },
        refuse: (reason) => {
          signal?.removeEventListener("abort", leave);
          reject(reason instanceof Error ? reason : new Interrupted());
        },
      };
      this.#waiting.add(waiter);
      signal?.addEventListener("abort", leave, { once: true });
    });
  }

  #release(): void {
    this.#busy--;
    this.#admitNext();
  }

  /** After a halving there may be more under way than there should be: those slots are not handed on. */
  #admitNext(): void {
    const [next] = this.#waiting;
    if (next === undefined || this.#busy >= this.#slots) return;
    this.#waiting.delete(next);
    this.#busy++;
    next.admit();
  }
}
