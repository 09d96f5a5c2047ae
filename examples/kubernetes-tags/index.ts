import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

const registry = new pulumi.Config().require("registry");
// Manifests go to a folder, so that this previews without a cluster.
const provider = new kubernetes.Provider("manifests", { renderYamlToDirectory: "manifests" });
const labels = { app: "shop" };

new kubernetes.apps.v1.Deployment(
  "shop",
  {
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          initContainers: [{ name: "migrate", image: `${registry}/busybox` }],
          containers: [
            { name: "web", image: `${registry}/nginx:1.27-alpine` },
            { name: "cache", image: `${registry}/redis:latest` },
          ],
        },
      },
    },
  },
  { provider },
);
