import type { ImageReference } from "../images";
import { explainPinError } from "../pinning";
import { findImages, isPlaceable, pinImagesIn } from "../resources";
import type { RemediationPolicy } from "./policy";

/**
 * Rewrites tags to digests in the resource itself, each in the form that its consumer takes. Secrets and unknown values stay what
 * they are. A remediation can report nothing, so that what it could not resolve is reported by the check that follows it.
 */
export const pinImages: RemediationPolicy = {
  name: "pin-images",
  description: "Container images are pinned to the digests of their tags.",
  level: "disabled",
  severity: "high",
  over: "resources",

  async remediate({ type, properties, excepted }, context) {
    const wanted = new Map<string, ImageReference>();
    for (const found of findImages(type, properties)) {
      const { state } = found;
      if (state.kind !== "tag" && state.kind !== "untagged") continue;
      if (isPlaceable(found) && !excepted(state.reference))
        wanted.set(state.reference.toString(), state.reference);
    }
    if (wanted.size === 0) return undefined;
    // All of a resource at once; what another resource has asked for is known.
    const digests = new Map(
      await Promise.all(
        [...wanted].map(async ([name, reference]) => {
          const answer = await context.pin(reference);
          return [name, answer.ok ? answer.value.digest : undefined] as const;
        }),
      ),
    );
    const pinned = pinImagesIn(type, properties, (reference) => digests.get(reference.toString()));
    return pinned.length === 0 ? undefined : properties;
  },

  async check(found, context) {
    const { path, state } = found;
    if ((state.kind !== "tag" && state.kind !== "untagged") || found.advice === true) return undefined;
    if (found.place?.as === "fixed") {
      const why = "the digest has nowhere to go";
      const { fix = "pin it where its text comes from" } = found.place;
      return { path, found: state.text, problem: `cannot be pinned here: ${found.place.reason}`, why, fix };
    }
    const answer = await context.pin(state.reference);
    // Pinned, and yet here with its tag: the policy is not at the level "remediate", and only says what it would do.
    if (answer.ok) return undefined;
    const [problem = "", fix = "fix: retry"] = explainPinError(state.text, answer.error).split("\n");
    const why = "an image without a digest would be deployed as it is";
    return { path, problem, why, fix: fix.replace(/^fix: /, "") };
  },
};
