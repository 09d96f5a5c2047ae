import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { pinInputs } from "../pin-inputs";
import type { PinningOptions } from "../pinner";

// The type token is the provider's, so that adopting one changes no URN. The fourth argument says how images are pinned; the stack's
// configuration does when it is left out.

/** `docker.Container`, its image pinned by the digest alone while the preview runs. One without a digest ends the run with a sentence. */
export class Container extends docker.Container {
  constructor(
    name: string,
    args: docker.ContainerArgs,
    opts?: pulumi.CustomResourceOptions,
    pinning?: PinningOptions,
  ) {
    super(name, pinInputs("docker:index/container:Container", name, args, pinning), opts);
  }
}

/** `docker.Service`, its image pinned by the digest alone while the preview runs. One without a digest ends the run with a sentence. */
export class Service extends docker.Service {
  constructor(
    name: string,
    args: docker.ServiceArgs,
    opts?: pulumi.CustomResourceOptions,
    pinning?: PinningOptions,
  ) {
    super(name, pinInputs("docker:index/service:Service", name, args, pinning), opts);
  }
}

/** `docker.RemoteImage`, pulled by its digest. An image without one ends the run with a sentence. */
export class RemoteImage extends docker.RemoteImage {
  constructor(
    name: string,
    args: docker.RemoteImageArgs,
    opts?: pulumi.CustomResourceOptions,
    pinning?: PinningOptions,
  ) {
    super(name, pinInputs("docker:index/remoteImage:RemoteImage", name, args, pinning), opts);
  }
}
