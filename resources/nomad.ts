import type { ResourceLocations } from "./location";

/** https://www.pulumi.com/registry/packages/nomad/api-docs/job/ */
export const nomad: readonly ResourceLocations[] = [
  {
    tokens: ["nomad:index/job:Job"],
    images: [
      { path: "jobspec{hcl}{}" },
      // What `nomad job run -output` prints, which stands in `Job` or alone: https://developer.hashicorp.com/nomad/api-docs/json-jobs
      { path: "jobspec{json}.Job.TaskGroups[].Tasks[].Config.image" },
      { path: "jobspec{json}.TaskGroups[].Tasks[].Config.image" },
    ],
  },
];
