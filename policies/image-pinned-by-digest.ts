import type { ImageReference, ImageReferenceError } from "../images";
import { quote } from "../report";
import { placement, type Placement } from "../resources";
import type { ImagePolicy, KnownImage, PolicyContext, PolicyFinding } from "./policy";

const why = {
  movable: "a tag can be moved after review; a digest cannot",
  malformed: "the runtime refuses it or, worse, takes it for something else",
  unknown: "an image that nobody could look at may be unpinned",
  local: "another machine has another image under it, or none",
};

const messages = {
  tag: (tag: string) => (tag === "latest" ? "means whatever was pushed last" : "is pinned by tag only"),
  untagged: (name: string) => `has no tag and no digest, so the runtime pulls ${quote(`${name}:latest`)}`,
  local: `is the ID of an image in one engine, where a reference to a registry is needed`,
  scratch: `is the empty base image of Dockerfiles, which nothing can run`,
  malformed: ({ message, inDigest }: ImageReferenceError) => (inDigest ? `: ${message}` : message),
};

const fixes = {
  paste: ({ path, value, insteadOf }: Placement) =>
    `${nameOf(path)}: ${value}${insteadOf === undefined ? "" : `, instead of ${nameOf(insteadOf)}`}`,
  fixed: (reason: string) => `write the image where a digest can stand; here none can: ${reason}`,
  resolve: (text: string) =>
    `pin it to the digest that the registry serves; "pinned-images digest ${text}" prints it`,
  digest: `copy the whole digest again: a character was probably lost or changed in copying`,
  reference: "write it as [registry/]repository:tag@sha256:…",
  unreadable: "give the value in the shape that the provider documents",
};

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}

/** Every image of every resource ends in a well-formed digest. */
export const imagePinnedByDigest: ImagePolicy = {
  name: "image-pinned-by-digest",
  description: "Container images must be pinned by digest.",
  level: "mandatory",
  severity: "high",
  over: "images",

  check(image, context) {
    const { path, takesLocalIds, state } = image;
    switch (state.kind) {
      case "digest":
        return undefined;
      case "local": {
        if (takesLocalIds) return undefined;
        return { path, found: state.text, problem: messages.local, why: why.local, fix: fixes.reference };
      }
      case "scratch":
        return { path, found: state.text, problem: messages.scratch, why: why.unknown, fix: fixes.reference };
      case "tag":
        return unpinned(image, state, messages.tag(state.tag), context);
      case "untagged":
        return unpinned(image, state, messages.untagged(state.reference.name), context);
      case "malformed": {
        const { text, error } = state;
        const fix = error.inDigest ? fixes.digest : fixes.reference;
        return { path, found: text, problem: messages.malformed(error), why: why.malformed, fix };
      }
      case "unreadable":
        return { path, problem: state.problem, why: why.unknown, fix: fixes.unreadable };
    }
  },
};

async function unpinned(
  image: KnownImage,
  { text, reference }: { readonly text: string; readonly reference: ImageReference },
  problem: string,
  context: PolicyContext,
): Promise<PolicyFinding> {
  const { path, place } = image;
  const finding = { path, found: text, problem, why: why.movable };
  if (place?.as === "fixed") {
    return place.fix === undefined
      ? { ...finding, fix: fixes.fixed(place.reason) }
      : { ...finding, problem: place.reason, fix: place.fix };
  }
  const digest = await context.digestFor(reference);
  const line = digest && placement(image, digest);
  return { ...finding, fix: line === undefined ? fixes.resolve(text) : fixes.paste(line) };
}
