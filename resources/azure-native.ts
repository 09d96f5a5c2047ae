import { appService } from "./azure";
import { at, type ResourceLocations } from "./location";

/** A repository and a tag: MQ has no field for a digest. */
const repositoryAndTag = { name: "repository", tag: "tag" };

/** https://www.pulumi.com/registry/packages/azure-native/api-docs/ Tokens stand here without the version that they may carry. */
export const azureNative: readonly ResourceLocations[] = [
  {
    tokens: ["azure-native:app:ContainerApp", "azure-native:app:Job"],
    images: at("template.containers[].image", "template.initContainers[].image"),
    hints: ["template.containers[].env[]{environment}", "template.containers[].args[]{argument}"],
  },
  {
    tokens: ["azure-native:app:ContainerAppsSessionPool"],
    images: at("customContainerTemplate.containers[].image"),
  },
  {
    tokens: [
      "azure-native:containerinstance:ContainerGroup",
      "azure-native:containerinstance:ContainerGroupProfile",
      "azure-native:containerinstance:CGProfile",
    ],
    images: at("containers[].image", "initContainers[].image"),
    hints: ["containers[].environmentVariables[]{environment}", "containers[].command[]{argument}"],
  },
  {
    tokens: ["azure-native:web:WebApp", "azure-native:web:WebAppSlot"],
    images: appService("siteConfig.linuxFxVersion", "siteConfig.windowsFxVersion"),
  },
  {
    tokens: ["azure-native:web:WebAppSiteContainer", "azure-native:web:WebAppSiteContainerSlot"],
    images: at("image"),
  },
  {
    tokens: ["azure-native:appplatform:Deployment", "azure-native:appplatform:Job"],
    images: [
      { path: "properties.source.customContainer", fields: { registry: "server", name: "containerImage" } },
    ],
  },
  {
    tokens: ["azure-native:batch:Pool"],
    images: at(
      "deploymentConfiguration.virtualMachineConfiguration.containerConfiguration.containerImageNames[]",
      "startTask.containerSettings.imageName",
    ),
  },
  {
    // The digest stands in an object of its own beside the name, which is more than can be judged here.
    tokens: ["azure-native:iotoperations:AkriConnectorTemplate"],
    hints: [
      "properties.runtimeConfiguration.managedConfigurationSettings.imageConfigurationSettings.imageName",
    ],
  },
  {
    tokens: ["azure-native:iotoperationsmq:Broker"],
    images: [
      ...["authImage", "brokerImage", "healthManagerImage"].map((path) => ({
        path,
        fields: repositoryAndTag,
      })),
      ...at("diagnostics.probeImage"),
    ],
  },
  {
    tokens: ["DataLakeConnector", "DiagnosticService", "KafkaConnector", "MqttBridgeConnector"].map(
      (type) => `azure-native:iotoperationsmq:${type}`,
    ),
    images: [{ path: "image", fields: repositoryAndTag }],
  },
  {
    tokens: ["azure-native:machinelearningservices:EnvironmentSpecificationVersion"],
    images: at("properties.docker.dockerImageUri", "properties.docker.dockerfile{dockerfile}{}"),
  },
  {
    tokens: [
      "azure-native:machinelearningservices:EnvironmentVersion",
      "azure-native:machinelearningservices:RegistryEnvironmentVersion",
    ],
    images: at("properties.image"),
  },
  { tokens: ["azure-native:servicefabricmesh:Application"], images: at("services[].codePackages[].image") },
];
