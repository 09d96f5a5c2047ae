import { formatPinned, type ImageReference } from "../images";
import type { ImagePolicy, PolicyFinding } from "./policy";

const why = {
  missing: "nobody can read from a digest which version it is, and updates have no tag to follow",
  latest: `"latest" says nothing about the version, and stays when the digest changes`,
  unwanted: "the runtime ignores a tag beside a digest, so it may say something that is not true",
};

/** How the readable tag and the digest stand together. What has no digest is left to image-pinned-by-digest. */
export const imageTagStated: ImagePolicy = {
  name: "image-tag-stated",
  description: "The tag beside a digest must say which version it is.",
  level: "advisory",
  severity: "low",
  over: "images",

  check({ path, form, state, place }, { settings: { tag: rule } }) {
    if (state.kind !== "digest") return undefined;
    const { text, reference, digest } = state;
    const finding = (problem: string, reason: string, fix: string): PolicyFinding => ({
      path,
      found: text,
      problem,
      why: reason,
      fix,
    });
    const line = path.slice(path.lastIndexOf(".") + 1);
    if (rule === "digest") {
      if (reference.tag === undefined) return undefined;
      const pinned = `${line}: ${formatPinned(reference, digest, "digest")}`;
      const fix = place === undefined ? pinned : "leave the tag out";
      return finding(`has the tag "${reference.tag}" beside its digest`, why.unwanted, fix);
    }
    if (reference.tag === "latest") {
      return finding(
        `states "latest" beside its digest`,
        why.latest,
        stateTag(place === undefined ? line : undefined, reference),
      );
    }
    // Some consumers refuse a tag beside the digest.
    if (reference.tag !== undefined || rule === "either" || form === "digest") return undefined;
    return finding(
      "has no tag beside its digest",
      why.missing,
      stateTag(place === undefined ? line : undefined, reference),
    );
  },
};

/** @param line the property that holds the whole reference; undefined where the tag has a place of its own. */
function stateTag(line: string | undefined, { name }: ImageReference): string {
  const example = line === undefined ? "" : `, as in ${line}: ${name}:1.2.3@sha256:…`;
  return `state the tag that the digest was taken from${example}`;
}
