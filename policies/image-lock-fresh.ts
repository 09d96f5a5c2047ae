import { lockTrouble } from "./lock-trouble";
import type { ImagePolicy } from "./policy";

const day = 24 * 60 * 60 * 1000;
/** Clocks of two machines differ by this much without anything being wrong. In milliseconds. */
const skew = 5 * 60 * 1000;

/** The digest was chosen no longer ago than the settings allow. By the lock's clock alone: an image's own date may be anything. */
export const imageLockFresh: ImagePolicy = {
  name: "image-lock-fresh",
  description: "Locked container images must be looked at again in time.",
  level: "advisory",
  severity: "medium",
  over: "images",

  async check({ path, state }, context) {
    if (state.kind !== "digest") return undefined;
    const answer = await context.locked(state.reference);
    if (answer.kind !== "lock") {
      // Whoever has no lock has not asked for this; one that is broken hides how old things are.
      const silent = answer.kind === "no-lock" || !context.once(`image-lock-fresh: ${answer.kind}`);
      return silent ? undefined : lockTrouble(answer);
    }
    if (answer.match === undefined) return undefined;
    const { key, entry } = answer.match;
    const age = context.now().getTime() - Date.parse(entry.lockedAt);
    const date = entry.lockedAt.slice(0, 10);
    if (age < -skew) {
      return {
        path,
        found: state.text,
        problem: `locked in the future (${entry.lockedAt})`,
        why: "one of two clocks is wrong, and how old the choice is, nobody can say",
        fix: `set this machine's clock; if it is right: pinned-images refresh ${imageOf(key)}`,
      };
    }
    const { maxAgeDays } = context.settings.lock;
    const days = Math.floor(age / day);
    if (days <= maxAgeDays) return undefined;
    return {
      path,
      found: state.text,
      problem: `locked ${days} days ago (${date}); the limit is ${maxAgeDays} days`,
      why: "fixes published since then are not deployed",
      fix: `review what is new: pinned-images refresh ${imageOf(key)}`,
    };
  },
};

function imageOf(key: string): string {
  return key.split(" ")[0] ?? key;
}
