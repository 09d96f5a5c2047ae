/** For how long somebody is waited for. What else has to be waited for meanwhile takes none of that time. */
export class Patience {
  readonly #controller = new AbortController();
  #left: number;
  #since = 0;
  #aside = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param milliseconds From now on. */
  constructor(milliseconds: number) {
    this.#left = milliseconds;
    this.#run();
  }

  /** Aborted once the time is over. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Waits for something that has a bound of its own. */
  async aside<T>(work: Promise<T>): Promise<T> {
    if (this.#aside++ === 0) this.end();
    try {
      return await work;
    } finally {
      if (--this.#aside === 0) this.#run();
    }
  }

  /** Stops the clock. */
  end(): void {
    clearTimeout(this.#timer);
    this.#left -= performance.now() - this.#since;
  }

  #run(): void {
    this.#since = performance.now();
    this.#timer = setTimeout(() => {
      this.#controller.abort();
    }, this.#left);
    // Nobody is kept by a clock alone.
    this.#timer.unref();
  }
}
