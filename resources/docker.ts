import type { ResourceLocations } from "./location";

/** https://www.pulumi.com/registry/packages/docker/api-docs/ */
export const docker: readonly ResourceLocations[] = [
  {
    tokens: ["docker:index/container:Container"],
    images: [{ path: "image", takesLocalIds: true }],
    hints: ["envs[]{environment}", "command[]{argument}"],
    runs: [{ path: "", as: "docker-container" }],
  },
  {
    tokens: ["docker:index/service:Service"],
    images: [{ path: "taskSpec.containerSpec.image" }],
    hints: ["taskSpec.containerSpec.args[]{argument}"],
    runs: [{ path: "taskSpec.containerSpec", as: "docker-service" }],
  },
  { tokens: ["docker:index/remoteImage:RemoteImage"], images: [{ path: "name" }] },
  { tokens: ["docker:index/tag:Tag"], images: [{ path: "sourceImage", takesLocalIds: true }] },
  { tokens: ["docker:index/plugin:Plugin"], images: [{ path: "name" }] },
  // What is pushed is named by its tag: a digest cannot be demanded of it, and cannot be put there.
  { tokens: ["docker:index/registryImage:RegistryImage"], hints: ["name"] },
  {
    tokens: ["docker:index/buildxBuilder:BuildxBuilder"],
    images: [{ path: "dockerContainer.image" }, { path: "kubernetes.image" }],
  },
  { tokens: ["docker:index/image:Image"], images: [{ path: "build.cacheFrom.images[]" }] },
  {
    // https://www.pulumi.com/registry/packages/docker-build/api-docs/image/
    tokens: ["docker-build:index:Image"],
    images: [
      { path: "dockerfile.inline{dockerfile}{}" },
      { path: "context.named{}.location{docker-image://}" },
    ],
  },
];
