import type { ResourceLocations } from "./location";

/**
 * https://www.pulumi.com/registry/packages/docker/api-docs/
 *
 * An engine takes a tag beside the digest, but the provider compares texts: another spelling of the tag would have a container
 * made anew. So what it pulls and runs goes by the digest alone.
 */
export const docker: readonly ResourceLocations[] = [
  {
    tokens: ["docker:index/container:Container"],
    images: [{ path: "image", form: "digest", takesLocalIds: true }],
    hints: ["envs[]{environment}", "command[]{argument}"],
    runs: [{ path: "", as: "docker-container" }],
  },
  {
    tokens: ["docker:index/service:Service"],
    images: [{ path: "taskSpec.containerSpec.image", form: "digest" }],
    hints: ["taskSpec.containerSpec.args[]{argument}"],
    runs: [{ path: "taskSpec.containerSpec", as: "docker-service" }],
  },
  { tokens: ["docker:index/remoteImage:RemoteImage"], images: [{ path: "{pulled-image}", form: "digest" }] },
  {
    tokens: ["docker:index/tag:Tag"],
    images: [{ path: "sourceImage", form: "digest", takesLocalIds: true }],
  },
  { tokens: ["docker:index/plugin:Plugin"], images: [{ path: "{installed-plugin}" }] },
  // What is pushed is named by its tag: a digest cannot be demanded of it, and cannot be put there.
  { tokens: ["docker:index/registryImage:RegistryImage"], hints: ["name"] },
  {
    tokens: ["docker:index/buildxBuilder:BuildxBuilder"],
    images: [{ path: "dockerContainer.image" }, { path: "kubernetes.image" }],
  },
  {
    // https://www.pulumi.com/registry/packages/docker-build/api-docs/image/
    tokens: ["docker-build:index:Image"],
    images: [
      { path: "dockerfile.inline{dockerfile}{}" },
      { path: "context.named{}.location{docker-image://}" },
    ],
  },
];
