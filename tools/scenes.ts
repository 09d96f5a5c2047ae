import { createRequire } from "node:module";
import { join } from "node:path";
import { createTestStack, type EngineResult } from "../test/support/engine";
import { projectRoot } from "../test/support/paths";
import { startRegistry } from "../test/support/registry";

/** One example program, what its preview has to end with and to show. */
export interface Scene {
  readonly example: string;
  readonly title: string;
  readonly exitCode: 0 | 1;
  readonly shows: RegExp;
}

export const scenes: readonly Scene[] = [
  {
    example: "kubernetes-tags",
    title: "A stack with tags: blocked",
    exitCode: 1,
    shows: /fix: image: .*nginx:1\.27-alpine@sha256:[0-9a-f]{64}/,
  },
  {
    example: "kubernetes-pinned",
    title: "The same stack through the drop-in components: passes",
    exitCode: 0,
    shows: /nginx:1\.27-alpine@sha256:[0-9a-f]{64}/,
  },
  {
    example: "kubernetes-malformed",
    title: "A digest with a typing mistake: blocked",
    exitCode: 1,
    shows: /"o" at character 12 is no hex digit/,
  },
];

/** The embedded registry (a stand-in on loopback that serves real multi-platform indexes) with the examples' images. */
export async function startExampleRegistry(): ReturnType<typeof startRegistry> {
  const registry = await startRegistry();
  for (const [repository, tag] of [
    ["library/nginx", "1.27-alpine"],
    ["library/redis", "latest"],
    ["library/busybox", "latest"],
  ] as const) {
    registry.push(repository, tag, { platforms: ["linux/amd64", "linux/arm64"] });
  }
  return registry;
}

/** Previews a scene's program through the real engine, with the pack attached. Provider plugins are stand-ins. */
export async function play({ example }: Scene, registryHost: string, colour: boolean): Promise<EngineResult> {
  const stack = await createTestStack({
    projectName: example,
    stackName: "dev",
    packs: [projectRoot],
    config: { registry: `${registryHost}/library` },
    color: colour ? "always" : "never",
    program: () => runProgram(join(projectRoot, "build", "examples", example, "index.js")),
  });
  try {
    return await stack.preview();
  } finally {
    await stack.dispose();
  }
}

/** What is wrong with a scene's result; undefined when it is as it has to be. */
export function complaintAbout({ exitCode, shows }: Scene, result: EngineResult): string | undefined {
  if (result.exitCode !== exitCode) return `the engine ended with ${result.exitCode}, not ${exitCode}`;
  return shows.test(result.stdout) ? undefined : `the engine's output lacks ${shows.source}`;
}

const require_ = createRequire(__filename);

/**
 * Runs a program as the language host does: its module is evaluated, and what it exports are the stack's outputs. Anew each time: a
 * module that was loaded before would declare nothing.
 */
export function runProgram(path: string): Record<string, unknown> {
  Reflect.deleteProperty(require_.cache, require_.resolve(path));
  const exported: unknown = require_(path);
  return typeof exported === "object" && exported !== null ? { ...exported } : {};
}
