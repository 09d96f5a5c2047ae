import * as v from "valibot";
import type { Provenance } from "./trust";

// Builders fill these in as they like, so that what has another shape than the known ones counts as not said.

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
    resolvedDependencies: v.fallback(v.optional(v.array(v.object({ uri: text })), []), []),
  }),
  runDetails: v.object({ builder: v.object({ id: v.string() }) }),
});

/** https://slsa.dev/spec/v0.2/provenance */
const v02Schema = v.object({
  builder: v.object({ id: v.string() }),
  invocation: v.fallback(v.optional(v.object({ configSource: repository })), undefined),
  materials: v.fallback(v.optional(v.array(v.object({ uri: text })), []), []),
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
  const uris = [configSource?.uri, typeof source === "string" ? source : source.uri];
  return {
    builder: runDetails.builder.id,
    ...(workflow?.repository === undefined
      ? sourceOf([...uris, ...gitUris(buildDefinition.resolvedDependencies)])
      : { ...sourceOf([workflow.repository]), ...(workflow.ref === undefined ? {} : { ref: workflow.ref }) }),
  };
}

function ofV02(predicate: unknown): Said {
  const result = v.safeParse(v02Schema, predicate);
  if (!result.success) return {};
  const { builder, invocation, materials } = result.output;
  return { builder: builder.id, ...sourceOf([invocation?.configSource?.uri, ...gitUris(materials)]) };
}

function gitUris(materials: readonly { readonly uri?: string | undefined }[]): readonly string[] {
  return materials.flatMap(({ uri }) => (uri?.startsWith("git+") === true ? [uri] : []));
}

/** Takes the first that says anything: `git+https://github.com/acme/api@refs/heads/main`, or with `#` before the ref. */
function sourceOf(uris: readonly (string | undefined)[]): Pick<Provenance, "source" | "ref"> {
  const uri = uris.find((candidate) => candidate !== undefined && candidate !== "");
  if (uri === undefined) return {};
  const [location = "", fragment] = uri.split("#", 2);
  // The "@" of git@github.com stands before the path.
  const at = location.indexOf("@", location.indexOf("/", location.indexOf("://") + 3));
  const ref = at === -1 ? fragment : location.slice(at + 1);
  const source = (at === -1 ? location : location.slice(0, at)).replace(/^git\+/, "").replace(/\.git$/, "");
  return { source, ...(ref === undefined || ref === "" ? {} : { ref }) };
}
