import * as kubernetes from "@pulumi/kubernetes";

/** A digest of its own for each number, so that nothing can be answered from memory. */
export function digestOf(number: number): string {
  return `sha256:${number.toString(16).padStart(64, "0")}`;
}

/** The images of a Deployment, by their names in a lock. */
export function imagesOf(index: number): Readonly<Record<string, string>> {
  return {
    [`ghcr.io/acme/service-${index}:1.27`]: digestOf(2 * index),
    [`docker.io/envoyproxy/envoy:v1.${index}`]: digestOf(2 * index + 1),
  };
}

/** A Deployment as teams write it: two containers with ports, environment and limits, both images pinned and both containers held in. */
export function declareDeployment(index: number): void {
  const name = `service-${index}`;
  const labels = { app: name };
  const securityContext = {
    runAsNonRoot: true,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  };
  const resources = { requests: { cpu: "100m", memory: "64Mi" }, limits: { memory: "128Mi" } };
  new kubernetes.apps.v1.Deployment(name, {
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: "web",
              image: `ghcr.io/acme/${name}:1.27@${digestOf(2 * index)}`,
              ports: [{ containerPort: 8080 }],
              env: [{ name: "LOG_LEVEL", value: "info" }],
              resources,
              securityContext,
            },
            {
              name: "proxy",
              image: `envoyproxy/envoy:v1.${index}@${digestOf(2 * index + 1)}`,
              ports: [{ containerPort: 9901 }],
              resources,
              securityContext,
            },
          ],
        },
      },
    },
  });
}
