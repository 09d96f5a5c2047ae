import { peek } from "./unknown";

/** What is to be put where: in place of a value, or further within it. */
export type Change =
  { readonly replace: unknown } | { readonly within: ReadonlyMap<string | number, Change> };

/** One change with the way to it. */
export interface Edit {
  readonly keys: readonly (string | number)[];
  readonly value: unknown;
}

export function changeAt(key: string | number, change: Change): Change {
  return { within: new Map([[key, change]]) };
}

/** Two changes of one value as one. */
export function merge(a: Change | undefined, b: Change | undefined): Change | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  if (!("within" in a) || !("within" in b)) return b;
  const within = new Map(a.within);
  for (const [key, change] of b.within) within.set(key, merge(within.get(key), change) ?? change);
  return { within };
}

/** The value with the change made: copies what lies on the way, shares the rest, keeps classes what they are. */
export function withChange<T>(value: T, change: Change | undefined): T;
export function withChange(value: unknown, change: Change | undefined): unknown {
  if (change === undefined) return value;
  if ("replace" in change) return change.replace;
  if (typeof value !== "object" || value === null) return value;
  const changed = [...change.within].map(
    ([key, inner]) => [key, withChange(peek(value, key), inner)] as const,
  );
  if (Array.isArray(value)) {
    const copy = Array.from<unknown>(value);
    for (const [key, inner] of changed) Reflect.set(copy, key, inner);
    return copy;
  }
  // What is changed is described anew, since nothing could be set in the likeness of a frozen object.
  const described: PropertyDescriptorMap = Object.getOwnPropertyDescriptors(value);
  for (const [key, inner] of changed) Reflect.defineProperty(described, key, plain(plain(inner)));
  return Object.defineProperties(emptyLike(value), described);
}

/** The description of an ordinary property. */
function plain(value: unknown): PropertyDescriptor {
  return { value, writable: true, enumerable: true, configurable: true };
}

/** An object of the same class: an asset stays an asset. */
function emptyLike(value: object): object {
  const empty = {};
  const prototype: unknown = Object.getPrototypeOf(value);
  if (typeof prototype === "object" && prototype !== Object.prototype)
    Object.setPrototypeOf(empty, prototype);
  return empty;
}

/** Makes the change in the object itself: all else, secrets and unknown values too, is not so much as read. */
export function changeInPlace(target: object, change: Change): void {
  if ("replace" in change) return;
  for (const [key, inner] of change.within) {
    if ("replace" in inner) Reflect.set(target, key, inner.replace);
    else {
      const child = peek(target, key);
      if (typeof child === "object" && child !== null) changeInPlace(child, inner);
    }
  }
}

/** The change as a list, in its order. */
export function editsOf(change: Change, keys: readonly (string | number)[] = []): Edit[] {
  if ("replace" in change) return [{ keys, value: change.replace }];
  return [...change.within].flatMap(([key, inner]) => editsOf(inner, [...keys, key]));
}
