import type { ReferenceForm } from "../images";

/**
 * Where an image reference sits in a resource's properties, as data.
 *
 * A path is properties joined by dots. Behind a property may stand what to do with its value:
 * - `[]` each element of an array, `{}` each value of a map;
 * - `{json}`, `{yaml}`, `{base64}`, `{hcl}`, `{dockerfile}` what the text holds;
 * - `{DOCKER|}`, `{docker-image://}` the rest of a text that starts so (any name that ends in `|` or `/`);
 * - `{pod-template}`, `{helm-values}` … what is found there by its shape.
 *
 * `spec.containers[].image`, `containerDefinitions{json}[].image`, `context.named{}.location{docker-image://}`.
 */
export interface ImageLocation {
  readonly path: string;
  /** How the consumer wants a pinned reference; `tag-and-digest` when left out. */
  readonly form?: ReferenceForm;
  /** Why no digest can stand there, where none can: half a sentence. */
  readonly fixed?: string;
  /** Whether the consumer takes the bare ID of an image that its own engine holds (`sha256:…`). */
  readonly takesLocalIds?: true;
  /** Starts of texts that are no references: an ARN, the names of a provider's own images. */
  readonly except?: readonly string[];
  /** The names of the fields, where the path leads to an object that holds the reference in parts. */
  readonly fields?: ReferenceFields;
}

/** Locations of whole references, each by its path. */
export function at(...paths: readonly string[]): readonly ImageLocation[] {
  return paths.map((path) => ({ path }));
}

/** The same of consumers whose reference has a tag or a digest, and not both. */
export function eitherAt(...paths: readonly string[]): readonly ImageLocation[] {
  return paths.map((path) => ({ path, form: "digest" }));
}

/**
 * A reference in parts. The digest wins over the tag, and an empty field counts as none. A digest is put into its own field;
 * without one it goes behind the tag in `name`, and nowhere when the tag has a field of its own.
 */
export interface ReferenceFields {
  /** The repository, or a whole reference that a digest stands beside. */
  readonly name: string;
  /** The registry's host, with or without a scheme. */
  readonly registry?: string;
  readonly tag?: string;
  readonly digest?: string;
  /** Whether the consumer refuses a tag beside the digest: the digest then comes in its place. */
  readonly tagOrDigest?: true;
  /** Whether a default that stands elsewhere counts where tag and digest are left out, and so not `latest`. */
  readonly tagElsewhere?: true;
  /** Whether the digest is written as its hex digits alone (`sha: 0123…`). */
  readonly bareHex?: true;
  /** Where the kind of registry has a field of its own: the host for each kind. Nothing is resolved or rewritten for others. */
  readonly host?: {
    readonly field: string;
    readonly of: Readonly<Record<string, string>>;
    /** Half a sentence that says why the host of another kind is not known. */
    readonly otherwise: string;
  };
}

/** Resource type tokens with the places where their images sit: one row of a provider's table. */
export interface ResourceLocations {
  readonly tokens: readonly string[];
  readonly images?: readonly ImageLocation[];
  /** Places whose text may be an image that somebody starts later: found with `advice`, never rewritten. */
  readonly hints?: readonly string[];
  /** Places of what runs containers, for rules about how they run. */
  readonly runs?: readonly RunLocation[];
}

/** Where containers run: in the specification of a pod, or as a Docker container or service of their own. */
export interface RunLocation {
  readonly path: string;
  readonly as: Runtime;
}

export type Runtime = "pod" | "docker-container" | "docker-service";

/** One step of a path. */
export type PathStep =
  | { readonly kind: "property"; readonly name: string }
  /** Each element of an array. */
  | { readonly kind: "each" }
  /** Each value of a map. */
  | { readonly kind: "values" }
  /** What a text holds, or what is found by its shape. */
  | { readonly kind: "reader"; readonly name: string };

/**
 * Reads the path of a location.
 *
 * @throws TypeError for a path that is none: the tables are ours, so it is a mistake in one of them.
 */
export function parsePath(path: string): readonly PathStep[] {
  // A dot inside braces would be a part of a name there; no name has one.
  return path.split(".").flatMap((part, index): readonly PathStep[] => {
    const match = /^([\w-]*)((?:\[\]|\{[a-z\d]*\}|\{[\w-]+(?:\||:\/\/)\}|\{[a-z]+-[a-z]+\})*)$/.exec(part);
    const [, name, suffixes] = match ?? [];
    if (name === undefined || suffixes === undefined || (name === "" && index > 0)) {
      throw new TypeError(`${JSON.stringify(path)} is no location path`);
    }
    const property: readonly PathStep[] = name === "" ? [] : [{ kind: "property", name }];
    const rest = [...suffixes.matchAll(/\[\]|\{([^}]*)\}/g)].map(([suffix, reader]): PathStep => {
      if (suffix === "[]") return { kind: "each" };
      return reader === undefined || reader === "" ? { kind: "values" } : { kind: "reader", name: reader };
    });
    return [...property, ...rest];
  });
}
