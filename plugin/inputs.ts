import { Output, type Input, type Inputs } from "@pulumi/pulumi";
import * as v from "valibot";
import type { PinnedImageArgs } from "./pinned-image";

const plainText = v.exactOptional(v.string("it must be plain text that every preview knows"));

const inputsSchema = v.strictObject(
  {
    image: v.custom<Input<string>>(
      (value) => typeof value === "string" || Output.isInstance(value),
      "it must be text",
    ),
    form: plainText,
    lock: plainText,
    strategy: plainText,
    platform: plainText,
  },
  ({ expected }) => (expected === "never" ? "there is no such input" : "it is missing"),
);

/**
 * Reads what a program in another language gave. Most have been told by their compilers; YAML has not.
 *
 * @throws TypeError that names each input that is wrong.
 */
export function parseInputs(inputs: Inputs): PinnedImageArgs {
  const parsed = v.safeParse(inputsSchema, inputs);
  if (!parsed.success) {
    throw new TypeError(parsed.issues.map((issue) => `${v.getDotPath(issue)}: ${issue.message}`).join("; "));
  }
  return parsed.output;
}
