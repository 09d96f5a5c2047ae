import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

const registry = new pulumi.Config().require("registry");
// Manifests go to a folder, so that this previews without a cluster.
const provider = new kubernetes.Provider("manifests", { renderYamlToDirectory: "manifests" });
const labels = { app: "shop" };
// What the policy container-runtime-restricted advises.
const securityContext = {
  runAsNonRoot: true,
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

new kubernetes.apps.v1.Deployment(
  "shop",
  {
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          initContainers: [{ name: "migrate", image: `${registry}/busybox`, securityContext }],
          containers: [
            { name: "web", image: `${registry}/nginx:1.27-alpine`, securityContext },
            { name: "cache", image: `${registry}/redis:latest`, securityContext },
          ],
        },
      },
    },
  },
  { provider },
);
