/** The key that marks a special value in a state: a secret, an asset, a reference (pulumi sdk/go/common/resource/sig). */
const signatureKey = "4dabf18193072939515e22adb298388d";

/** What the engine writes for a text that is not known; resources/ finds it as such, wherever it stands. */
const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** No resource is nested that deep; what is, was made to break a walker. */
const maxDepth = 100;

/** A value of a state that can be walked: nothing of its secrets is left in it. */
export interface Hidden {
  readonly value: object;
  /** The paths of what was taken out. */
  readonly secrets: ReadonlySet<string>;
}

/** Takes secrets out of a resource's inputs, whether they are encrypted or were exported in plain text. */
export function hideSecrets(inputs: object): Hidden {
  const secrets = new Set<string>();
  const walk = (value: unknown, path: string, depth: number): unknown => {
    if (typeof value !== "object" || value === null) return value;
    if (depth > maxDepth || Object.hasOwn(value, signatureKey)) {
      secrets.add(path);
      return unknownText;
    }
    if (Array.isArray(value)) return value.map((item, n) => walk(item, `${path}[${n}]`, depth + 1));
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        walk(item, path === "" ? key : `${path}.${key}`, depth + 1),
      ]),
    );
  };
  const value = walk(inputs, "", 0);
  return { value: typeof value === "object" && value !== null ? value : {}, secrets };
}
