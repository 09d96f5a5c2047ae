import * as pulumi from "@pulumi/pulumi";
import { isPlaceable, treeOf, walkProperties, withChange, type FoundImage } from "../resources";
import { pinText, type ObservedPinning } from "./pin-text";

/**
 * Gives the inputs of a resource with every image in them pinned, in the form that the resource accepts. Only the images
 * become new values: whatever else is an output, a secret or unknown stays what it was. What cannot be pinned (JSON that
 * cannot be read, an image that a build argument names) is left to the pack.
 *
 * @param token the resource's type, `kubernetes:apps/v1:Deployment`. Inputs of a type that is not known come back as they are.
 * @param name the resource's name, for errors.
 * @param inputs the arguments of the resource, which are not changed.
 * @throws pulumi.RunError, when the inputs are used, for an image that cannot be resolved; it names the property path.
 */
export function pinInputs<T extends object>(
  token: string,
  name: string,
  inputs: T,
  options: ObservedPinning = {},
): T {
  const tree = treeOf(token);
  if (tree === undefined) return inputs;
  /** Whether what is being walked is secret, or stands within a secret. */
  let isSecret = false;
  const change = walkProperties(inputs, tree, {
    image: (found) =>
      digestOf(found, `${name}: ${found.path}`, {
        ...options,
        isSecret: isSecret || travelsAsSecret(inputs, found.path),
      }),
    isLater: (value) => pulumi.Output.isInstance(value) || value instanceof Promise,
    // `Output<unknown>` is no type that the SDK can lift, so the value's type is left to be found out by who looks at it.
    later(value, then) {
      const output = pulumi.output([value]);
      const isAround = isSecret;
      return output.apply(async ([known]: readonly unknown[]) => {
        isSecret = isAround || (await pulumi.isSecret(output));
        // The walker goes on at once and awaits nothing, so that nobody else sees what was set here.
        const made = then(known);
        isSecret = false;
        return made;
      });
    },
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

/** Transforms get secrets in boxes as they travel, and the SDK moves the mark up to the resource's property from wherever it was. */
function travelsAsSecret(inputs: object, path: string): boolean {
  const [property = ""] = /^[\w-]+/.exec(path) ?? [];
  return pulumi.runtime.isRpcSecret(Reflect.get(inputs, property));
}
