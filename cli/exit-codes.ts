/** How the command ends: what a script can build upon. */
export const exitCodes = { clean: 0, findings: 1, usage: 2, unchecked: 3 } as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The graver of two. */
export function worst(codes: Iterable<ExitCode>): ExitCode {
  let found: ExitCode = exitCodes.clean;
  for (const code of codes) if (code > found) found = code;
  return found;
}
