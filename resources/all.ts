import { aws } from "./aws";
import { docker } from "./docker";
import { kubernetes } from "./kubernetes";
import type { ImageLocation, ResourceLocations } from "./location";

/** Every provider's table. A new provider is one more file and one more line here. */
export const allLocations: readonly ResourceLocations[] = [...kubernetes, ...docker, ...aws];

const byToken: ReadonlyMap<string, readonly ImageLocation[]> = new Map(
  allLocations.flatMap(({ tokens, images }) => tokens.map((token) => [token, images] as const)),
);

/** Where the images of a resource type sit. Empty for a type that holds none. */
export function locationsOf(token: string): readonly ImageLocation[] {
  return byToken.get(token) ?? [];
}
