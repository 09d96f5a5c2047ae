import type { Digest } from "../images";
import type { ImagePolicy, KnownImage, PolicyContext, PolicyFinding } from "../policies/policy";
import type { LocatedImage } from "../sources";

/** A finding, and the digest that would mend it, where somebody knows it. */
export interface Found {
  readonly finding: PolicyFinding;
  readonly digest?: Digest | undefined;
}

const unknownWhy = "an image that nobody could look at may be unpinned";

/** Asks one policy about one image of a file. Exceptions are somebody else's business. */
export async function checkImage(
  policy: ImagePolicy,
  image: LocatedImage,
  context: PolicyContext,
): Promise<Found | undefined> {
  const { state, fixed } = image;
  if (state.kind === "unknown") return notKnown(policy, image, context);
  // Dockerfiles begin with it, and a service that names it says so itself.
  if (state.kind === "scratch") return undefined;
  const known: KnownImage = {
    path: image.path,
    form: image.form,
    takesLocalIds: false,
    state,
    ...(image.advice === true ? { advice: true } : {}),
    // Where the digest goes is for the format to say; see the edits.
    place:
      fixed === undefined ? { as: "reference", path: image.path } : { as: "fixed", reason: fixed.reason },
  };
  const finding = await policy.check(known, context);
  if (finding === undefined) return undefined;
  const advised = image.advice === true ? { level: "advisory" as const } : {};
  const fix = policy.name === "image-pinned-by-digest" ? fixOf(image) : undefined;
  return {
    finding: { ...finding, ...advised, ...(fix === undefined ? {} : { fix }) },
    digest: await mendingDigest(policy, image, context),
  };
}

/** What a file says to do where no digest can be put; undefined where the policy knows best. */
function fixOf({ state, fixed }: LocatedImage): string | undefined {
  if (state.kind === "unreadable") return fixed?.fix ?? "write the whole image here, with its digest";
  return "reference" in state ? fixed?.fix : undefined;
}

/** A text that has something in it that is only known elsewhere: one finding, by the policy that wants digests. */
function notKnown(
  policy: ImagePolicy,
  { path, fixed, advice }: LocatedImage,
  { settings: { onUnknown } }: PolicyContext,
): Found | undefined {
  if (policy.name !== "image-pinned-by-digest" || advice === true) return undefined;
  return {
    finding: {
      path,
      problem: fixed?.reason ?? "is not known from the file alone",
      why: unknownWhy,
      fix: fixed?.fix ?? "write the image into the file, with its digest",
      ...(onUnknown === "advise" ? { level: "advisory" } : {}),
    },
  };
}

/** The digest whose edits do what the finding's fix says. */
async function mendingDigest(
  { name }: ImagePolicy,
  { state }: LocatedImage,
  context: PolicyContext,
): Promise<Digest | undefined> {
  if (name === "image-pinned-by-digest" && (state.kind === "tag" || state.kind === "untagged")) {
    return context.digestFor(state.reference);
  }
  if (name === "image-in-lock" && state.kind === "digest") {
    const answer = await context.locked(state.reference);
    return answer.kind === "lock" ? answer.others[0]?.entry.digest : undefined;
  }
  return undefined;
}
