/** The fields of manifests, descriptors and platforms that say what is run: https://github.com/opencontainers/image-spec. */
const fields = [
  ...[
    "schemaVersion",
    "mediaType",
    "artifactType",
    "manifests",
    "config",
    "layers",
    "subject",
    "annotations",
  ],
  ...[
    "digest",
    "size",
    "urls",
    "data",
    "platform",
    "os",
    "architecture",
    "variant",
    "os.version",
    "os.features",
  ],
];
const byFolded = new Map(fields.map((field) => [folded(field), field]));

/**
 * The first field in a manifest that other readers take for a field of another name. Most runtimes read by Go's encoding/json, which
 * leaves case aside and lets the last one count: beside `digest`, a `Digest` is what they pull, and nobody else has seen it.
 */
export function lookAlikeIn(manifest: unknown): string | undefined {
  const entries = ["manifests", "config", "layers"].flatMap((name) => fieldOf(manifest, name));
  const platforms = entries.map((entry) => fieldOf(entry, "platform"));
  return [manifest, ...entries, ...platforms]
    .flatMap(fieldsIn)
    .map(([name]) => name)
    .find((name) => (byFolded.get(folded(name)) ?? name) !== name);
}

function fieldOf(value: unknown, field: string): unknown {
  return fieldsIn(value).find(([name]) => name === field)?.[1];
}

function fieldsIn(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

/** As Go folds: the Kelvin sign is a K, and the long s an S. */
function folded(name: string): string {
  return name.toUpperCase().toLowerCase();
}
