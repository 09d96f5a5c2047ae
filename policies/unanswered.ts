import { fixOf } from "../pinning";
import type { PolicyFinding } from "./policy";

/** What is said of an image for which a registry gave no answer: with its cause, since it has not said yes. */
export function unanswered(error: unknown, why: string): Pick<PolicyFinding, "problem" | "why" | "fix"> {
  const message = error instanceof Error ? error.message : "the registry gave no answer";
  return { problem: `cannot be looked up: ${message}`, why, fix: fixOf(error) ?? "retry" };
}
