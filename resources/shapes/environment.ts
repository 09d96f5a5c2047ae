import { imageLeaf, type Node } from "../node";
import { prefixed } from "../text/prefixed";
import { peek } from "../unknown";

const leaf: Node = { image: imageLeaf({}), advice: true };
const inValue: Node = { properties: new Map([["value", leaf]]), advice: true };

/** `RELATED_IMAGE_PROXY`, `SIDECAR_IMAGE`, `IMAGE`: where operators are told the images that they start. */
export const imageVariable = /^RELATED_IMAGE_|(?:^|_)IMAGE$/;
/** `--sidecar-image=`, `-image=`. */
const imageFlag = /^--?(?:[\w.]+-){0,20}image=/;

/** A container's environment variable whose name promises an image: `{name, value}`, or `NAME=value`. */
export function environment(value: unknown): Node | undefined {
  if (typeof value === "string") {
    const start = value.slice(0, value.indexOf("=") + 1);
    return imageVariable.test(start.slice(0, -1)) ? behind(start) : undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const name = peek(value, "name");
  return typeof name === "string" && imageVariable.test(name) ? inValue : undefined;
}

/** An argument whose flag promises an image: `--sidecar-image=…`. */
export function argument(value: unknown): Node | undefined {
  const start = typeof value === "string" ? imageFlag.exec(value)?.[0] : undefined;
  return start === undefined ? undefined : behind(start);
}

function behind(start: string): Node {
  return { texts: new Map([[prefixed(start), leaf]]), advice: true };
}
