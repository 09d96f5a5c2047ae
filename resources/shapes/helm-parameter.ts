import { imageLeaf, type Node } from "../node";
import { peek } from "../unknown";
import { imageName } from "./helm-values";

const whole: Node = { properties: new Map([["value", { image: imageLeaf({}) }]]) };
const part: Node = {
  unread: "sets a part of an image whose other parts stand elsewhere",
  advice: true,
};

/** A parameter of a chart, as `helm install --set` takes it: `{name: "web.image", value}`, or a part of one, `web.image.tag`. */
export function helmParameter(value: unknown): Node | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const name = peek(value, "name");
  if (typeof name !== "string") return undefined;
  const [before = "", last = ""] = name.split(".").slice(-2);
  if (imageName.test(name.includes(".") ? last : name)) return whole;
  return imageName.test(before) && /^(?:registry|repository|tag|digest)$/.test(last) ? part : undefined;
}
