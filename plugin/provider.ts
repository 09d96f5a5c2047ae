import * as pulumi from "@pulumi/pulumi";
import type { Provider } from "@pulumi/pulumi/provider";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { parseInputs } from "./inputs";
import { parsePinOptions } from "./pin-options";
import { pinParts } from "./pin-parts";
import { outputsOf, PinnedImage, placeOf, type PinnedImageArgs } from "./pinned-image";

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
      const args = readInputs(name, inputs);
      await refuseUnpinnable(name, args);
      const component = new PinnedImage(name, args, options);
      return { urn: component.urn, state: outputsOf(component) };
    },
  };
}

function readInputs(name: string, inputs: pulumi.Inputs): PinnedImageArgs {
  try {
    const args = parseInputs(inputs);
    parsePinOptions(args);
    return args;
  } catch (error) {
    throw new pulumi.RunError(`${placeOf(name)}: ${error instanceof Error ? error.message : "wrong inputs"}`);
  }
}

/**
 * Pins once before the component is there. An output that fails inside of it would be nobody's: the server that hosts components
 * logs such errors with their stack traces, and more than once. The answer is kept, so that nobody is asked again.
 */
async function refuseUnpinnable(name: string, args: PinnedImageArgs): Promise<void> {
  const image = pulumi.output(args.image);
  const text = await valueOf(name, pulumi.unsecret(image));
  if (text === pulumi.runtime.unknownValue) return;
  try {
    await pinParts(text, placeOf(name), parsePinOptions(args));
  } catch (error) {
    if (!(await pulumi.isSecret(image))) throw error;
    throw new pulumi.RunError(
      `${placeOf(name)}: image: there is no digest for it; why would tell the secret that it is`,
    );
  }
}

/** What an output turns out to be: its value, or the mark of those that a preview cannot know. */
async function valueOf(name: string, output: pulumi.Output<string>): Promise<string> {
  const { value } = await pulumi.runtime.serializeProperties("image", { value: output });
  if (typeof value !== "string") throw new pulumi.RunError(`${placeOf(name)}: image: it must be text`);
  return value;
}
