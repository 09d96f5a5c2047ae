import { basename } from "node:path";
import type { Digest } from "../images";
import { holdOn, type LockEntry } from "../lock";
import { placement } from "../resources";
import type { LockedImage } from "./lock-book";
import { lockTrouble } from "./lock-trouble";
import type { ImagePolicy, KnownImage, PolicyFinding } from "./policy";

const why = {
  unknown: "no reviewed commit says where it came from",
  other: "it is not the one that was reviewed for this tag",
  held: "whoever deploys it brings back what was rolled back",
};

/** The digest is the one that the lock holds. */
export const imageInLock: ImagePolicy = {
  name: "image-in-lock",
  description: "Container images must be the ones in the lock.",
  level: "disabled",
  severity: "high",
  over: "images",

  async check(image, context) {
    const { path, state } = image;
    // What has no digest is another policy's business.
    if (state.kind !== "digest") return undefined;
    const answer = await context.locked(state.reference);
    if (answer.kind !== "lock")
      return context.once(`image-in-lock: ${answer.kind}`) ? lockTrouble(answer) : undefined;
    if (answer.match !== undefined) return undefined;
    const complaint = complaintOf(image, state.digest, answer.others[0], basename(answer.path));
    return { path, found: state.text, ...complaint };
  },
};

function complaintOf(
  image: KnownImage,
  digest: Digest,
  locked: LockedImage | undefined,
  file: string,
): Pick<PolicyFinding, "problem" | "why" | "fix"> {
  if (locked === undefined) {
    const text = "text" in image.state ? image.state.text : "";
    const fix = `review it and add it to the lock: pinned-images pin ${text}`;
    return { problem: `this digest is not in ${file}`, why: why.unknown, fix };
  }
  const { entry } = locked;
  const paste = placement(image, entry.digest);
  const fix = `deploy the locked one: ${paste === undefined ? entry.digest : `${lastOf(paste.path)}: ${paste.value}`}`;
  const held = holdOn(entry, digest);
  if (held !== undefined) {
    const because = held.reason === undefined ? "" : ` (${held.reason})`;
    const problem = `this digest was rolled back on ${held.heldAt.slice(0, 10)}${because} and is held in ${file}`;
    return { problem, why: why.held, fix };
  }
  const problem = `this digest is not the one in ${file}, which holds ${entry.digest}${replaced(entry, digest)}`;
  return { problem, why: why.other, fix };
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}

function replaced({ history = [] }: LockEntry, digest: Digest): string {
  const past = history.findLast((entry) => entry.digest === digest);
  return past === undefined ? "" : ` since ${past.replacedAt.slice(0, 10)}`;
}
