/** A reference that the lock has no digest for, where no registry may be asked. */
export class NotLockedError extends Error {
  readonly code = "not-in-lock";
  readonly fix: string;

  /**
   * @param key The reference as the lock would call it.
   * @param lock The lock's file; undefined when there is none.
   */
  constructor(
    readonly key: string,
    lock: string | undefined,
  ) {
    super(
      lock === undefined
        ? `there is no lock, and the strategy "locked" asks no registry`
        : `it is not in ${lock}, and the strategy "locked" asks no registry`,
    );
    this.name = "NotLockedError";
    const [image = key, platform] = key.split(" ");
    const words = ["pinned-images pin", ...(lock === undefined ? [] : ["--lock", lock])];
    this.fix = [...words, ...(platform === undefined ? [] : ["--platform", platform]), image].join(" ");
  }
}

/** What an error says to do about it, as those of this package do: half a sentence; undefined where it says nothing. */
export function fixOf(error: unknown): string | undefined {
  return error instanceof Error && "fix" in error && typeof error.fix === "string" ? error.fix : undefined;
}
