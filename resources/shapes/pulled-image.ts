import { imageLeaf, type Node } from "../node";
import { peek } from "../unknown";

const pulled: Node = { properties: new Map([["name", { image: imageLeaf({ form: "digest" }) }]]) };

/** An image of Docker's provider that is pulled by its `name`. With `build` beside it, the name is that of what is built. */
export function pulledImage(value: unknown): Node | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  return (peek(value, "build") ?? undefined) === undefined ? pulled : undefined;
}
