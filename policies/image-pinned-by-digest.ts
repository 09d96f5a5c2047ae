import { formatPinned, type ImageReference, type ImageReferenceError, type ReferenceForm } from "../images";
import { quote } from "../report";
import type { ImagePolicy, PolicyContext, PolicyFinding } from "./policy";

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
  paste: (path: string, pinned: string) => `${path.slice(path.lastIndexOf(".") + 1)}: ${pinned}`,
  resolve: (text: string) =>
    `pin it to the digest that the registry serves; "pinned-images digest ${text}" prints it`,
  digest: `copy the whole digest again: a character was probably lost or changed in copying`,
  reference: "write it as [registry/]repository:tag@sha256:…",
  unreadable: "give the value in the shape that the provider documents",
};

/** Every image of every resource ends in a well-formed digest. */
export const imagePinnedByDigest: ImagePolicy = {
  name: "image-pinned-by-digest",
  description: "Container images must be pinned by digest.",
  level: "mandatory",
  severity: "high",
  over: "images",

  check({ path, form, takesLocalIds, state }, context) {
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
        return unpinned(path, form, state.text, state.reference, messages.tag(state.tag), context);
      case "untagged": {
        const problem = messages.untagged(state.reference.name);
        return unpinned(path, form, state.text, state.reference, problem, context);
      }
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
  path: string,
  form: ReferenceForm,
  found: string,
  reference: ImageReference,
  problem: string,
  context: PolicyContext,
): Promise<PolicyFinding> {
  const digest = await context.digestFor(reference);
  const fix =
    digest === undefined ? fixes.resolve(found) : fixes.paste(path, formatPinned(reference, digest, form));
  return { path, found, problem, why: why.movable, fix };
}
