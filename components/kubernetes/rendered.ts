import * as helm from "@pulumi/kubernetes/helm/v4";
import * as kustomize from "@pulumi/kubernetes/kustomize/v2";
import * as yaml from "@pulumi/kubernetes/yaml/v2";
import type * as pulumi from "@pulumi/pulumi";
import { pinningTransform } from "../pin-images";
import type { PinningOptions } from "../pinner";

// The provider's own components, with every image in what they render pinned by digest: what a chart or a file asks for is known
// only after it was rendered, so it is the children that are changed.

type Options = pulumi.ComponentResourceOptions;

function withPinnedChildren(opts: Options | undefined, pinning: PinningOptions | undefined): Options {
  return { ...opts, transforms: [...(opts?.transforms ?? []), pinningTransform(pinning)] };
}

/** `kubernetes.helm.v4.Chart`, the images of its resources pinned. */
export class Chart extends helm.Chart {
  constructor(name: string, args?: helm.ChartArgs, opts?: Options, pinning?: PinningOptions) {
    super(name, args, withPinnedChildren(opts, pinning));
  }
}

/** `kubernetes.yaml.v2.ConfigFile`, the images of its resources pinned. */
export class ConfigFile extends yaml.ConfigFile {
  constructor(name: string, args?: yaml.ConfigFileArgs, opts?: Options, pinning?: PinningOptions) {
    super(name, args, withPinnedChildren(opts, pinning));
  }
}

/** `kubernetes.yaml.v2.ConfigGroup`, the images of its resources pinned. */
export class ConfigGroup extends yaml.ConfigGroup {
  constructor(name: string, args?: yaml.ConfigGroupArgs, opts?: Options, pinning?: PinningOptions) {
    super(name, args, withPinnedChildren(opts, pinning));
  }
}

/** `kubernetes.kustomize.v2.Directory`, the images of its resources pinned. */
export class Directory extends kustomize.Directory {
  constructor(name: string, args?: kustomize.DirectoryArgs, opts?: Options, pinning?: PinningOptions) {
    super(name, args, withPinnedChildren(opts, pinning));
  }
}
