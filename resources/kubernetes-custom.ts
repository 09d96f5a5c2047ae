import { podSpecAt } from "./kubernetes";
import { at, type ImageLocation, type ResourceLocations } from "./location";

/**
 * Where a workflow specification names images (https://argo-workflows.readthedocs.io/en/latest/fields/#template). A step may hold its
 * template, which is none of steps itself; a template may be a resource to make.
 */
function argoWorkflow(spec: string): readonly ImageLocation[] {
  const templates = [`${spec}.templates[]`, `${spec}.templateDefaults`];
  const inline = ["steps[][]", "dag.tasks[]"].map((step) => `${spec}.templates[].${step}.inline`);
  return [...templates, ...inline].flatMap((template) =>
    at(
      `${template}.container.image`,
      `${template}.script.image`,
      `${template}.containerSet.containers[].image`,
      `${template}.initContainers[].image`,
      `${template}.sidecars[].image`,
      `${template}.resource.manifest{manifest-text}`,
    ),
  );
}

/** https://tekton.dev/docs/pipelines/tasks/ */
function tektonTask(spec: string): readonly ImageLocation[] {
  return at(`${spec}.steps[].image`, `${spec}.sidecars[].image`, `${spec}.stepTemplate.image`);
}

function tektonPipeline(spec: string): readonly ImageLocation[] {
  return [...tektonTask(`${spec}.tasks[].taskSpec`), ...tektonTask(`${spec}.finally[].taskSpec`)];
}

/** A source of an Argo CD application (https://argo-cd.readthedocs.io/en/stable/user-guide/application-specification/). */
function argoSource(source: string): readonly ImageLocation[] {
  return at(
    `${source}.helm.values{yaml}{helm-values}`,
    `${source}.helm.valuesObject{helm-values}`,
    `${source}.helm.parameters[]{helm-parameter}`,
    `${source}.kustomize.images[]{kustomize-override}`,
    `${source}.kustomize.patches[].patch{yaml}{kustomize-patch}`,
  );
}

function argoApplication(spec: string): readonly ImageLocation[] {
  return [...argoSource(`${spec}.source`), ...argoSource(`${spec}.sources[]`)];
}

/** What Flux lets Kustomize do to manifests (https://fluxcd.io/flux/components/kustomize/kustomizations/). */
function fluxKustomize(kustomize: string): readonly ImageLocation[] {
  return at(`${kustomize}.images[]{kustomize-image}`, `${kustomize}.patches[].patch{yaml}{kustomize-patch}`);
}

/** What the Prometheus operator ran before it had `image`, and still takes where that is left out: `sha` without its `sha256:`. */
function baseImage(path: string): ImageLocation {
  return {
    path,
    // The tag is that of the `version` where none is stated.
    fields: { name: "baseImage", tag: "tag", digest: "sha", bareHex: true, tagElsewhere: true },
  };
}

/**
 * Custom resources that name images otherwise than in a pod template: group and kind, whatever the version. Every custom
 * resource, named here or not, is also searched for what has the shape of a pod template. The paths are those of the
 * projects' own definitions (https://github.com/datreeio/CRDs-catalog collects them).
 */
export const kubernetesCustom: readonly ResourceLocations[] = [
  {
    tokens: ["kubernetes:serving.knative.dev:Service", "kubernetes:serving.knative.dev:Configuration"],
    ...podSpecAt("spec.template.spec"),
  },
  { tokens: ["kubernetes:serving.knative.dev:Revision"], ...podSpecAt("spec") },
  { tokens: ["kubernetes:caching.internal.knative.dev:Image"], images: at("spec.image") },
  { tokens: ["kubernetes:serving.kserve.io:ClusterStorageContainer"], images: at("spec.container.image") },
  { tokens: ["kubernetes:argoproj.io:Rollout"], ...podSpecAt("spec.template.spec") },
  {
    tokens: ["Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate"].map(
      (kind) => `kubernetes:argoproj.io:${kind}`,
    ),
    images: argoWorkflow("spec"),
  },
  { tokens: ["kubernetes:argoproj.io:CronWorkflow"], images: argoWorkflow("spec.workflowSpec") },
  {
    tokens: ["kubernetes:tekton.dev:Task", "kubernetes:tekton.dev:ClusterTask"],
    images: tektonTask("spec"),
  },
  { tokens: ["kubernetes:tekton.dev:TaskRun"], images: tektonTask("spec.taskSpec") },
  { tokens: ["kubernetes:tekton.dev:Pipeline"], images: tektonPipeline("spec") },
  { tokens: ["kubernetes:tekton.dev:PipelineRun"], images: tektonPipeline("spec.pipelineSpec") },
  { tokens: ["kubernetes:tekton.dev:StepAction"], images: at("spec.image") },
  { tokens: ["kubernetes:argoproj.io:Application"], images: argoApplication("spec") },
  { tokens: ["kubernetes:argoproj.io:ApplicationSet"], images: argoApplication("spec.template.spec") },
  {
    tokens: ["kubernetes:helm.toolkit.fluxcd.io:HelmRelease"],
    images: [...at("spec.values{helm-values}"), ...fluxKustomize("spec.postRenderers[].kustomize")],
  },
  {
    tokens: ["kubernetes:helm.cattle.io:HelmChart", "kubernetes:helm.cattle.io:HelmChartConfig"],
    images: at("spec.valuesContent{yaml}{helm-values}"),
  },
  { tokens: ["kubernetes:kustomize.toolkit.fluxcd.io:Kustomization"], images: fluxKustomize("spec") },
  { tokens: ["kubernetes:keda.sh:ScaledJob"], ...podSpecAt("spec.jobTargetRef.template.spec") },
  {
    tokens: ["kubernetes:monitoring.coreos.com:Prometheus"],
    images: [...at("spec.image", "spec.thanos.image"), baseImage("spec"), baseImage("spec.thanos")],
  },
  {
    tokens: ["kubernetes:monitoring.coreos.com:Alertmanager"],
    images: [...at("spec.image"), baseImage("spec")],
  },
  {
    tokens: ["PrometheusAgent", "ThanosRuler"].map((kind) => `kubernetes:monitoring.coreos.com:${kind}`),
    images: at("spec.image"),
  },
  {
    tokens: ["kubernetes:postgresql.cnpg.io:Cluster"],
    images: at("spec.imageName", "spec.postgresql.extensions[].image.reference"),
  },
  {
    tokens: [
      "kubernetes:postgresql.cnpg.io:ImageCatalog",
      "kubernetes:postgresql.cnpg.io:ClusterImageCatalog",
    ],
    images: at("spec.images[].image"),
  },
  {
    tokens: ["kubernetes:kafka.strimzi.io:Kafka"],
    images: at(
      "spec.kafka.image",
      "spec.kafka.brokerRackInitImage",
      "spec.zookeeper.image",
      "spec.entityOperator.topicOperator.image",
      "spec.entityOperator.userOperator.image",
      "spec.entityOperator.tlsSidecar.image",
      "spec.cruiseControl.image",
      "spec.kafkaExporter.image",
    ),
  },
  {
    tokens: ["KafkaConnect", "KafkaBridge", "KafkaMirrorMaker", "KafkaMirrorMaker2"].map(
      (kind) => `kubernetes:kafka.strimzi.io:${kind}`,
    ),
    images: at("spec.image", "spec.clientRackInitImage"),
  },
  {
    tokens: ["kubernetes:opentelemetry.io:OpenTelemetryCollector"],
    images: at("spec.image", "spec.targetAllocator.image"),
  },
  {
    // https://github.com/open-telemetry/opentelemetry-operator/blob/main/docs/api/instrumentations.md
    tokens: ["kubernetes:opentelemetry.io:Instrumentation"],
    images: ["apacheHttpd", "dotnet", "go", "java", "nginx", "nodejs", "python"].map((language) => ({
      path: `spec.${language}.image`,
    })),
  },
  {
    // https://www.elastic.co/docs/reference/cloud-on-k8s
    tokens: [
      "elasticsearch.k8s.elastic.co:Elasticsearch",
      "kibana.k8s.elastic.co:Kibana",
      "agent.k8s.elastic.co:Agent",
      "apm.k8s.elastic.co:ApmServer",
      "beat.k8s.elastic.co:Beat",
      "enterprisesearch.k8s.elastic.co:EnterpriseSearch",
      "logstash.k8s.elastic.co:Logstash",
      "maps.k8s.elastic.co:ElasticMapsServer",
    ].map((kind) => `kubernetes:${kind}`),
    images: at("spec.image"),
  },
  { tokens: ["kubernetes:rabbitmq.com:RabbitmqCluster"], images: at("spec.image") },
  {
    tokens: ["kubernetes:acid.zalan.do:postgresql"],
    images: at("spec.dockerImage", "spec.connectionPooler.dockerImage"),
  },
  { tokens: ["kubernetes:minio.min.io:Tenant"], images: at("spec.image", "spec.kes.image") },
  {
    tokens: ["Provider", "Function", "Configuration"].map((kind) => `kubernetes:pkg.crossplane.io:${kind}`),
    images: at("spec.package"),
  },
  { tokens: ["kubernetes:flink.apache.org:FlinkDeployment"], images: at("spec.image") },
  { tokens: ["kubernetes:k8s.keycloak.org:Keycloak"], images: at("spec.image") },
  {
    tokens: ["kubernetes:gateway.envoyproxy.io:EnvoyProxy"],
    images: at(
      "spec.provider.kubernetes.envoyDeployment.container.image",
      "spec.provider.kubernetes.envoyDaemonSet.container.image",
    ),
  },
  {
    tokens: ["kubernetes:postgres-operator.crunchydata.com:PostgresCluster"],
    images: at("spec.image", "spec.backups.pgbackrest.image", "spec.proxy.pgBouncer.image"),
  },
  {
    tokens: ["kubernetes:kubevirt.io:VirtualMachine"],
    images: at(
      "spec.template.spec.volumes[].containerDisk.image",
      "spec.template.spec.domain.firmware.kernelBoot.container.image",
    ),
  },
  {
    tokens: ["kubernetes:sparkoperator.k8s.io:SparkApplication"],
    images: at("spec.image", "spec.driver.image", "spec.executor.image"),
  },
];
