import type { ResourceLocations } from "./location";

/** https://www.pulumi.com/registry/packages/docker/api-docs/ */
export const docker: readonly ResourceLocations[] = [
  { tokens: ["docker:index/container:Container"], images: [{ path: "image", takesLocalIds: true }] },
  { tokens: ["docker:index/service:Service"], images: [{ path: "taskSpec.containerSpec.image" }] },
  { tokens: ["docker:index/remoteImage:RemoteImage"], images: [{ path: "name" }] },
  { tokens: ["docker:index/tag:Tag"], images: [{ path: "sourceImage", takesLocalIds: true }] },
];
