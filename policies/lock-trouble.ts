import { fixOf } from "../pinning";
import type { LockAnswer } from "./lock-book";
import type { PolicyFinding } from "./policy";

/** What a policy says, once for a run, of a lock that it cannot look into; undefined where there is no trouble. */
export function lockTrouble(answer: LockAnswer): PolicyFinding | undefined {
  switch (answer.kind) {
    case "lock":
      return undefined;
    case "no-lock":
      return {
        path: "images.lock.json",
        problem: `is nowhere: looked in ${answer.lookedIn.join(", ")}`,
        why: "without the lock nobody can say which digests were reviewed",
        fix: `begin it with "pinned-images pin <image>" and commit it; where it lies elsewhere, name it: pulumi config set pinned-images:lock <path>`,
      };
    case "unreadable": {
      const { error } = answer;
      const said = error instanceof Error ? error.message : "it cannot be read";
      return {
        path: "images.lock.json",
        problem: `cannot be used: ${said}`,
        why: "without the lock nobody can say which digests were reviewed",
        fix: fixOf(error) ?? "mend it",
      };
    }
  }
}
