/** A benchmark: one piece of work beside its peer, in one run. */
export interface Benchmark {
  readonly name: string;
  /** One sentence: what is compared with what. */
  readonly about: string;
  readonly run: (options: BenchmarkOptions) => Promise<Figures>;
}

export interface BenchmarkOptions {
  /** How often the work and its peer are measured, one after the other. */
  readonly pairs: number;
  /** How many Deployments the previews have. */
  readonly deployments: number;
  /** Tells who waits how far it is. */
  readonly progress: (text: string) => void;
}

/** What was measured: rows of a table, each with the same columns. */
export interface Figures {
  /** The figure to compare with, in one line. A benchmark reports; no test fails by the clock. */
  readonly budget: string;
  readonly rows: readonly Readonly<Record<string, string | number>>[];
}
