import type { ImagePolicy } from "./policy";

/** Only listed registries and repositories. */
export const imageRegistryAllowed: ImagePolicy = {
  name: "image-registry-allowed",
  description: "Container images must come from an allowed registry.",
  level: "disabled",
  severity: "high",
  over: "images",

  check({ path, state }, { settings: { registries } }) {
    if (!("reference" in state)) return undefined;
    const { text, reference } = state;
    if (registries.some(({ matches }) => matches(reference))) return undefined;
    const allowed = registries.map((pattern) => pattern.text).join(", ");
    return {
      path,
      found: text,
      problem: `comes from ${reference.registry}; allowed: ${allowed === "" ? "none, no registry is listed" : allowed}`,
      why: "nobody vouches for what other registries serve, or for its being there tomorrow",
      fix: `use the image from an allowed registry, or let the platform team add it: "settings": { "registries": ["${registryPath(reference.registry, reference.repository)}"] }`,
    };
  },
};

/** The narrowest path that still says whose images they are. */
function registryPath(registry: string, repository: string): string {
  return [registry, ...repository.split("/").slice(0, -1)].join("/");
}
