/** The tools, each at one pinned version. The module beneath tools/go fixes every dependency by its checksum. */
export const toolNames = ["pulumi", "registry", "crane"] as const;

export type ToolName = (typeof toolNames)[number];

export interface Tool {
  readonly name: ToolName;
  readonly version: string;
  /** The Go package of the command, inside the module tools/go/<name>. */
  readonly command: string;
  /** What the linker sets: without it `pulumi version` prints nothing and the Automation API refuses to run. */
  readonly linkerFlags?: string;
  /** How long a build takes from an empty cache on two cores. */
  readonly buildTime: string;
}

export const catalogue: Readonly<Record<ToolName, Tool>> = {
  pulumi: {
    name: "pulumi",
    version: "3.255.0",
    command: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    linkerFlags: "-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v3.255.0",
    buildTime: "about four minutes",
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
};

export function isToolName(text: string): text is ToolName {
  return toolNames.some((name) => name === text);
}
