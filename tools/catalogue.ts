/** The tools, each at one pinned version. The module beneath tools/go fixes every dependency by its checksum. */
export const toolNames = ["pulumi", "pulumi-language-yaml", "registry", "crane", "regctl", "cosign"] as const;

export type ToolName = (typeof toolNames)[number];

/** Something that is made once and kept. */
export interface KeptProgram {
  /** Of its executable, too. */
  readonly name: string;
  readonly version: string;
}

/** Something that is built from a Go module with fixed checksums, and kept. */
export interface GoProgram extends KeptProgram {
  /** The Go package of the command, inside its module. */
  readonly command: string;
  /** The folder of the module, from the project's. Default: tools/go/<name>. */
  readonly module?: string;
  /** What the linker sets: without it `pulumi version` prints nothing and the Automation API refuses to run. */
  readonly linkerFlags?: string;
  /** How long a build takes from an empty cache on two cores. */
  readonly buildTime: string;
}

export interface Tool extends GoProgram {
  readonly name: ToolName;
}

export const catalogue: Readonly<Record<ToolName, Tool>> = {
  pulumi: {
    name: "pulumi",
    version: "3.255.0",
    command: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    linkerFlags: "-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v3.255.0",
    buildTime: "about four minutes",
  },
  // The language host of YAML programs, at the version that is built on the engine's.
  "pulumi-language-yaml": {
    name: "pulumi-language-yaml",
    version: "1.38.1",
    command: "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
    linkerFlags: "-X github.com/pulumi/pulumi-yaml/pkg/version.Version=v1.38.1",
    buildTime: "about two minutes",
  },
  registry: {
    name: "registry",
    version: "3.1.2",
    command: "github.com/distribution/distribution/v3/cmd/registry",
    buildTime: "about a minute",
  },
  crane: {
    name: "crane",
    version: "0.22.1",
    command: "github.com/google/go-containerregistry/cmd/crane",
    buildTime: "a few seconds",
  },
  regctl: {
    name: "regctl",
    version: "0.11.7",
    command: "github.com/regclient/regclient/cmd/regctl",
    buildTime: "a few seconds",
  },
  cosign: {
    name: "cosign",
    version: "2.6.5",
    command: "github.com/sigstore/cosign/v2/cmd/cosign",
    buildTime: "about three minutes",
  },
};

export function isToolName(text: string): text is ToolName {
  return toolNames.some((name) => name === text);
}
