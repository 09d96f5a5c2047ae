import { exitCodeOf, failureText } from "./failure";
import type { ExitCode } from "./exit-codes";
import type { Surroundings } from "./surroundings";

/** Runs a verb; a trouble that concerns it as a whole becomes a message and an exit code. */
export async function runVerb({ stderr }: Surroundings, work: () => Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await work();
  } catch (error) {
    const text = failureText(error);
    if (text === undefined) throw error;
    stderr.write(`error: ${text}\n`);
    return exitCodeOf(error);
  }
}
