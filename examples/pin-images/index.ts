import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { pinImages } from "pulumi-pinned-images";

// All that is needed. What follows is as it was.
pinImages();

const registry = new pulumi.Config().require("registry");
// Manifests go to a folder, so that this previews without a cluster.
const provider = new kubernetes.Provider("manifests", { renderYamlToDirectory: "manifests" });
// What the policy container-runtime-restricted advises.
const securityContext = {
  runAsNonRoot: true,
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

/** A component that somebody else wrote: it knows nothing of digests. */
class Cache extends pulumi.ComponentResource {
  readonly pod: kubernetes.core.v1.Pod;

  constructor(name: string, image: string, opts?: pulumi.ComponentResourceOptions) {
    super("acme:index:Cache", name, {}, opts);
    this.pod = new kubernetes.core.v1.Pod(
      `${name}-pod`,
      { spec: { containers: [{ name: "cache", image, securityContext }] } },
      { parent: this },
    );
    this.registerOutputs();
  }
}

const labels = { app: "shop" };
const shop = new kubernetes.apps.v1.Deployment(
  "shop",
  {
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: "web", image: `${registry}/nginx:1.27-alpine`, securityContext }] },
      },
    },
  },
  { provider },
);
const nightly = new kubernetes.batch.v1.CronJob(
  "nightly",
  {
    spec: {
      schedule: "@daily",
      jobTemplate: {
        spec: {
          template: {
            spec: {
              restartPolicy: "Never",
              containers: [{ name: "clean", image: `${registry}/busybox`, securityContext }],
            },
          },
        },
      },
    },
  },
  { provider },
);
const cache = new Cache("cache", `${registry}/redis:latest`, { providers: [provider] });

export const images = pulumi
  .all([
    shop.spec.template.spec.containers,
    nightly.spec.jobTemplate.spec.template.spec.containers,
    cache.pod.spec.containers,
  ])
  .apply((containers) => containers.flat().map(({ image }) => image));
