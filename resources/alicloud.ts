import type { ResourceLocations } from "./location";

/** https://www.pulumi.com/registry/packages/alicloud/api-docs/ */
export const alicloud: readonly ResourceLocations[] = [
  {
    tokens: [
      "alicloud:eci/containerGroup:ContainerGroup",
      "alicloud:ess/eciScalingConfiguration:EciScalingConfiguration",
    ],
    images: [{ path: "containers[].image" }, { path: "initContainers[].image" }],
  },
  {
    tokens: ["alicloud:eci/imageCache:ImageCache", "alicloud:eci/openApiImageCache:OpenApiImageCache"],
    images: [{ path: "images[]" }],
  },
  {
    tokens: ["alicloud:ess/instanceRefresh:InstanceRefresh"],
    images: [{ path: "desiredConfigurationContainers[].image" }],
  },
  {
    tokens: [
      "alicloud:fc/function:Function",
      "alicloud:fc/v2Function:V2Function",
      "alicloud:fc/v3Function:V3Function",
    ],
    images: [{ path: "customContainerConfig.image" }],
  },
  {
    tokens: ["alicloud:edas/k8sApplication:K8sApplication", "alicloud:sae/application:Application"],
    images: [{ path: "imageUrl" }],
  },
];
