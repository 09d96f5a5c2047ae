/** What the engine sends in place of a text that a preview cannot know yet. */
export const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/**
 * What the engine sends in place of a value that a preview cannot know yet, one text for each type
 * (pulumi/pulumi sdk/go/common/resource/plugin/rpc.go).
 */
const sentinels: ReadonlySet<unknown> = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // boolean
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // number
  unknownText,
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // array
  "030794c1-ac77-496b-92df-f27374a8bd58", // asset
  "e48ece36-62e2-4504-bad9-02848725956a", // archive
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // object
]);

export function isUnknown(value: unknown): boolean {
  return sentinels.has(value);
}

/**
 * Reads an own property without waking the SDK's proxy, whose `get` throws at an unknown value and would so hide everything
 * that stands beside it. Undefined when there is none.
 */
export function peek(object: object, key: string | number): unknown {
  const described = Object.getOwnPropertyDescriptor(object, key);
  // A program may compute what it gives: `{ get image() { … } }`, or what a module exports again.
  return described?.get === undefined ? described?.value : described.get.call(object);
}

/** What marks a secret as it travels between the SDK and the engine (@pulumi/pulumi runtime/rpc.ts, specialSecretSig). */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/**
 * Whether a value is a box with a secret in it: the one of the policy SDK while a remediation runs (@pulumi/policy, class
 * `Secret`), which the proxy would open that {@link peek} goes around; or one that travels, as a transform sees it when another
 * transform has passed it on. The class is told by its name: the SDK is not loaded here.
 */
export function isSecretBox(value: object): value is { value: unknown } {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Array.prototype || prototype === null || typeof prototype !== "object") return false;
  if (prototype === Object.prototype) {
    return peek(value, signatureKey) === secretSignature && Object.hasOwn(value, "value");
  }
  const maker = peek(prototype, "constructor");
  return typeof maker === "function" && maker.name === "Secret" && Object.hasOwn(value, "value");
}
