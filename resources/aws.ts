import { at, eitherAt, type ImageLocation, type ResourceLocations } from "./location";

/** The containers of a Batch job on EKS. */
function batchPod(prefix: string): readonly ImageLocation[] {
  return at(`${prefix}.podProperties.containers[].image`, `${prefix}.podProperties.initContainers[].image`);
}

/** https://www.pulumi.com/registry/packages/aws/api-docs/ */
export const aws: readonly ResourceLocations[] = [
  {
    tokens: ["aws:ecs/taskDefinition:TaskDefinition"],
    images: at("containerDefinitions{json}[].image"),
    hints: [
      "containerDefinitions{json}[].environment[]{environment}",
      "containerDefinitions{json}[].command[]{argument}",
    ],
  },
  {
    tokens: ["aws:ecs/daemonTaskDefinition:DaemonTaskDefinition"],
    images: at("containerDefinitions[].image"),
  },
  { tokens: ["aws:ecs/expressGatewayService:ExpressGatewayService"], images: at("primaryContainer.image") },
  // Lambda refuses a tag beside the digest.
  { tokens: ["aws:lambda/function:Function"], images: [{ path: "imageUri", form: "digest" }] },
  {
    // https://docs.aws.amazon.com/batch/latest/APIReference/API_RegisterJobDefinition.html
    tokens: ["aws:batch/jobDefinition:JobDefinition"],
    images: [
      ...at(
        "containerProperties{json}.image",
        "ecsProperties{json}.taskProperties[].containers[].image",
        "nodeProperties{json}.nodeRangeProperties[].container.image",
        "nodeProperties{json}.nodeRangeProperties[].ecsProperties.taskProperties[].containers[].image",
      ),
      ...batchPod("nodeProperties{json}.nodeRangeProperties[].eksProperties"),
      ...batchPod("eksProperties"),
    ],
  },
  {
    tokens: ["aws:apprunner/service:Service"],
    images: at("sourceConfiguration.imageRepository.imageIdentifier"),
  },
  // "SageMaker supports both registry/repository[:tag] and registry/repository[@digest] image path formats"
  // (https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html).
  { tokens: ["aws:sagemaker/model:Model"], images: eitherAt("primaryContainer.image", "containers[].image") },
  {
    tokens: ["aws:sagemaker/algorithm:Algorithm"],
    images: [
      { path: "inferenceSpecification.containers[]", fields: { name: "image", digest: "imageDigest" } },
      { path: "trainingSpecification", fields: { name: "trainingImage", digest: "trainingImageDigest" } },
    ],
  },
  {
    tokens: ["aws:sagemaker/dataQualityJobDefinition:DataQualityJobDefinition"],
    images: eitherAt("dataQualityAppSpecification.imageUri"),
  },
  {
    tokens: ["aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob"],
    images: eitherAt(
      "trainingJobDefinition.algorithmSpecification.trainingImage",
      "trainingJobDefinitions[].algorithmSpecification.trainingImage",
    ),
  },
  { tokens: ["aws:sagemaker/imageVersion:ImageVersion"], images: eitherAt("baseImage") },
  {
    tokens: ["aws:sagemaker/monitoringSchedule:MonitoringSchedule"],
    images: eitherAt("monitoringScheduleConfig.monitoringJobDefinition.monitoringAppSpecification.imageUri"),
  },
  {
    tokens: ["aws:sagemaker/trainingJob:TrainingJob"],
    images: eitherAt(
      "algorithmSpecification.trainingImage",
      "debugRuleConfigurations[].ruleEvaluatorImage",
      "profilerRuleConfigurations[].ruleEvaluatorImage",
    ),
  },
  {
    // CodeBuild's own images are named like references and come from no registry; others have a tag or a digest
    // (https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-available.html).
    tokens: ["aws:codebuild/project:Project"],
    images: [{ path: "environment.image", form: "digest", except: ["aws/codebuild/"] }],
  },
  {
    tokens: ["aws:lightsail/containerServiceDeploymentVersion:ContainerServiceDeploymentVersion"],
    // `:service.label.1` names an image that was pushed to the service itself.
    images: [{ path: "containers[].image", except: [":"] }],
  },
  {
    tokens: ["aws:bedrock/agentcoreAgentRuntime:AgentcoreAgentRuntime"],
    images: at("agentRuntimeArtifact.containerConfiguration.containerUri"),
  },
  {
    tokens: ["aws:bedrock/agentcoreHarness:AgentcoreHarness"],
    images: at("environmentArtifact.containerConfiguration.containerUri"),
  },
  // https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_ImageConfigurationInput.html has the pattern.
  { tokens: ["aws:emrserverless/application:Application"], images: eitherAt("imageConfiguration.imageUri") },
  {
    // The parent may be another recipe's image, by its ARN.
    tokens: ["aws:imagebuilder/containerRecipe:ContainerRecipe"],
    images: [{ path: "parentImage", except: ["arn:"] }],
  },
];
