import * as pulumi from "@pulumi/pulumi";
import { compiledLocations, type PathStep } from "../resources";
import { pinText, type ObservedPinning } from "./pin-text";

/**
 * Gives the inputs of a resource with every image in them pinned, in the form that the resource accepts. Only the images
 * become new values: whatever else is an output, a secret or unknown stays what it was.
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
  return compiledLocations(token).reduce((args, { steps, form }) => {
    const pin = (image: unknown, path: string): unknown =>
      onKnown(image, async (text) => {
        // Not an image text, or none: the provider's own check says so better than we could.
        if (typeof text !== "string" || text === "") return text;
        try {
          return (await pinText(text, form, `${name}: ${path}`, options)).pinned;
        } catch (error) {
          if (options.onFailed === undefined || !(error instanceof Error)) throw error;
          options.onFailed(error.message);
          return text;
        }
      });
    return rewrite(args, steps, "", pin);
  }, inputs);
}

/**
 * A secret as it travels between the SDK and the engine. That is how a transform sees one that another transform has passed on: the
 * SDK moves the mark up to the property (@pulumi/pulumi runtime/rpc.ts, deserializeProperty), so that images lie within it.
 */
interface WireSecret {
  readonly [signatureKey]: typeof secretSignature;
  readonly value: unknown;
}

const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

function isWireSecret(value: unknown): value is WireSecret {
  return typeof value === "object" && value !== null && Reflect.get(value, signatureKey) === secretSignature;
}

/** `Output<unknown>` is no type that the SDK can lift, so the value's type is left to be found out by who looks at it. */
function onKnown(value: unknown, then: (known: unknown) => unknown): unknown {
  return pulumi.output([value]).apply(([known]: readonly unknown[]) => then(known));
}

type Leaf = (value: unknown, path: string) => unknown;

/** Copies what lies along the path and puts `leaf` at its end; the rest is shared with the original. */
function rewrite<T>(value: T, steps: readonly PathStep[], path: string, leaf: Leaf): T;
function rewrite(value: unknown, steps: readonly PathStep[], path: string, leaf: Leaf): unknown {
  const [step, ...rest] = steps;
  if (value === undefined || value === null) return value;
  if (step === undefined) return leaf(value, path);
  if (isWireSecret(value)) return { ...value, value: rewrite(value.value, steps, path, leaf) };
  if (pulumi.Output.isInstance(value) || value instanceof Promise) {
    return onKnown(value, (known) => rewrite(known, steps, path, leaf));
  }
  switch (step.kind) {
    case "property": {
      if (typeof value !== "object" || Array.isArray(value)) return value;
      const inner: unknown = Reflect.get(value, step.name);
      if (inner === undefined) return value;
      return {
        ...value,
        [step.name]: rewrite(inner, rest, path === "" ? step.name : `${path}.${step.name}`, leaf),
      };
    }
    case "each":
      if (!Array.isArray(value)) return value;
      return value.map((item: unknown, index) => rewrite(item, rest, `${path}[${index}]`, leaf));
    case "json": {
      if (typeof value !== "string") return rewrite(value, rest, path, leaf);
      let decoded: unknown;
      try {
        decoded = JSON.parse(value);
      } catch {
        return value; // The pack says where it is broken; rewriting cannot mend it.
      }
      return pulumi.jsonStringify(rewrite(decoded, rest, path, leaf));
    }
  }
}
