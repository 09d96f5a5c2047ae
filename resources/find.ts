import { imageState, type ImageState, type ReferenceForm } from "../images";
import { parsePath, type PathStep } from "./location";
import { locationsOf } from "./all";
import { isUnknown, peek } from "./unknown";

/** A place that holds something other than text, or JSON that cannot be read: it may hide an image. */
export interface Unreadable {
  readonly kind: "unreadable";
  /** Half a sentence that says what is wrong. It never repeats the value, which may hold secrets. */
  readonly problem: string;
}

/** An image in a resource's properties. */
export interface FoundImage {
  /** The property path, with indices: `spec.template.spec.containers[0].image`. */
  readonly path: string;
  readonly form: ReferenceForm;
  /** Whether the consumer takes the bare ID of an image that its own engine holds. */
  readonly takesLocalIds: boolean;
  readonly state: ImageState | Unreadable;
}

interface CompiledLocation {
  readonly steps: readonly PathStep[];
  readonly form: ReferenceForm;
  readonly takesLocalIds: boolean;
}

const compiled = new Map<string, readonly CompiledLocation[]>();

/** The locations of a resource type, their paths parsed once. Empty for a type that holds no images. */
export function compiledLocations(token: string): readonly CompiledLocation[] {
  let found = compiled.get(token);
  if (found === undefined) {
    found = locationsOf(token).map(({ path, form = "tag-and-digest", takesLocalIds = false }) => ({
      steps: parsePath(path),
      form,
      takesLocalIds,
    }));
    if (found.length > 0) compiled.set(token, found);
  }
  return found;
}

/**
 * Finds the images in the properties of a resource, in the order of the type's table. Reads values without throwing at
 * unknown ones: an unknown value is found as such at its own path, and never hides what stands beside it.
 *
 * @param token the resource's type, `kubernetes:apps/v1:Deployment`.
 * @param properties the resource's inputs, as plain values or behind the policy SDK's proxy.
 */
export function findImages(token: string, properties: object): readonly FoundImage[] {
  const images: FoundImage[] = [];
  const unknown = new Set<string>();
  for (const { steps, form, takesLocalIds } of compiledLocations(token)) {
    walk(properties, steps, 0, "", (path, state) => {
      // Several locations may share an unknown ancestor; it is one thing that is not known.
      if (state.kind === "unknown") {
        if (unknown.has(path)) return;
        unknown.add(path);
      }
      images.push({ path, form, takesLocalIds, state });
    });
  }
  return images;
}

function walk(
  value: unknown,
  steps: readonly PathStep[],
  index: number,
  path: string,
  found: (path: string, state: ImageState | Unreadable) => void,
): void {
  if (value === undefined || value === null) return;
  if (isUnknown(value)) {
    found(path, { kind: "unknown" });
    return;
  }
  const step = steps[index];
  if (step === undefined) {
    found(path, typeof value === "string" ? imageState(value) : unreadable(value, "text"));
    return;
  }
  switch (step.kind) {
    case "property":
      if (typeof value !== "object" || Array.isArray(value)) found(path, unreadable(value, "an object"));
      else
        walk(
          peek(value, step.name),
          steps,
          index + 1,
          path === "" ? step.name : `${path}.${step.name}`,
          found,
        );
      return;
    case "each":
      if (!Array.isArray(value)) found(path, unreadable(value, "an array"));
      else {
        for (let i = 0; i < value.length; i++) walk(peek(value, i), steps, index + 1, `${path}[${i}]`, found);
      }
      return;
    case "json": {
      // Some provider versions take the value itself where others take its JSON.
      const decoded = typeof value === "string" ? parseJson(value) : { value };
      if (decoded === undefined) found(path, { kind: "unreadable", problem: "is not readable as JSON" });
      else walk(decoded.value, steps, index + 1, path, found);
    }
  }
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return { value };
  } catch {
    // The parser's message quotes the text, which may hold secrets; the caller says what is needed.
    return undefined;
  }
}

function unreadable(value: unknown, expected: string): Unreadable {
  const actual = Array.isArray(value)
    ? "an array"
    : typeof value === "object"
      ? "an object"
      : `a ${typeof value}`;
  return { kind: "unreadable", problem: `is ${actual} where ${expected} was expected` };
}
