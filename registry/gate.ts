import { RegistryError } from "./errors";
import { isHostWide, type Subject } from "./exchange";
import { Limiter } from "./limiter";

/**
 * Lets so many calls about one registry be at work at once. A call at work costs some kilobytes, one that waits here costs
 * little: thousands of tags may be asked for at once.
 */
export class Gate {
  readonly #limiter: Limiter;
  /** When the registry last proved to be there (performance.now). */
  #answeredAt = -1;

  constructor(calls: number) {
    this.#limiter = new Limiter(calls);
  }

  /**
   * The outcome of the work, once it was admitted. Where it shows that the registry does not answer, all who wait are told so:
   * they would meet the same fate, one after the other.
   *
   * @throws Interrupted when the signal is aborted first.
   */
  async admit<T>(subject: Subject, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    const release = await this.#limiter.acquire(signal).catch((error: unknown) => {
      throw error instanceof RegistryError ? notAsked(subject, error) : error;
    });
    const startedAt = performance.now();
    try {
      const outcome = await work();
      this.#answeredAt = performance.now();
      return outcome;
    } catch (error) {
      if (!(error instanceof RegistryError && isHostWide(error.code))) this.#answeredAt = performance.now();
      else if (this.#answeredAt < startedAt) this.#limiter.refuseWaiting(error);
      throw error;
    } finally {
      release();
    }
  }
}

/** The error of a question that was not asked, because another one showed that there is no use. */
export function notAsked(subject: Subject, other: RegistryError): RegistryError {
  const { code, status, registryCode, lookedIn, retryAfter, fix } = other;
  const outcome = `was not asked about, because ${other.message}`;
  return new RegistryError({
    ...subject,
    code,
    outcome,
    status,
    registryCode,
    lookedIn,
    retryAfter,
    fix,
    cause: other,
  });
}
