import type { ImageLocation, ResourceLocations } from "./location";

/** The images of a PodSpec (https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.35/#podspec-v1-core). */
const podSpecImages = [
  "containers[].image",
  "initContainers[].image",
  "ephemeralContainers[].image",
  "volumes[].image.reference",
];

/** Kinds by where their pod specification sits. */
const podSpecs: readonly { readonly at: string; readonly kinds: readonly string[] }[] = [
  { at: "spec", kinds: ["core/v1:Pod"] },
  {
    at: "spec.template.spec",
    kinds: [
      ...["apps/v1", "apps/v1beta1", "apps/v1beta2"].flatMap((group) => [
        `${group}:Deployment`,
        `${group}:StatefulSet`,
        `${group}:DaemonSet`,
        `${group}:ReplicaSet`,
      ]),
      "extensions/v1beta1:Deployment",
      "extensions/v1beta1:DaemonSet",
      "extensions/v1beta1:ReplicaSet",
      "core/v1:ReplicationController",
      "batch/v1:Job",
    ],
  },
  {
    at: "spec.jobTemplate.spec.template.spec",
    kinds: ["batch/v1:CronJob", "batch/v1beta1:CronJob", "batch/v2alpha1:CronJob"],
  },
  { at: "template.spec", kinds: ["core/v1:PodTemplate"] },
];

function images(prefix: string): readonly ImageLocation[] {
  return podSpecImages.map((path) => ({ path: `${prefix}.${path}` }));
}

/** Each kind comes with a Patch of the same shape, and a List of it. */
export const kubernetes: readonly ResourceLocations[] = podSpecs.flatMap(({ at, kinds }) => [
  {
    tokens: kinds.flatMap((kind) => [`kubernetes:${kind}`, `kubernetes:${kind}Patch`]),
    images: images(at),
  },
  { tokens: kinds.map((kind) => `kubernetes:${kind}List`), images: images(`items[].${at}`) },
]);
