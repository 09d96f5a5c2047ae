import { PatternError } from "./error";
import { compileGlob } from "./glob";

export interface StackName {
  readonly organization: string;
  readonly project: string;
  readonly stack: string;
}

/** Stacks by name. */
export interface StackPattern {
  /** As it was written. */
  readonly text: string;
  readonly matches: (name: StackName) => boolean;
}

/**
 * Reads `stack`, `project/stack` or `organization/project/stack`; `*` stands for anything within one part.
 *
 * @throws PatternError
 */
export function parseStackPattern(text: string): StackPattern {
  const parts = text.split("/");
  if (parts.length > 3) {
    throw new PatternError(
      "has more than three parts; write stack, project/stack or organization/project/stack",
    );
  }
  // https://www.pulumi.com/docs/iac/concepts/stacks/: alphanumeric, hyphens, underscores, periods.
  if (!parts.every((part) => /^[\w.*-]{1,200}$/.test(part))) {
    throw new PatternError(
      `has a part that no stack's name has; letters, digits, ".", "-", "_" and "*" are allowed`,
    );
  }
  const globs = parts.map(compileGlob);
  return {
    text,
    matches: ({ organization, project, stack }) => {
      const names = [organization, project, stack].slice(-globs.length);
      return globs.every((matches, index) => matches(names[index] ?? ""));
    },
  };
}
