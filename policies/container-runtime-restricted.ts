import type { FoundContainer, Restriction } from "./containers";
import type { ContainerPolicy } from "./policy";

/** The line to paste for each restriction, in the words of each runtime. */
const settings: Readonly<Record<FoundContainer["runtime"], Readonly<Record<Restriction["name"], string>>>> = {
  kubernetes: {
    user: "runAsNonRoot: true",
    capabilities: `capabilities: { drop: ["ALL"] }`,
    "root file system": "readOnlyRootFilesystem: true",
    "privilege escalation": "allowPrivilegeEscalation: false",
  },
  docker: {
    user: `user: "1000:1000"`,
    capabilities: `capabilities: { drops: ["ALL"] }`,
    "root file system": "readOnly: true",
    "privilege escalation": `securityOpts: ["no-new-privileges"]`,
  },
};

/** Non-root user, all capabilities dropped, read-only root file system, no privilege escalation. */
export const containerRuntimeRestricted: ContainerPolicy = {
  name: "container-runtime-restricted",
  description: "Containers must run without root and without what they do not need.",
  level: "advisory",
  severity: "medium",
  over: "containers",

  check({ path, runtime, image, restrictions }) {
    const open = restrictions.filter(({ state }) => state === "open");
    if (open.length === 0) return undefined;
    const missing = open.map(({ name }) => settings[runtime][name]).join(", ");
    return {
      path,
      ...(image !== undefined && "text" in image ? { found: image.text } : {}),
      problem: sentence(open.map(({ problem }) => problem)),
      why: "whoever breaks into the process can do all that the container may",
      fix: runtime === "kubernetes" ? `securityContext: { ${missing} }` : missing,
    };
  },
};

function sentence(problems: readonly string[]): string {
  const last = problems.at(-1) ?? "";
  return problems.length < 2 ? last : `${problems.slice(0, -1).join(", ")} and ${last}`;
}
