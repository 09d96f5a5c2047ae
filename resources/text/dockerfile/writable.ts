import type { NamedImage } from "./names";
import { isFromOutside, place } from "./traced";

/** Where an image's text stands in one piece, so that a digest can be put there; else half a sentence that says why none can. */
export type Writable = { readonly start: number; readonly end: number } | { readonly reason: string };

/** Says of each of a Dockerfile's images where its digest goes. */
export function writable(names: readonly NamedImage[]): (name: NamedImage) => Writable {
  const inOthers = partsOfOthers(names);
  return ({ image, word }) => {
    if ("problem" in image) return { reason: `it ${image.problem}` };
    const written = place(image);
    if (written === undefined) {
      if (isFromOutside(image)) return { reason: "a build argument of the resource names it" };
      const isMade = word.text.includes("$");
      return {
        reason: isMade ? "it is put together from build arguments" : "it is not written in one piece",
      };
    }
    if (inOthers.has(written.start)) {
      return { reason: "its argument is a part of another image's name, too" };
    }
    return written;
  };
}

/** An argument's text that is put together with others must stay free of a digest. */
function partsOfOthers(names: readonly NamedImage[]): ReadonlySet<number> {
  const parts = new Set<number>();
  for (const { image } of names) {
    if ("problem" in image || place(image) !== undefined) continue;
    for (const offset of image.at) parts.add(offset);
  }
  return parts;
}
