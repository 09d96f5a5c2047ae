import type { ResourceLocations } from "./location";

/** https://www.pulumi.com/registry/packages/scaleway/api-docs/ (each type under its module and under the older `index`) */
export const scaleway: readonly ResourceLocations[] = [
  {
    tokens: ["scaleway:containers/container:Container", "scaleway:index/container:Container"],
    images: [{ path: "registryImage" }, { path: "image" }],
  },
  {
    tokens: ["scaleway:job/definition:Definition", "scaleway:index/jobDefinition:JobDefinition"],
    images: [{ path: "imageUri" }],
  },
];
