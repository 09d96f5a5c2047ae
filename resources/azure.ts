import { at, type ImageLocation, type ResourceLocations } from "./location";

/** What App Service runs: one image, or a compose file in base64. Other stacks (`NODE|22-lts`) hold no image. */
export function appService(...properties: readonly string[]): readonly ImageLocation[] {
  return properties.flatMap((property) =>
    at(`${property}{DOCKER|}`, `${property}{COMPOSE|}{base64}{yaml}.services{}.image`),
  );
}

/** The image of a web app, whose registry has a field of its own; its tag has none. */
const webAppImage: ImageLocation = {
  path: "siteConfig.applicationStack",
  fields: { registry: "dockerRegistryUrl", name: "dockerImageName" },
};

/** https://www.pulumi.com/registry/packages/azure/api-docs/ */
export const azure: readonly ResourceLocations[] = [
  {
    tokens: [
      "azure:appservice/appService:AppService",
      "azure:appservice/functionApp:FunctionApp",
      "azure:appservice/functionAppSlot:FunctionAppSlot",
      "azure:appservice/slot:Slot",
      "azure:logicapps/standard:Standard",
    ],
    images: appService("siteConfig.linuxFxVersion"),
  },
  {
    tokens: ["azure:appservice/linuxWebApp:LinuxWebApp", "azure:appservice/linuxWebAppSlot:LinuxWebAppSlot"],
    images: [webAppImage, ...appService("siteConfig.linuxFxVersion")],
  },
  {
    tokens: ["azure:appservice/windowsWebApp:WindowsWebApp"],
    images: [webAppImage, ...appService("siteConfig.linuxFxVersion", "siteConfig.windowsFxVersion")],
  },
  {
    tokens: ["azure:appservice/windowsWebAppSlot:WindowsWebAppSlot"],
    images: [webAppImage, ...appService("siteConfig.windowsFxVersion")],
  },
  {
    tokens: [
      "azure:appservice/linuxFunctionApp:LinuxFunctionApp",
      "azure:appservice/linuxFunctionAppSlot:LinuxFunctionAppSlot",
    ],
    images: [
      {
        // Without a field for the digest (https://github.com/hashicorp/terraform-provider-azurerm/issues/31025).
        path: "siteConfig.applicationStack.dockers[]",
        fields: { registry: "registryUrl", name: "imageName", tag: "imageTag" },
      },
      ...appService("siteConfig.linuxFxVersion"),
    ],
  },
  {
    tokens: ["azure:containerapp/app:App", "azure:containerapp/job:Job"],
    images: at("template.containers[].image", "template.initContainers[].image"),
    hints: ["template.containers[].envs[]{environment}", "template.containers[].args[]{argument}"],
  },
  {
    tokens: ["azure:containerservice/group:Group"],
    images: at("containers[].image", "initContainers[].image"),
  },
  {
    tokens: ["azure:batch/pool:Pool"],
    images: at("containerConfiguration.containerImageNames[]", "startTask.containers[].imageName"),
  },
  {
    tokens: ["azure:appplatform/springCloudContainerDeployment:SpringCloudContainerDeployment"],
    images: [{ path: "", fields: { registry: "server", name: "image" } }],
  },
];
