import * as pulumi from "@pulumi/pulumi";
import { pinInputs } from "./pin-inputs";
import type { ObservedPinning, PinnedText } from "./pin-text";
import type { PinningOptions } from "./pinner";
import { rememberProgram } from "./program-context";
import { withhold } from "./withhold";

export interface PinImagesOptions extends PinningOptions {
  /** Names of resources, as the program gives them, that stay as they are, whatever their type; none when left out. */
  readonly except?: readonly string[];
}

/**
 * Pins every image of the program: in all resources that are registered from now on, those inside of components and charts
 * included. Put it first in the program. What is pinned already stays as it is, and so does what is unknown; secrets stay secret.
 * The log says what was pinned, and where the digest came from.
 *
 * Throws nothing: an image without a digest is an error in the log that names its place and ends the run with exit code 1. Its
 * resource is not deployed, and the others still have their errors shown.
 *
 * @param options how images are pinned, and what stays as it is; as the stack's configuration says when left out.
 */
export function pinImages(options: PinImagesOptions = {}): void {
  pulumi.runtime.registerResourceTransform(pinningTransform(options));
}

/**
 * As {@link pinImages}, for one resource and its children: `{ transforms: [pinningTransform()] }` among its options.
 *
 * @returns the transform, for the option `transforms`.
 */
export function pinningTransform(options: PinImagesOptions = {}): pulumi.ResourceTransform {
  const { except = [], ...pinning } = options;
  const program = rememberProgram();
  const onPinned = (pinned: PinnedText): void => {
    const message = explain(pinned);
    if (message !== undefined && program.isNew(message)) void pulumi.log.info(message);
  };
  return async ({ type, name, props, opts }) => {
    if (except.includes(name)) return undefined;
    program.enter();
    const failures: string[] = [];
    const observed: ObservedPinning = { ...pinning, onPinned, onFailed: (message) => failures.push(message) };
    const pinned = pinInputs(type, name, props, observed);
    // Whoever returns something has the engine send it all back and forth again.
    if (pinned === props) return undefined;
    // Known once every image has been asked for, although others are unknown.
    await pulumi.isSecret(pulumi.output(pinned));
    // A failure that came only now would throw, and the resource not be deployed either.
    if (Object.freeze(failures).length === 0) return withoutOptions({ props: pinned, opts });
    // An error in the log ends the run with a sentence, and lets the other resources have theirs.
    for (const message of failures) if (program.isNew(message)) void pulumi.log.error(message);
    return { props: pinned, opts: withhold(opts) };
  };
}

/**
 * Leaves the options as they came. The SDK gives them to transforms with `false` where nobody has said anything, and what goes back is said:
 * a provider that wants to delete before it replaces would no longer be asked, and a component would lose its providers
 * (@pulumi/pulumi runtime/callbacks.ts, registerTransform).
 */
function withoutOptions(result: pulumi.ResourceTransformResult): pulumi.ResourceTransformResult {
  Reflect.deleteProperty(result, "opts");
  return result;
}

const origins: Readonly<Record<Exclude<PinnedText["from"], "reference">, string>> = {
  lock: "the lock",
  preview: "the preview before this update",
  registry: "the registry",
};

/** What an image was pinned to, and by whom; undefined where its author had pinned it. */
function explain({ reference, digest, from }: PinnedText): string | undefined {
  return from === "reference"
    ? undefined
    : `pinned ${reference.original} to ${digest}, from ${origins[from]}`;
}
