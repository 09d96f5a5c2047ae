import * as pulumi from "@pulumi/pulumi";
import { pinInputs } from "./pin-inputs";
import type { ObservedPinning, PinnedText } from "./pin-text";
import type { PinningOptions } from "./pinner";
import { rememberProgram } from "./program-context";

export interface PinImagesOptions extends PinningOptions {
  /** Names of resources that stay as they are. */
  readonly except?: readonly string[];
}

/**
 * Pins every image of the program: in all resources that are registered from now on, those inside of components and charts
 * included. Put it first in the program. What is pinned already stays as it is, and so does what is unknown; secrets stay secret.
 * The log says what was pinned, and where the digest came from.
 */
export function pinImages(options: PinImagesOptions = {}): void {
  pulumi.runtime.registerResourceTransform(pinningTransform(options));
}

/** As {@link pinImages}, for one resource and its children: `{ transforms: [pinningTransform()] }` among its options. */
export function pinningTransform(options: PinImagesOptions = {}): pulumi.ResourceTransform {
  const { except = [], ...pinning } = options;
  const observed: ObservedPinning = {
    ...pinning,
    onPinned: logOnce(),
    // What is thrown here comes out with a trace of the SDK's insides. In a preview an error in the log stops the run as well, with
    // a sentence, and lets the other resources have theirs; an update must not come to deploying the tag.
    ...(pulumi.runtime.isDryRun() ? { onFailed: (message) => void pulumi.log.error(message) } : {}),
  };
  const enterProgram = rememberProgram();
  return ({ type, name, props, opts }) => {
    if (except.includes(name)) return undefined;
    enterProgram();
    const pinned = pinInputs(type, name, props, observed);
    // Whoever returns something has the engine send it all back and forth again.
    return pinned === props ? undefined : { props: pinned, opts };
  };
}

const origins: Readonly<Record<Exclude<PinnedText["from"], "reference">, string>> = {
  lock: "the lock",
  preview: "the preview before this update",
  registry: "the registry",
};

/** Says once for each image what it was pinned to. */
function logOnce(): (pinned: PinnedText) => void {
  const said = new Set<string>();
  return ({ reference, digest, from }) => {
    if (from === "reference" || said.has(reference.toString())) return;
    said.add(reference.toString());
    void pulumi.log.info(`pinned ${reference.original} to ${digest}, from ${origins[from]}`);
  };
}
