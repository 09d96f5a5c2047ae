import type { Platform } from "../images";

/** What a missing variant means, as containerd's platforms package normalises it. */
const defaultVariants: ReadonlyMap<string, string> = new Map([
  ["amd64", "v1"],
  ["arm", "v7"],
  ["arm64", "v8"],
]);

/** Whether two platforms are one: `linux/arm64` is `linux/arm64/v8`, `linux/arm` is `linux/arm/v7`. */
export function samePlatform(one: Platform, other: Platform): boolean {
  return (
    one.os === other.os && one.architecture === other.architecture && variantOf(one) === variantOf(other)
  );
}

function variantOf({ architecture, variant }: Platform): string | undefined {
  return variant ?? defaultVariants.get(architecture);
}
