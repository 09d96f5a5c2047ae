import type { ResourceLocations } from "./location";

/** A reference with its digest in a field beside it. */
const pair = { name: "image", digest: "imageDigest" };
/** Where a job run, and what starts one, names its environment. */
const overrides = "jobEnvironmentConfigurationOverrideDetails";
const nodeGroups = "jobNodeGroupConfigurationDetailsLists[].jobEnvironmentConfigurationDetails";

/** https://www.pulumi.com/registry/packages/oci/api-docs/ */
export const oci: readonly ResourceLocations[] = [
  {
    tokens: ["oci:ContainerEngine/containerInstance:ContainerInstance"],
    images: [{ path: "containers[].imageUrl" }],
  },
  { tokens: ["oci:Functions/function:Function"], images: [{ path: "", fields: pair }] },
  {
    tokens: ["oci:DataScience/job:Job"],
    images: ["jobEnvironmentConfigurationDetails", `jobNodeConfigurationDetails.${nodeGroups}`].map(
      (path) => ({
        path,
        fields: pair,
      }),
    ),
  },
  {
    tokens: ["oci:DataScience/jobRun:JobRun"],
    images: [overrides, `jobNodeConfigurationOverrideDetails.${nodeGroups}`].map((path) => ({
      path,
      fields: pair,
    })),
  },
  {
    tokens: ["oci:DataScience/modelDeployment:ModelDeployment"],
    images: [{ path: "modelDeploymentConfigurationDetails.environmentConfigurationDetails", fields: pair }],
  },
  {
    tokens: ["oci:DataScience/pipeline:Pipeline"],
    images: [{ path: "stepDetails[].stepContainerConfigurationDetails", fields: pair }],
  },
  {
    tokens: ["oci:DataScience/pipelineRun:PipelineRun"],
    images: [{ path: "stepOverrideDetails[].stepContainerConfigurationDetails", fields: pair }],
  },
  {
    tokens: ["oci:DataScience/schedule:Schedule"],
    images: [
      { path: `action.actionDetails.createJobRunDetails.${overrides}`, fields: pair },
      {
        path: "action.actionDetails.createPipelineRunDetails.stepOverrideDetails[].stepContainerConfigurationDetails",
        fields: pair,
      },
    ],
  },
  {
    tokens: ["oci:DevOps/deployArtifact:DeployArtifact"],
    images: [{ path: "deployArtifactSource", fields: { name: "imageUri", digest: "imageDigest" } }],
  },
  { tokens: ["oci:oci/batchBatchTaskEnvironment:BatchBatchTaskEnvironment"], images: [{ path: "imageUrl" }] },
];
