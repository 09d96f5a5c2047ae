import { Interrupted, orAborted } from "./deadline";

interface Flight<T> {
  readonly answer: Promise<T>;
  /** Missing where the first to ask has no signal: that one never leaves. */
  readonly controller: AbortController | undefined;
  waiting: number;
  landed: boolean;
}

/**
 * Answers by key: asked once however many ask at the same time, and kept once known, as far as `keeps` says. A failure is not
 * kept. One who stops waiting leaves the others be; when the last has left, the work is aborted.
 */
export class Flights<T> {
  readonly #flights = new Map<string, Flight<T>>();

  constructor(private readonly keeps: (answer: T) => boolean = () => true) {}

  async join(
    key: string,
    signal: AbortSignal | undefined,
    ask: (signal: AbortSignal | undefined) => Promise<T>,
  ): Promise<T> {
    if (signal?.aborted === true) throw new Interrupted();
    const flight = this.#flights.get(key) ?? this.#depart(key, signal !== undefined, ask);
    flight.waiting++;
    if (signal === undefined) return flight.answer;
    try {
      return await orAborted(flight.answer, signal);
    } finally {
      this.#leave(key, flight);
    }
  }

  /** What is known already, without asking. */
  known(key: string): Promise<T> | undefined {
    const flight = this.#flights.get(key);
    return flight?.landed === true ? flight.answer : undefined;
  }

  #depart(key: string, mayBeLeft: boolean, ask: (signal: AbortSignal | undefined) => Promise<T>): Flight<T> {
    const controller = mayBeLeft ? new AbortController() : undefined;
    const flight: Flight<T> = { answer: ask(controller?.signal), controller, waiting: 0, landed: false };
    this.#flights.set(key, flight);
    flight.answer.then(
      (answer) => {
        flight.landed = true;
        if (!this.keeps(answer)) this.#forget(key, flight);
      },
      () => {
        flight.landed = true;
        this.#forget(key, flight);
      },
    );
    return flight;
  }

  #leave(key: string, flight: Flight<T>): void {
    flight.waiting--;
    if (flight.waiting > 0 || flight.landed) return;
    this.#forget(key, flight);
    flight.controller?.abort();
  }

  #forget(key: string, flight: Flight<T>): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }
}
