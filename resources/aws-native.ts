import { at, eitherAt, type ImageLocation, type ResourceLocations } from "./location";

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
    // "only supports the registry/repository[:tag] image path format"
    // (https://docs.aws.amazon.com/cleanrooms-ml/latest/APIReference/API_InferenceContainerConfig.html).
    images: ["inferenceContainerConfig.imageUri", "trainingContainerConfig.imageUri"].map((path) => ({
      path,
      fixed: "Clean Rooms ML takes a tag alone",
    })),
  },
  {
    tokens: ["aws-native:emrserverless:Application"],
    images: eitherAt("imageConfiguration.imageUri", "workerTypeSpecifications{}.imageConfiguration.imageUri"),
  },
  {
    tokens: ["aws-native:gamelift:ContainerGroupDefinition"],
    images: eitherAt("gameServerContainerDefinition.imageUri", "supportContainerDefinitions[].imageUri"),
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
    images: eitherAt("dataQualityAppSpecification.imageUri"),
  },
  { tokens: ["aws-native:sagemaker:ImageVersion"], images: eitherAt("baseImage") },
  {
    tokens: ["aws-native:sagemaker:InferenceComponent"],
    images: eitherAt("specification.container.image", "specifications[].container.image"),
  },
  {
    tokens: ["aws-native:sagemaker:Model"],
    images: eitherAt("primaryContainer.image", "containers[].image"),
  },
  {
    tokens: ["aws-native:sagemaker:ModelBiasJobDefinition"],
    images: eitherAt("modelBiasAppSpecification.imageUri"),
  },
  {
    tokens: ["aws-native:sagemaker:ModelExplainabilityJobDefinition"],
    images: eitherAt("modelExplainabilityAppSpecification.imageUri"),
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
    images: eitherAt("modelQualityAppSpecification.imageUri"),
  },
  {
    tokens: ["aws-native:sagemaker:MonitoringSchedule"],
    images: eitherAt("monitoringScheduleConfig.monitoringJobDefinition.monitoringAppSpecification.imageUri"),
  },
  { tokens: ["aws-native:sagemaker:ProcessingJob"], images: eitherAt("appSpecification.imageUri") },
];
