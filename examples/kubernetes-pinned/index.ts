import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { PinnedImage } from "pulumi-pinned-images";
import { Deployment } from "pulumi-pinned-images/components/kubernetes";

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

// The class's name is all that differs: the same arguments, the same outputs, the same URN.
const shop = new Deployment(
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

const web = new PinnedImage("web", { image: `${registry}/nginx:1.27-alpine` });

const pod = shop.spec.template.spec;
export const images = pulumi
  .all([pod.initContainers, pod.containers])
  .apply((containers) => containers.flat().map(({ image }) => image));
export const platforms = web.platforms;
