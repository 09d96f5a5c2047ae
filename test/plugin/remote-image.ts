import * as pulumi from "@pulumi/pulumi";
import { manifest } from "../support/package/manifest";

/** What a generated SDK has for the component: no code of ours, only its token and the names of what comes back. */
export class RemoteImage extends pulumi.ComponentResource {
  declare readonly reference: pulumi.Output<string>;
  declare readonly repository: pulumi.Output<string>;
  declare readonly tag: pulumi.Output<string | undefined>;
  declare readonly digest: pulumi.Output<string>;
  declare readonly platforms: pulumi.Output<string[] | undefined>;

  constructor(name: string, args: pulumi.Inputs, opts: pulumi.ComponentResourceOptions = {}) {
    const outputs = {
      reference: undefined,
      repository: undefined,
      tag: undefined,
      digest: undefined,
      platforms: undefined,
    };
    super(
      "pinned-images:index:PinnedImage",
      name,
      { ...outputs, ...args },
      { version: manifest.version, ...opts },
      true,
    );
  }
}
