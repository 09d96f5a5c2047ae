import { imageLeaf, type Node } from "../node";
import { peek } from "../unknown";

const aliased: Node = { properties: new Map([["name", { image: imageLeaf({}) }]]) };
const unnamed: Node = {
  properties: new Map([
    [
      "name",
      {
        image: {
          ...imageLeaf({}),
          // https://github.com/moby/moby/blob/v27.5.1/plugin/store.go, resolvePluginID: "canonical references cannot be resolved"
          fixed: {
            reason: "has no alias beside it, and Docker finds no plugin again by a name with a digest",
            fix: "give the plugin an alias, and write the digest behind the tag",
          },
        },
      },
    ],
  ]),
};

/** A plugin of Docker's engine, which is found again by its `alias`, or else by its `name`. */
export function installedPlugin(value: unknown): Node | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const alias = peek(value, "alias") ?? "";
  return alias === "" ? unnamed : aliased;
}
