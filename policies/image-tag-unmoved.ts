import { parsePlatform, type Digest, type ImageReference } from "../images";
import { lockTrouble } from "./lock-trouble";
import type { LockedImage } from "./lock-book";
import type { ImagePolicy, PolicyFinding } from "./policy";
import { unanswered } from "./unanswered";

const why = {
  moved: "what the tag names now, nobody has reviewed, and whoever pulls by tag gets it",
  unanswered: "a tag that cannot be looked up may have moved",
};

/** The tag beside the digest still points at it. */
export const imageTagUnmoved: ImagePolicy = {
  name: "image-tag-unmoved",
  description: "The tags of container images must still point at their digests.",
  level: "disabled",
  severity: "medium",
  over: "images",

  async check({ path, state }, context) {
    if (state.kind !== "digest") return undefined;
    const { text, reference, digest } = state;
    if (reference.tag === undefined) return undefined;
    const answer = await context.locked(reference);
    if (answer.kind === "unreadable")
      return context.once("image-tag-unmoved: unreadable") ? lockTrouble(answer) : undefined;
    const locked = answer.kind === "lock" ? answer.match : undefined;
    const platform = locked?.key.split(" ")[1];
    const served = await context.served(
      reference,
      platform === undefined ? undefined : parsePlatform(platform),
    );
    if (!served.ok) return { path, found: text, ...unanswered(served.error, why.unanswered) };
    if (served.value === digest) return undefined;
    return { path, found: text, ...moved(reference, digest, served.value, locked) };
  },
};

type Complaint = Pick<PolicyFinding, "problem" | "why" | "fix">;

function moved(
  { name, tag = "" }: ImageReference,
  digest: Digest,
  now: Digest,
  locked: LockedImage | undefined,
): Complaint {
  const image = `${name}:${tag}`;
  const holds =
    locked === undefined
      ? `it is pinned to ${digest}`
      : `the lock holds ${digest} (locked ${locked.entry.lockedAt.slice(0, 10)})`;
  const fix =
    locked === undefined
      ? `review what is new, then pin it: ${image}@${now}`
      : `review what is new: pinned-images refresh ${image}`;
  return { problem: `: ${image} now points to ${now}; ${holds}`, why: why.moved, fix };
}
