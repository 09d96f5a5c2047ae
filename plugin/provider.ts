import * as pulumi from "@pulumi/pulumi";
import type { Provider } from "@pulumi/pulumi/provider";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { parseInputs } from "./inputs";
import { parsePinOptions } from "./pin-options";
import { pinParts } from "./pin-parts";
import { outputsOf, PinnedImage, type PinnedImageArgs } from "./pinned-image";

const componentType = "pinned-images:index:PinnedImage";

/** schema.json is published beside the compiled files; the inference would want their sources, and a compiler. */
export const schemaPath = join(__dirname, "..", "..", "plugin", "schema.json");

/** What the engine talks to: gives the schema, and constructs components for programs in any language. */
export function componentProvider(): Provider {
  const schema = readFileSync(schemaPath, "utf8");
  const { version } = v.parse(v.object({ version: v.string() }), JSON.parse(schema));
  return {
    version,
    schema,
    async construct(name, type, inputs, options) {
      if (type !== componentType) throw new Error(`there is no component ${type}; there is ${componentType}`);
      try {
        const args = parseInputs(inputs);
        await refuseUnpinnable(args);
        const component = new PinnedImage(name, args, options);
        return { urn: component.urn, state: outputsOf(component) };
      } catch (error) {
        const reason = error instanceof Error ? error.message : "it cannot be pinned";
        throw new pulumi.RunError(`PinnedImage "${name}": ${reason}`);
      }
    },
  };
}

/**
 * Pins once before the component is there. An output that fails inside of it would be nobody's: the server that hosts components
 * logs such errors with their stack traces, and more than once.
 */
async function refuseUnpinnable(args: PinnedImageArgs): Promise<void> {
  const options = parsePinOptions(args);
  const image = pulumi.output(args.image);
  const text = await valueOf(pulumi.unsecret(image));
  if (pulumi.runtime.unknownValue === text) return;
  try {
    await pinParts(text, options);
  } catch (error) {
    if (!(await pulumi.isSecret(image))) throw error;
    throw new Error("image: there is no digest for it; why would tell the secret that it is", {
      cause: error,
    });
  }
}

/** What an output turns out to be: its value, or the mark of those that a preview cannot know. */
async function valueOf(output: pulumi.Output<string>): Promise<string> {
  const { value } = await pulumi.runtime.serializeProperties("image", { value: output });
  if (typeof value !== "string") throw new TypeError("image: it must be text");
  return value;
}
