/**
 * What the engine sends in place of a value that a preview cannot know yet, one text for each type
 * (pulumi/pulumi sdk/go/common/resource/plugin/rpc.go).
 */
const sentinels: ReadonlySet<unknown> = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // boolean
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // number
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9", // string
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
  return Object.getOwnPropertyDescriptor(object, key)?.value;
}

/**
 * Whether a value is the box in which the policy SDK keeps a secret while a remediation runs (@pulumi/policy, class `Secret`).
 * What {@link peek} reads goes around the proxy that would open it. Told by its class's name: the SDK is not loaded here.
 */
export function isSecretBox(value: object): value is { value: unknown } {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === Array.prototype || prototype === null) return false;
  if (typeof prototype !== "object") return false;
  const maker = peek(prototype, "constructor");
  return typeof maker === "function" && maker.name === "Secret" && Object.hasOwn(value, "value");
}
