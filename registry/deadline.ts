/**
 * What one call may take. The clock starts with the call's first request, so that the last of ten thousand tags is not
 * punished for having waited in the queue. Ends early when `outer` is aborted.
 */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal | undefined;
  #timer: NodeJS.Timeout | undefined;
  #endsAt: number | undefined;
  #expired = false;

  constructor(
    readonly milliseconds: number,
    outer?: AbortSignal,
  ) {
    this.#outer = outer;
    if (outer?.aborted === true) this.#abort();
    else outer?.addEventListener("abort", this.#abort, { once: true });
  }

  /** Aborted when the time is up, or the caller has gone. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether it was the clock that ended it. */
  get expired(): boolean {
    return this.#expired;
  }

  start(): void {
    if (this.#endsAt !== undefined) return;
    this.#endsAt = performance.now() + this.milliseconds;
    this.#timer = setTimeout(() => {
      this.#expired = true;
      this.#controller.abort();
    }, this.milliseconds);
  }

  /** Milliseconds left. */
  remaining(): number {
    return this.#endsAt === undefined ? this.milliseconds : Math.max(0, this.#endsAt - performance.now());
  }

  /** Stops the clock and lets go of the caller's signal. */
  end(): void {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener("abort", this.#abort);
  }

  readonly #abort = (): void => {
    this.#controller.abort();
  };
}

/** Thrown by {@link orAborted} when the signal is first. */
export class Interrupted extends Error {
  constructor() {
    super("interrupted");
    this.name = "Interrupted";
  }
}

/** The outcome of `promise`, unless `signal` is aborted first, which leaves the promise to whoever else waits for it. */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const interrupt = (): void => {
      reject(new Interrupted());
    };
    if (signal.aborted) {
      promise.catch(() => undefined);
      interrupt();
      return;
    }
    signal.addEventListener("abort", interrupt, { once: true });
    promise.then(resolve, reject).finally(() => {
      signal.removeEventListener("abort", interrupt);
    });
  });
}
