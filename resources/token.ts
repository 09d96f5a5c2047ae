/**
 * The token as the tables write it: azure-native repeats its types for each version of an API
 * (`azure-native:app/v20240301:ContainerApp`), and a custom resource may name a kind of the core group without it
 * (`kubernetes:v1:Pod`).
 */
export function withoutVersion(token: string): string {
  return token
    .replace(/^azure-native:([a-z0-9]+)\/v\w+:/, "azure-native:$1:")
    .replace(/^kubernetes:(v\d\w*):/, "kubernetes:core/$1:");
}

/**
 * The groups of Kubernetes itself and of the provider's own resources
 * (https://www.pulumi.com/registry/packages/kubernetes/api-docs/). What has no dot is one of them, too.
 */
const builtIn =
  /^[^.]*$|^(?:helm\.sh|kustomize)$|^(?:(?:admissionregistration|apiextensions|apiregistration|auditregistration|authentication|authorization|autoscaling|certificates|coordination|discovery|events|flowcontrol\.apiserver|internal\.apiserver|imagepolicy|metrics|networking|node|policy|rbac\.authorization|resource|scheduling|settings|storage|storagemigration)\.k8s\.io)$/;

/**
 * The kind of a custom resource as the tables write it, `kubernetes:argoproj.io:Rollout`: its version left out, and a patch
 * counted as what it patches. Undefined for a kind that is built in, and for everything outside of Kubernetes.
 */
export function customKind(token: string): string | undefined {
  const [, group, kind] = /^kubernetes:([^/:]+)\/v\w+:(\w+?)(?:Patch)?$/.exec(token) ?? [];
  if (group === undefined || kind === undefined || builtIn.test(group)) return undefined;
  return `kubernetes:${group}:${kind}`;
}
