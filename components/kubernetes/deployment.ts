import * as apps from "@pulumi/kubernetes/apps/v1";
import type * as inputs from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import { pinInputs } from "../pin-inputs";
import type { PinningOptions } from "../pinner";

/**
 * The provider's own Deployment with every image in its arguments pinned by digest. The type token is the provider's, so
 * adopting it changes no URN and replaces nothing.
 */
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
