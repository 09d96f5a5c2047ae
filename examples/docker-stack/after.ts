import { Container } from "pulumi-pinned-images/components/docker";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

const password = new pulumi.Config().requireSecret("databasePassword");
const network = new docker.Network("internal");
const networksAdvanced = [{ name: network.name }];

/** What the policy container-runtime-restricted advises; the user is the image's own. */
function restricted(user: string, ...writable: string[]) {
  return {
    user,
    readOnly: true,
    capabilities: { drops: ["ALL"] },
    securityOpts: ["no-new-privileges"],
    tmpfs: Object.fromEntries(["/tmp", ...writable].map((folder) => [folder, ""])),
    networksAdvanced,
    restart: "unless-stopped",
  };
}

function data(name: string, containerPath: string) {
  return [{ volumeName: new docker.Volume(name).name, containerPath }];
}

new Container("socket-proxy", {
  image: "ghcr.io/tecnativa/docker-socket-proxy:0.2.7",
  ...restricted("65534:65534", "/run"),
  // The group that the socket belongs to on the host.
  groupAdds: ["999"],
  envs: ["CONTAINERS=1"],
  volumes: [{ hostPath: "/var/run/docker.sock", containerPath: "/var/run/docker.sock", readOnly: true }],
});
new Container("traefik", {
  image: "traefik:v3.6.4",
  ...restricted("65532:65532"),
  command: [
    "--providers.docker.endpoint=tcp://socket-proxy:2375",
    "--entryPoints.web.address=:8080",
    "--metrics.prometheus=true",
  ],
  ports: [{ internal: 8080, external: 80 }],
});
new Container("postgres", {
  image: "postgres:16-alpine",
  ...restricted("70:70", "/run/postgresql"),
  envs: ["POSTGRES_USER=n8n", pulumi.interpolate`POSTGRES_PASSWORD=${password}`],
  volumes: data("postgres", "/var/lib/postgresql/data"),
});
new Container("redis", {
  image: "redis:7-alpine",
  ...restricted("999:1000"),
  volumes: data("redis", "/data"),
});
new Container("n8n", {
  image: "n8nio/n8n:1.64.2",
  ...restricted("1000:1000"),
  envs: [
    "DB_TYPE=postgresdb",
    "DB_POSTGRESDB_HOST=postgres",
    "DB_POSTGRESDB_USER=n8n",
    pulumi.interpolate`DB_POSTGRESDB_PASSWORD=${password}`,
    "QUEUE_BULL_REDIS_HOST=redis",
  ],
  volumes: data("n8n", "/home/node/.n8n"),
});
new Container("prometheus", {
  image: "prom/prometheus:v2.48.0",
  ...restricted("65534:65534"),
  volumes: data("prometheus", "/prometheus"),
});
new Container("grafana", {
  image: "grafana/grafana:10.2.2",
  ...restricted("472:0"),
  volumes: data("grafana", "/var/lib/grafana"),
});
