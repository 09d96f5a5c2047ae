/** An answer in place of the right one. */
export interface FaultAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** What goes wrong. Times are in milliseconds. */
export type FaultKind =
  /** Answers this instead. */
  | ({ readonly kind: "answer" } & FaultAnswer)
  /** Answers what is made of the credentials that a request shows (a token, base64); one that shows none, as always. */
  | { readonly kind: "echo"; readonly answer: (credentials: string) => FaultAnswer }
  /** Answers as always, later. */
  | { readonly kind: "delay"; readonly milliseconds: number }
  /** Answers as always, with these headers replaced; undefined leaves one out. */
  | { readonly kind: "headers"; readonly headers: Readonly<Record<string, string | undefined>> }
  /** Answers 200 with a body of this many bytes that is never declared beforehand. */
  | { readonly kind: "huge"; readonly bytes: number }
  /** Takes the request and never answers. */
  | { readonly kind: "hang" }
  /** Sends the headers and half of the body, and then no more. */
  | { readonly kind: "stall" }
  /** Cuts the connection. */
  | { readonly kind: "reset" };

/** A fault, and the requests that it befalls. */
export type Fault = FaultKind & {
  readonly method?: string;
  /** A part of the path. */
  readonly path?: string;
  /** How many requests it befalls. Default: all. */
  readonly times?: number;
};

/** The faults of a registry, in the order of their adding. */
export class Faults {
  #faults: { readonly fault: Fault; left: number }[] = [];

  add(fault: Fault): void {
    this.#faults.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#faults = [];
  }

  /** The first fault that befalls a request, used up by one. */
  take(method: string, path: string): Fault | undefined {
    const hit = this.#faults.find(
      ({ fault, left }) =>
        left > 0 &&
        (fault.method ?? method) === method &&
        (fault.path === undefined || path.includes(fault.path)),
    );
    if (hit === undefined) return undefined;
    hit.left--;
    return hit.fault;
  }
}
