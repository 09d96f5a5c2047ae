/** How far a search by shape goes. What lies further is reported as unread. */
const limits = { depth: 64, values: 200_000 };

/** Counts what a search looks at. */
export class SearchLimit {
  /** How deep it is at present. */
  depth = 0;
  private searched = 0;
  private readonly told = new Set<string>();

  /**
   * Counts a value.
   *
   * @returns whether it lies beyond the limit; with half a sentence that says so the first time: the whole resource counts as not read.
   */
  pass(): { readonly isBeyond: boolean; readonly problem?: string } {
    const problem =
      this.depth > limits.depth
        ? `is nested deeper than ${limits.depth} levels, where nobody looked for images`
        : ++this.searched > limits.values
          ? `comes after ${limits.values} other values, where nobody looked for images`
          : undefined;
    if (problem === undefined || this.told.has(problem)) return { isBeyond: problem !== undefined };
    this.told.add(problem);
    return { isBeyond: true, problem };
  }
}
