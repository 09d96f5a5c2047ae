import * as pulumi from "@pulumi/pulumi";
import { isPlaceable, treeOf, walkProperties, withChange, type FoundImage } from "../resources";
import { pinText, type ObservedPinning } from "./pin-text";

/**
 * Gives the inputs of a resource with every image in them pinned, in the form that the resource accepts. Only the images
 * become new values: whatever else is an output, a secret or unknown stays what it was. What cannot be pinned (JSON that
 * cannot be read, an image that a build argument names) is left to the pack.
 *
 * @param token the resource's type, `kubernetes:apps/v1:Deployment`.
 * @param name the resource's name, for errors.
 */
export function pinInputs<T extends object>(
  token: string,
  name: string,
  inputs: T,
  options: ObservedPinning = {},
): T {
  const tree = treeOf(token);
  if (tree === undefined) return inputs;
  const change = walkProperties(inputs, tree, {
    image: (found) => digestOf(found, `${name}: ${found.path}`, options),
    isLater: (value) => pulumi.Output.isInstance(value) || value instanceof Promise,
    later: onKnown,
  });
  return withChange(inputs, change);
}

/** The digest of an image that needs one, or an error that says why there is none. */
function digestOf(
  found: FoundImage,
  where: string,
  options: ObservedPinning,
): Promise<string | undefined> | undefined {
  const { state, form } = found;
  if (!isPlaceable(found)) return undefined;
  // What is malformed has to fail here, with its reason: no program means to deploy it. An empty text is left out as none.
  const isNeeded = state.kind === "tag" || state.kind === "untagged" || state.kind === "malformed";
  if (!isNeeded || state.text === "") return undefined;
  return pinText(state.text, form, where, options).then(
    ({ digest }) => digest,
    (error: unknown) => {
      if (options.onFailed === undefined || !(error instanceof Error)) throw error;
      options.onFailed(error.message);
      return undefined;
    },
  );
}

/** `Output<unknown>` is no type that the SDK can lift, so the value's type is left to be found out by who looks at it. */
function onKnown(value: unknown, then: (known: unknown) => unknown): unknown {
  return pulumi.output([value]).apply(([known]: readonly unknown[]) => then(known));
}
