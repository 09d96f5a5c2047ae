import { podSpec } from "./kubernetes";
import { at, eitherAt, type ResourceLocations } from "./location";

/** Notebook images are named by repository and tag alone: there is no field for a digest. */
const repositoryAndTag = { name: "repository", tag: "tag" };

const strategy = "serialPipeline.stages[].strategy";

/** https://www.pulumi.com/registry/packages/gcp/api-docs/ */
export const gcp: readonly ResourceLocations[] = [
  {
    tokens: ["gcp:cloudrun/service:Service"],
    images: at("template.spec.containers[].image"),
    hints: ["template.spec.containers[].envs[]{environment}", "template.spec.containers[].args[]{argument}"],
  },
  {
    tokens: ["gcp:cloudrunv2/service:Service"],
    images: at("template.containers[].image", "template.sandboxes.templates[].image"),
    hints: [
      "template.containers[].envs[]{environment}",
      "template.containers[].args[]{argument}",
      // Who names a base image asks Cloud Run to keep it up to date by its tag.
      "template.containers[].baseImageUri",
      "buildConfig.baseImage",
    ],
  },
  {
    tokens: ["gcp:cloudrunv2/workerPool:WorkerPool"],
    images: at("template.containers[].image"),
    hints: ["template.containers[].envs[]{environment}", "template.containers[].args[]{argument}"],
  },
  {
    tokens: ["gcp:cloudrunv2/job:Job"],
    images: at("template.template.containers[].image"),
    hints: [
      "template.template.containers[].envs[]{environment}",
      "template.template.containers[].args[]{argument}",
    ],
  },
  {
    // A container on a virtual machine: the pod specification is YAML in a string
    // (https://cloud.google.com/compute/docs/containers/deploying-containers).
    tokens: [
      "gcp:compute/instance:Instance",
      "gcp:compute/instanceFromTemplate:InstanceFromTemplate",
      "gcp:compute/instanceTemplate:InstanceTemplate",
      "gcp:compute/regionInstanceTemplate:RegionInstanceTemplate",
    ],
    images: podSpec.images.map(({ path }) => ({
      path: `metadata.gce-container-declaration{yaml}.spec.${path}`,
    })),
  },
  {
    tokens: ["gcp:appengine/flexibleAppVersion:FlexibleAppVersion"],
    images: eitherAt("deployment.container.image"),
  },
  { tokens: ["gcp:bigquery/routine:Routine"], images: at("sparkOptions.containerImage") },
  {
    tokens: ["gcp:cloudbuild/trigger:Trigger"],
    // A builder is an image that a build step runs in; `images` are what is pushed.
    images: at("build.steps[].name"),
  },
  {
    tokens: ["gcp:clouddeploy/customTargetType:CustomTargetType"],
    images: at("tasks.deploy.container.image", "tasks.render.container.image"),
  },
  {
    tokens: ["gcp:clouddeploy/deliveryPipeline:DeliveryPipeline"],
    images: at(
      `${strategy}.canary.canaryDeployment.analysis.customChecks[].task.container.image`,
      `${strategy}.canary.canaryDeployment.verifyConfig.tasks[].container.image`,
      `${strategy}.canary.customCanaryDeployment.phaseConfigs[].verifyConfig.tasks[].container.image`,
      `${strategy}.standard.analysis.customChecks[].task.container.image`,
      `${strategy}.standard.postdeploy.tasks[].container.image`,
      `${strategy}.standard.predeploy.tasks[].container.image`,
      `${strategy}.standard.verifyConfig.tasks[].container.image`,
    ),
  },
  { tokens: ["gcp:dataflow/flexTemplateJob:FlexTemplateJob"], images: at("sdkContainerImage") },
  {
    tokens: ["gcp:dataplex/task:Task"],
    images: at(
      "notebook.infrastructureSpec.containerImage.image",
      "spark.infrastructureSpec.containerImage.image",
    ),
  },
  {
    tokens: ["gcp:dataproc/batch:Batch", "gcp:dataproc/sessionTemplate:SessionTemplate"],
    images: at("runtimeConfig.containerImage"),
  },
  { tokens: ["gcp:dataproc/gdcSparkApplication:GdcSparkApplication"], images: at("dependencyImages[]") },
  { tokens: ["gcp:firebase/appHostingBuild:AppHostingBuild"], images: at("source.container.image") },
  {
    tokens: ["gcp:networkservices/wasmPlugin:WasmPlugin"],
    // The `imageDigest` beside it is an output.
    images: at("versions[].imageUri"),
  },
  {
    tokens: ["gcp:notebooks/environment:Environment", "gcp:notebooks/instance:Instance"],
    images: [{ path: "containerImage", fields: repositoryAndTag }],
  },
  {
    tokens: ["gcp:notebooks/runtime:Runtime"],
    images: [{ path: "virtualMachine.virtualMachineConfig.containerImages[]", fields: repositoryAndTag }],
  },
  {
    tokens: ["gcp:workbench/instance:Instance"],
    images: [{ path: "gceSetup.containerImage", fields: repositoryAndTag }],
  },
  {
    tokens: ["gcp:vertex/aiEndpointWithModelGardenDeployment:AiEndpointWithModelGardenDeployment"],
    // Vertex AI refuses a tag beside the digest (https://github.com/kubeflow/pipelines/issues/8490).
    images: eitherAt("modelConfig.containerSpec.imageUri"),
  },
  {
    tokens: ["gcp:vertex/aiReasoningEngine:AiReasoningEngine"],
    images: eitherAt("spec.containerSpec.imageUri"),
  },
  { tokens: ["gcp:workstations/workstationConfig:WorkstationConfig"], images: at("container.image") },
];
