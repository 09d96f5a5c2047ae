/** What a check found wrong at one place. The texts are half sentences: lower case, no final full stop. */
export interface Finding {
  /** The property path: `spec.template.spec.containers[0].image`. */
  readonly path: string;
  /** The text that was found, where there is one. */
  readonly found?: string;
  /** What is wrong with it. */
  readonly problem: string;
  /** Why that matters. */
  readonly why: string;
  /** What to do, or the line to paste. */
  readonly fix: string;
}
