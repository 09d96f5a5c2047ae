import type { ImageLocation, ResourceLocations } from "./location";

function at(...paths: readonly string[]): readonly ImageLocation[] {
  return paths.map((path) => ({ path }));
}

/** The containers of a Batch job on ECS and on EKS. */
function batch(prefix: string): readonly ImageLocation[] {
  return at(
    `${prefix}ecsProperties.taskProperties[].containers[].image`,
    `${prefix}eksProperties.podProperties.containers[].image`,
    `${prefix}eksProperties.podProperties.initContainers[].image`,
  );
}

/** A SageMaker container, whose digest stands in a field beside the image. */
const pair = { name: "image", digest: "imageDigest" };

/** https://www.pulumi.com/registry/packages/aws-native/api-docs/ */
export const awsNative: readonly ResourceLocations[] = [
  {
    tokens: ["aws-native:ecs:TaskDefinition"],
    images: at("containerDefinitions[].image"),
    hints: [
      "containerDefinitions[].environment[]{environment}",
      "containerDefinitions[].command[]{argument}",
    ],
  },
  { tokens: ["aws-native:ecs:DaemonTaskDefinition"], images: at("containerDefinitions[].image") },
  { tokens: ["aws-native:ecs:ExpressGatewayService"], images: at("primaryContainer.image") },
  // Lambda refuses a tag beside the digest.
  { tokens: ["aws-native:lambda:Function"], images: [{ path: "code.imageUri", form: "digest" }] },
  {
    tokens: ["aws-native:batch:JobDefinition"],
    images: [
      ...at("containerProperties.image", "nodeProperties.nodeRangeProperties[].container.image"),
      ...batch(""),
      ...batch("nodeProperties.nodeRangeProperties[]."),
    ],
  },
  {
    tokens: ["aws-native:apprunner:Service"],
    images: at("sourceConfiguration.imageRepository.imageIdentifier"),
  },
  {
    tokens: ["aws-native:bedrockagentcore:Runtime"],
    images: at("agentRuntimeArtifact.containerConfiguration.containerUri"),
  },
  {
    tokens: ["aws-native:bedrockagentcore:Harness"],
    images: at("environmentArtifact.containerConfiguration.containerUri"),
  },
  {
    tokens: ["aws-native:cleanroomsml:ConfiguredModelAlgorithm"],
    images: at("inferenceContainerConfig.imageUri", "trainingContainerConfig.imageUri"),
  },
  {
    tokens: ["aws-native:emrserverless:Application"],
    images: at("imageConfiguration.imageUri", "workerTypeSpecifications{}.imageConfiguration.imageUri"),
  },
  {
    tokens: ["aws-native:gamelift:ContainerGroupDefinition"],
    images: at("gameServerContainerDefinition.imageUri", "supportContainerDefinitions[].imageUri"),
  },
  {
    // The parent may be another recipe's image, by its ARN.
    tokens: ["aws-native:imagebuilder:ContainerRecipe"],
    images: [{ path: "parentImage", except: ["arn:"] }],
  },
  { tokens: ["aws-native:iotanalytics:Dataset"], images: at("actions[].containerAction.image") },
  {
    tokens: ["aws-native:lightsail:Container"],
    // `:service.label.1` names an image that was pushed to the service itself.
    images: [{ path: "containerServiceDeployment.containers[].image", except: [":"] }],
  },
  {
    tokens: ["aws-native:omics:Workflow", "aws-native:omics:WorkflowVersion"],
    images: at("containerRegistryMap.imageMappings[].destinationImage"),
  },
  {
    tokens: ["aws-native:sagemaker:Algorithm"],
    images: [
      { path: "inferenceSpecification.containers[]", fields: pair },
      { path: "trainingSpecification", fields: { name: "trainingImage", digest: "trainingImageDigest" } },
    ],
  },
  {
    tokens: ["aws-native:sagemaker:DataQualityJobDefinition"],
    images: at("dataQualityAppSpecification.imageUri"),
  },
  { tokens: ["aws-native:sagemaker:ImageVersion"], images: at("baseImage") },
  {
    tokens: ["aws-native:sagemaker:InferenceComponent"],
    images: at("specification.container.image", "specifications[].container.image"),
  },
  { tokens: ["aws-native:sagemaker:Model"], images: at("primaryContainer.image", "containers[].image") },
  {
    tokens: ["aws-native:sagemaker:ModelBiasJobDefinition"],
    images: at("modelBiasAppSpecification.imageUri"),
  },
  {
    tokens: ["aws-native:sagemaker:ModelExplainabilityJobDefinition"],
    images: at("modelExplainabilityAppSpecification.imageUri"),
  },
  {
    tokens: ["aws-native:sagemaker:ModelPackage"],
    images: [
      "inferenceSpecification",
      "additionalInferenceSpecifications[]",
      "additionalInferenceSpecificationsToAdd[]",
    ].map((specification) => ({ path: `${specification}.containers[]`, fields: pair })),
  },
  {
    tokens: ["aws-native:sagemaker:ModelQualityJobDefinition"],
    images: at("modelQualityAppSpecification.imageUri"),
  },
  {
    tokens: ["aws-native:sagemaker:MonitoringSchedule"],
    images: at("monitoringScheduleConfig.monitoringJobDefinition.monitoringAppSpecification.imageUri"),
  },
  { tokens: ["aws-native:sagemaker:ProcessingJob"], images: at("appSpecification.imageUri") },
];
