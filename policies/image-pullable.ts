import { formatPlatform, type ImageReference, type Platform } from "../images";
import type { Existence } from "../registry/types";
import type { ImagePolicy, PolicyFinding } from "./policy";
import { unanswered } from "./unanswered";

const why = {
  missing: "a node that does not hold the image yet cannot start it",
  platform: `a node of that platform fails with "exec format error"`,
  unanswered: "an image that cannot be looked up now may not be pullable later",
};

/** The digest exists, by digest, in the registry or the mirror in use, for the platforms that are asked for. */
export const imagePullable: ImagePolicy = {
  name: "image-pullable",
  description: "Container images must be there to pull, for every platform in use.",
  level: "disabled",
  severity: "high",
  over: "images",

  check({ path, state }, context) {
    if (state.kind !== "digest") return undefined;
    const { text, reference } = state;
    return context.existence(reference).then((answer): PolicyFinding | undefined => {
      const complaint = answer.ok
        ? missingFrom(answer.value, reference, context.settings.platforms)
        : unanswered(answer.error, why.unanswered);
      return complaint && { path, found: text, ...complaint };
    });
  },
};

type Complaint = Pick<PolicyFinding, "problem" | "why" | "fix">;

function missingFrom(
  { exists, platforms }: Existence,
  reference: ImageReference,
  wanted: readonly Platform[],
): Complaint | undefined {
  const { name, tag, registry } = reference;
  if (!exists) {
    const command = tag === undefined ? "" : `; "pinned-images digest ${name}:${tag}" prints the tag's`;
    const fix = `push it again, or pin a digest that is there${command}`;
    return { problem: `is not in ${registry}`, why: why.missing, fix };
  }
  const missing = wanted.filter((platform) => !platforms.some((has) => covers(has, platform)));
  if (missing.length === 0) return undefined;
  return {
    problem: `is for ${platforms.length === 0 ? "no platform" : `${list(platforms)} only`}, not for ${list(missing)}`,
    why: why.platform,
    fix: `pin the digest of the multi-platform index, or push the image for ${list(missing)}, too`,
  };
}

/** As runtimes choose: an image without a variant is for every variant that is asked for, and arm64's v8 goes unsaid. */
function covers(has: Platform, wanted: Platform): boolean {
  if (has.os !== wanted.os || has.architecture !== wanted.architecture) return false;
  const variant = (platform: Platform): string =>
    platform.variant ?? (platform.architecture === "arm64" ? "v8" : "");
  return variant(wanted) === "" || variant(has) === "" || variant(has) === variant(wanted);
}

function list(platforms: readonly Platform[]): string {
  return platforms.map(formatPlatform).join(", ");
}
