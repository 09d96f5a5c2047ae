import type { ResourceLocations } from "./location";

/** The images of a PodSpec (https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.35/#podspec-v1-core). */
const containers = ["containers[]", "initContainers[]", "ephemeralContainers[]"];

export const podSpec = {
  images: [...containers.map((path) => `${path}.image`), "volumes[].image.reference"].map((path) => ({
    path,
  })),
  hints: containers.flatMap((path) => [
    `${path}.env[]{environment}`,
    `${path}.args[]{argument}`,
    `${path}.command[]{argument}`,
  ]),
};

/** Kinds by where their pod specification sits. */
const podSpecs: readonly { readonly at: string; readonly kinds: readonly string[] }[] = [
  { at: "spec", kinds: ["core/v1:Pod"] },
  {
    at: "spec.template.spec",
    kinds: [
      "apps/v1beta1:Deployment",
      "apps/v1beta1:StatefulSet",
      ...["apps/v1", "apps/v1beta2"].flatMap((group) => [
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

/** What a pod specification holds, at a path. */
export function podSpecAt(prefix: string): Required<Omit<ResourceLocations, "tokens">> {
  return {
    runs: [{ path: prefix, as: "pod" }],
    images: podSpec.images.map(({ path }) => ({ path: `${prefix}.${path}` })),
    hints: podSpec.hints.map((path) => `${prefix}.${path}`),
  };
}

/** Each kind comes with a Patch of the same shape, and a List of it. */
const workloads: readonly ResourceLocations[] = podSpecs.flatMap(({ at, kinds }) => [
  {
    tokens: kinds.flatMap((kind) => [`kubernetes:${kind}`, `kubernetes:${kind}Patch`]),
    ...podSpecAt(at),
  },
  { tokens: kinds.map((kind) => `kubernetes:${kind}List`), ...podSpecAt(`items[].${at}`) },
]);

export const kubernetes: readonly ResourceLocations[] = [
  ...workloads,
  {
    // What the chart renders from the values stays invisible; Chart and ConfigFile show their children instead.
    tokens: ["kubernetes:helm.sh/v3:Release"],
    images: [{ path: "values{helm-values}" }, { path: "valueYamlFiles[]{helm-file}" }],
  },
  {
    // OpenShift's own kinds as they were before they had groups; its client takes them to this day.
    tokens: ["kubernetes:core/v1:Template", "kubernetes:core/v1:DeploymentConfig"],
    images: [{ path: "{pod-template}" }],
  },
];
