import * as v from "valibot";
import type { Digest } from "../images";
import type { Artifact, Descriptor } from "./artifact-client";
import { digestSchema } from "./digest-schema";
import { ManifestError, ociIndex, parseForm, typeIn } from "./manifest";
import { cleanText } from "./text";

/** How many layers an artifact, and how many descriptors a list of referrers may have. */
export const maxDescriptors = 10_000;

const emptyConfig = "application/vnd.oci.empty.v1+json";

/** RFC 6838 allows 127 characters on either side of the slash. */
const mediaTypeSchema = v.pipe(v.string(), v.regex(/^[\x20-\x7e]{0,255}$/));
const annotationsSchema = v.nullish(v.record(v.string(), v.string()));
const descriptorSchema = v.object({
  mediaType: mediaTypeSchema,
  digest: digestSchema,
  size: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  artifactType: v.nullish(mediaTypeSchema),
  annotations: annotationsSchema,
});
const artifactSchema = v.object({
  artifactType: v.nullish(mediaTypeSchema),
  config: v.object({ mediaType: v.nullish(mediaTypeSchema) }),
  subject: v.nullish(v.object({ digest: digestSchema })),
  layers: v.array(descriptorSchema),
  annotations: annotationsSchema,
});
const referrersSchema = v.object({ manifests: v.array(descriptorSchema) });

/** Reads a manifest for what it carries; `digest` is the one that its bytes were proven to have. @throws ManifestError */
export function parseArtifact(bytes: Buffer, contentType: string | undefined, digest: Digest): Artifact {
  const { mediaType, json, manifests, layers } = parseForm(bytes, contentType);
  if (manifests !== undefined) return fail("bad-response", "answered an index, which carries nothing itself");
  if ((layers?.length ?? 0) > maxDescriptors) {
    return fail("too-large", `answered a manifest with more than ${maxDescriptors} layers`);
  }
  const {
    artifactType,
    config,
    subject,
    layers: parsed,
    annotations,
  } = parse(artifactSchema, json, "manifest");
  const type = telling(artifactType) ?? telling(config.mediaType);
  return {
    digest,
    mediaType,
    ...(type === undefined ? {} : { artifactType: type }),
    ...(subject === undefined || subject === null ? {} : { subject: subject.digest }),
    layers: parsed.map(toDescriptor),
    annotations: annotations ?? {},
  };
}

/** Reads a page of a list of referrers, which is an OCI index whatever calls itself otherwise. @throws ManifestError */
export function parseReferrers(bytes: Buffer, contentType: string | undefined): readonly Descriptor[] {
  // Before the body is judged: that it is a web page says more than that it is not JSON.
  const header = contentType === undefined ? ociIndex : typeIn(contentType);
  if (header !== ociIndex) {
    return fail(
      "bad-response",
      `answered the media type "${cleanText(header, 80)}", not a list of referrers`,
    );
  }
  const { json, manifests } = parseForm(bytes, header);
  if ((manifests?.length ?? 0) > maxDescriptors) {
    return fail("too-large", `answered a list of more than ${maxDescriptors} referrers`);
  }
  return parse(referrersSchema, json, "list of referrers").manifests.map(toDescriptor);
}

function parse<T>(schema: v.GenericSchema<unknown, T>, json: unknown, what: string): T {
  const parsed = v.safeParse(schema, json, { abortEarly: true });
  if (parsed.success) return parsed.output;
  const place = v.getDotPath(parsed.issues[0]);
  return fail(
    "bad-response",
    `answered a ${what} that is not in the form of one${place === null ? "" : ` at ${cleanText(place)}`}`,
  );
}

function toDescriptor({
  mediaType,
  digest,
  size,
  artifactType,
  annotations,
}: v.InferOutput<typeof descriptorSchema>): Descriptor {
  const type = telling(artifactType);
  return {
    mediaType,
    digest,
    size,
    ...(type === undefined ? {} : { artifactType: type }),
    annotations: annotations ?? {},
  };
}

/**
 * A type that says something. That of OCI's empty configuration never is an artifact's (image-spec, manifest.md); go-containerregistry
 * before 0.22, and so cosign 2, writes it into the lists behind tags in place of the artifact's own.
 */
function telling(type: string | null | undefined): string | undefined {
  return type === null || type === "" || type === emptyConfig ? undefined : type;
}

function fail(code: ManifestError["code"], message: string): never {
  throw new ManifestError(code, message);
}
