import * as kubernetes from "@pulumi/kubernetes";
import { pinImages } from "pulumi-pinned-images";

// What follows is as it was.
pinImages();

// What the policy container-runtime-restricted advises.
const securityContext = {
  runAsNonRoot: true,
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

const labels = { app: "shop" };
new kubernetes.apps.v1.Deployment("shop", {
  spec: {
    replicas: 2,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        initContainers: [{ name: "migrate", image: "ghcr.io/acme/shop-migrate:2.3", securityContext }],
        containers: [
          { name: "web", image: "nginxinc/nginx-unprivileged:1.27-alpine", securityContext },
          { name: "api", image: "ghcr.io/acme/shop:2.3", securityContext },
        ],
      },
    },
  },
});
new kubernetes.batch.v1.CronJob("backup", {
  spec: {
    schedule: "@daily",
    jobTemplate: {
      spec: {
        template: {
          spec: {
            restartPolicy: "Never",
            containers: [
              { name: "dump", image: "postgres:16-alpine", command: ["pg_dump"], securityContext },
            ],
          },
        },
      },
    },
  },
});
new kubernetes.helm.v4.Chart("cache", { chart: "./chart" });
