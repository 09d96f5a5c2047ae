import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const images = { api: "ghcr.io/acme/api:2.3", proxy: "envoyproxy/envoy:v1.31.2" };

const cluster = new aws.ecs.Cluster("shop");
const task = new aws.ecs.TaskDefinition("api", {
  family: "api",
  requiresCompatibilities: ["FARGATE"],
  networkMode: "awsvpc",
  cpu: "512",
  memory: "1024",
  containerDefinitions: pulumi.jsonStringify([
    { name: "api", image: images.api, essential: true },
    { name: "proxy", image: images.proxy, portMappings: [{ containerPort: 8080 }] },
  ]),
});
new aws.ecs.Service("api", {
  cluster: cluster.arn,
  taskDefinition: task.arn,
  launchType: "FARGATE",
  desiredCount: 2,
});
