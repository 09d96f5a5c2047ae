import type { Embedding } from "./dockerfile";
import { inlineFindings } from "./inline-text";
import { invalidVariable, unsetVariable } from "./interpolated-text";
import { interpolate, type Variable } from "./interpolation";
import type { Finding } from "./located";
import type { ScalarText } from "./scalar-text";
import type { LocatedImage } from "./source";

/** Finds the images of a Dockerfile. */
export type DockerfileImages = (text: string, embedding: Embedding) => readonly LocatedImage[];

/** Stand around the name of a variable that nobody has set; no Dockerfile has them, and no reference. */
const [open, close] = ["\uE000", "\uE001"];
const unsetName = /\uE000(\w+)\uE001/;

/**
 * The images of a Dockerfile that is written inline. Compose fills its own variables in first, so that an argument of the build is
 * written with two dollars there.
 *
 * @param contexts names that the build gives a meaning of their own.
 */
export function inlineDockerfile(
  path: string,
  scalar: ScalarText,
  variable: (name: string) => Variable | undefined,
  contexts: ReadonlySet<string>,
  dockerfile: DockerfileImages,
): readonly Finding[] {
  const filled = interpolate(scalar.value, variable, (name) => `${open}${name}${close}`);
  if (filled.kind !== "text") return [{ path, ...scalar.span, ...invalidVariable }];
  const { text, origins } = filled;
  const { offset, span, lineBreak } = scalar;
  const place = offset && ((index: number) => originOffset(scalar.value, origins, index, offset));
  const at = Int32Array.from({ length: text.length }, (_, index) => index);
  return inlineFindings(path, { value: text, span, offset: place, lineBreak }, (inner) =>
    dockerfile(inner, { file: inner, at, path: "", contexts }),
  ).map((finding) => {
    const name = "text" in finding.state ? unsetName.exec(finding.state.text)?.[1] : undefined;
    return name === undefined ? finding : { ...finding, ...unsetVariable(name) };
  });
}

/** Where a character stands; undefined for one that a variable says, and for one that a variable follows: nothing goes between. */
function originOffset(
  written: string,
  origins: readonly (number | undefined)[],
  index: number,
  offset: (index: number) => number,
): number | undefined {
  const origin = origins[index];
  if (origin === undefined) return undefined;
  let next = origin + 1;
  while (written[next] === "}" && origins[index + 1] !== next) next++;
  const isFollowed = /^\$(?!\$)/.test(written.slice(next, next + 2));
  return isFollowed ? undefined : offset(origin);
}
