// Drop-ins for the classes of @pulumi/kubernetes: the same arguments and outputs, every image in them pinned.
export { CronJob, DaemonSet, Deployment, Job, Pod, ReplicaSet, StatefulSet } from "./workloads";
export { Chart, ConfigFile, ConfigGroup, Directory } from "./rendered";
export { PinnedRelease, pinnedValues, Release, type PinnedReleaseArgs } from "./release";
