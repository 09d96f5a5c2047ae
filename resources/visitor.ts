import type { Change } from "./change";
import type { FoundImage, Place, Unreadable } from "./found";
import type { Runtime } from "./location";
import type { Node } from "./node";

/** What is done at each image: the one difference between reading, rewriting in place and rewriting a program's inputs. */
export interface Visitor {
  /**
   * @returns the digest to put there, or a promise or output of it where {@link Visitor.isLater} knows those; undefined to
   * leave the image as it is.
   */
  image(found: FoundImage): unknown;
  /** What runs containers; a value that is not known, and may hold such a thing, too. */
  runs?(value: unknown, path: string, as: Runtime): void;
  /** Whether a value is known only later (a promise, an output), so that the walker must not look into it. */
  isLater(value: unknown): boolean;
  /** What `then` makes of a value, or of an array of values, once it is known. */
  later(value: unknown, then: (known: unknown) => unknown): unknown;
}

/** Whether what cannot be read is no finding here: the place was searched, or what stands there would only be advice. */
export function isQuiet({ quiet, advice }: Node): boolean {
  return quiet === true || advice === true;
}

/** Tells of what is no text. There is nothing to change. */
export function report(
  visitor: Visitor,
  path: string,
  state: Unreadable | { readonly kind: "unknown" },
  node: Node,
): Change | undefined {
  visitor.image(foundAt(path, state, node));
  return undefined;
}

/** Tells of a value of another kind than the type has there. */
export function reportWrong(
  visitor: Visitor,
  path: string,
  value: unknown,
  expected: string,
  node: Node,
): Change | undefined {
  if (isQuiet(node)) return undefined;
  const actual = Array.isArray(value)
    ? "an array"
    : typeof value === "object"
      ? "an object"
      : `a ${typeof value}`;
  const problem = `is ${actual} where ${expected} was expected`;
  return report(visitor, path, { kind: "unreadable", problem }, node);
}

/** An image as it is found at a place of the tree. */
export function foundAt(
  path: string,
  state: FoundImage["state"],
  { image, advice }: Node,
  place?: Place,
): FoundImage {
  const found = {
    path,
    form: image?.form ?? "tag-and-digest",
    takesLocalIds: image?.takesLocalIds ?? false,
    state,
  };
  if (advice === undefined && place === undefined) return found;
  return { ...found, ...(advice && { advice }), ...(place && { place }) };
}
