import type { ReferenceFields, ResourceLocations } from "./location";

/** https://docs.digitalocean.com/products/app-platform/reference/app-spec/ ("Cannot be specified if digest is provided", of the tag) */
const image: ReferenceFields = {
  name: "repository",
  registry: "registry",
  tag: "tag",
  digest: "digest",
  tagOrDigest: true,
  host: {
    field: "registryType",
    of: { DOCKER_HUB: "docker.io", GHCR: "ghcr.io" },
    otherwise: "its registry is the account's own, which the specification does not name",
  },
};

/** https://www.pulumi.com/registry/packages/digitalocean/api-docs/ */
export const digitalocean: readonly ResourceLocations[] = [
  {
    tokens: ["digitalocean:index/app:App"],
    images: ["services", "workers", "jobs"].map((kind) => ({
      path: `spec.${kind}[].image`,
      form: "digest",
      fields: image,
    })),
  },
];
