import type { ResourceLocations } from "./location";

/** https://www.pulumi.com/registry/packages/aws/api-docs/ */
export const aws: readonly ResourceLocations[] = [
  {
    tokens: ["aws:ecs/taskDefinition:TaskDefinition"],
    images: [{ path: "containerDefinitions{json}[].image" }],
  },
  // Lambda refuses a tag beside the digest.
  { tokens: ["aws:lambda/function:Function"], images: [{ path: "imageUri", form: "digest" }] },
];
