import * as v from "valibot";
import type { Provenance } from "./trust";

// Builders fill these in as they like, so that what has another shape than the known ones counts as not said. So does what stands
// among the dependencies alone: whoever writes the Dockerfile chooses these, and one of them is not where the image comes from.

const text = v.fallback(v.optional(v.string()), undefined);
const repository = v.fallback(v.optional(v.object({ uri: text, repository: text, ref: text })), undefined);

/** https://slsa.dev/spec/v1.0/provenance; `externalParameters` belongs to the builder. */
const v1Schema = v.object({
  buildDefinition: v.object({
    externalParameters: v.fallback(
      v.object({
        /** GitHub Actions: https://github.com/slsa-framework/github-actions-buildtypes */
        workflow: repository,
        /** BuildKit, and slsa-github-generator. */
        configSource: repository,
        source: v.fallback(v.union([v.string(), v.object({ uri: v.string() })]), ""),
      }),
      { workflow: undefined, configSource: undefined, source: "" },
    ),
  }),
  runDetails: v.object({ builder: v.object({ id: v.string() }) }),
});

/** https://slsa.dev/spec/v0.2/provenance */
const v02Schema = v.object({
  builder: v.object({ id: v.string() }),
  invocation: v.fallback(v.optional(v.object({ configSource: repository })), undefined),
});

/** What a predicate says of where an image comes from; undefined for a predicate of another type. */
export function provenanceOf(predicateType: string, predicate: unknown): Provenance | undefined {
  switch (predicateType) {
    case "https://slsa.dev/provenance/v1":
      return { predicateType, ...ofV1(predicate) };
    case "https://slsa.dev/provenance/v0.2":
      return { predicateType, ...ofV02(predicate) };
    default:
      return undefined;
  }
}

type Said = Omit<Provenance, "predicateType">;

function ofV1(predicate: unknown): Said {
  const result = v.safeParse(v1Schema, predicate);
  if (!result.success) return {};
  const { buildDefinition, runDetails } = result.output;
  const { workflow, configSource, source } = buildDefinition.externalParameters;
  return {
    builder: runDetails.builder.id,
    ...(workflow?.repository === undefined
      ? sourceOf(configSource?.uri ?? (typeof source === "string" ? source : source.uri))
      : { ...sourceOf(workflow.repository), ...(workflow.ref === undefined ? {} : { ref: workflow.ref }) }),
  };
}

function ofV02(predicate: unknown): Said {
  const result = v.safeParse(v02Schema, predicate);
  if (!result.success) return {};
  const { builder, invocation } = result.output;
  return { builder: builder.id, ...sourceOf(invocation?.configSource?.uri) };
}

/** `git+https://github.com/acme/api@refs/heads/main`, as SPDX has it, or `https://github.com/acme/api.git#main`. */
function sourceOf(uri = ""): Pick<Provenance, "source" | "ref"> {
  const isSpdx = uri.startsWith("git+");
  const [location = "", fragment = ""] = uri.slice(isSpdx ? "git+".length : 0).split("#", 2);
  // The "@" of git@github.com stands before the path.
  const at = isSpdx ? location.indexOf("@", location.indexOf("/", location.indexOf("://") + 3)) : -1;
  const repositoryUrl = plain(at === -1 ? location : location.slice(0, at));
  const ref = at === -1 ? fragment : location.slice(at + 1);
  if (repositoryUrl === undefined) return {};
  return { source: repositoryUrl.replace(/\.git$/, ""), ...(ref === "" ? {} : { ref }) };
}

/** Undefined for what leads elsewhere than it seems to: whoever fetches `https://github.com/acme/../evil/api` follows the dots. */
function plain(location: string): string | undefined {
  const isTwisted = /(?:^|[/\\:])\.{1,2}(?:[/\\]|$)|\\|%2e|%2f|%5c|[\s\p{Cc}]/iu.test(location);
  return location === "" || isTwisted ? undefined : location;
}
