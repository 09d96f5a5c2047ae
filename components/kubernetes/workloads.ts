import * as apps from "@pulumi/kubernetes/apps/v1";
import * as batch from "@pulumi/kubernetes/batch/v1";
import * as core from "@pulumi/kubernetes/core/v1";
import type * as inputs from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import { pinInputs } from "../pin-inputs";
import type { PinningOptions } from "../pinner";

// The provider's own classes, with every image in their arguments pinned by digest. The type token is the provider's, so that
// adopting one changes no URN and replaces nothing. The fourth argument says how; the stack's configuration does when it is left out.

/** `kubernetes.core.v1.Pod`, its images pinned while the preview runs. One without a digest ends the run with a sentence that names its place. */
export class Pod extends core.Pod {
  constructor(
    name: string,
    args?: inputs.core.v1.Pod,
    opts?: pulumi.CustomResourceOptions,
    pinning?: PinningOptions,
  ) {
    super(name, args && pinInputs("kubernetes:core/v1:Pod", name, args, pinning), opts);
  }
}

/** `kubernetes.apps.v1.Deployment`, its images pinned while the preview runs. One without a digest ends the run with a sentence that names its place. */
export class Deployment extends apps.Deployment {
  constructor(
    name: string,
    args?: inputs.apps.v1.Deployment,
    opts?: pulumi.CustomResourceOptions,
    pinning?: PinningOptions,
  ) {
    super(name, args && pinInputs("kubernetes:apps/v1:Deployment", name, args, pinning), opts);
  }
}

/** `kubernetes.apps.v1.StatefulSet`, its images pinned while the preview runs. One without a digest ends the run with a sentence that names its place. */
export class StatefulSet extends apps.StatefulSet {
  constructor(
    name: string,
    args?: inputs.apps.v1.StatefulSet,
    opts?: pulumi.CustomResourceOptions,
    pinning?: PinningOptions,
  ) {
    super(name, args && pinInputs("kubernetes:apps/v1:StatefulSet", name, args, pinning), opts);
  }
}

/** `kubernetes.apps.v1.DaemonSet`, its images pinned while the preview runs. One without a digest ends the run with a sentence that names its place. */
export class DaemonSet extends apps.DaemonSet {
  constructor(
    name: string,
    args?: inputs.apps.v1.DaemonSet,
    opts?: pulumi.CustomResourceOptions,
    pinning?: PinningOptions,
  ) {
    super(name, args && pinInputs("kubernetes:apps/v1:DaemonSet", name, args, pinning), opts);
  }
}

/** `kubernetes.apps.v1.ReplicaSet`, its images pinned while the preview runs. One without a digest ends the run with a sentence that names its place. */
export class ReplicaSet extends apps.ReplicaSet {
  constructor(
    name: string,
    args?: inputs.apps.v1.ReplicaSet,
    opts?: pulumi.CustomResourceOptions,
    pinning?: PinningOptions,
  ) {
    super(name, args && pinInputs("kubernetes:apps/v1:ReplicaSet", name, args, pinning), opts);
  }
}

/** `kubernetes.batch.v1.Job`, its images pinned while the preview runs. One without a digest ends the run with a sentence that names its place. */
export class Job extends batch.Job {
  constructor(
    name: string,
    args?: inputs.batch.v1.Job,
    opts?: pulumi.CustomResourceOptions,
    pinning?: PinningOptions,
  ) {
    super(name, args && pinInputs("kubernetes:batch/v1:Job", name, args, pinning), opts);
  }
}

/** `kubernetes.batch.v1.CronJob`, its images pinned while the preview runs. One without a digest ends the run with a sentence that names its place. */
export class CronJob extends batch.CronJob {
  constructor(
    name: string,
    args?: inputs.batch.v1.CronJob,
    opts?: pulumi.CustomResourceOptions,
    pinning?: PinningOptions,
  ) {
    super(name, args && pinInputs("kubernetes:batch/v1:CronJob", name, args, pinning), opts);
  }
}
