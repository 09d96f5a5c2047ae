import type { ResourceLocations } from "./location";

/**
 * https://www.pulumi.com/registry/packages/nomad/api-docs/job/
 *
 * Where a tag stands beside the digest, Nomad's Docker driver pulls by the tag, and looks for the digest among what came of it
 * (https://github.com/hashicorp/nomad/issues/11821): once the tag has moved, the task does not start.
 */
export const nomad: readonly ResourceLocations[] = [
  {
    tokens: ["nomad:index/job:Job"],
    images: [
      { path: "jobspec{hcl}{}", form: "digest" },
      // What `nomad job run -output` prints, which stands in `Job` or alone: https://developer.hashicorp.com/nomad/api-docs/json-jobs
      { path: "jobspec{json}.Job.TaskGroups[].Tasks[].Config.image", form: "digest" },
      { path: "jobspec{json}.TaskGroups[].Tasks[].Config.image", form: "digest" },
    ],
  },
];
