/**
 * The demo: three example programs, previewed by the real Pulumi engine with the pack attached. The registry is embedded (a
 * stand-in on loopback that serves real multi-platform indexes), the provider plugins are stand-ins.
 */
import { styleText } from "node:util";
import { join } from "node:path";
import { createTestStack, type EngineResult } from "../test/support/engine";
import { projectRoot } from "../test/support/paths";
import { startRegistry } from "../test/support/registry";

interface Scene {
  readonly example: string;
  readonly title: string;
  readonly exitCode: 0 | 1;
  /** What has to be seen, or the demo has failed. */
  readonly shows: RegExp;
}

const scenes: readonly Scene[] = [
  {
    example: "kubernetes-tags",
    title: "1. A stack with tags: blocked",
    exitCode: 1,
    shows: /fix: image: .*@sha256:[0-9a-f]{64}/,
  },
  {
    example: "kubernetes-pinned",
    title: "2. The same stack through the drop-in components: passes",
    exitCode: 0,
    shows: /nginx:1\.27-alpine@sha256:[0-9a-f]{64}/,
  },
  {
    example: "kubernetes-malformed",
    title: "3. A digest with a typing mistake: blocked",
    exitCode: 1,
    shows: /"o" at character 12 of the digest is no hex digit/,
  },
];

const colour = process.stdout.hasColors() && !process.env["NO_COLOR"];

async function main(): Promise<number> {
  const registry = await startRegistry();
  try {
    for (const [repository, tag] of [
      ["library/nginx", "1.27-alpine"],
      ["library/redis", "latest"],
      ["library/busybox", "latest"],
    ] as const) {
      registry.push(repository, tag, { platforms: ["linux/amd64", "linux/arm64"] });
    }
    say(`An embedded registry serves three multi-platform images on ${registry.host}.`);
    let code = 0;
    for (const scene of scenes) {
      heading(`${scene.title}  (examples/${scene.example})`);
      const result = await play(scene, `${registry.host}/library`);
      process.stdout.write(tidy(result));
      say(`exit code ${result.exitCode}`);
      const complaint = complaintAbout(scene, result);
      if (complaint !== undefined) {
        process.stderr.write(`demo: ${scene.example}: ${complaint}\n${result.stderr}\n`);
        code = 1;
      }
    }
    return code;
  } finally {
    await registry.close();
  }
}

async function play({ example }: Scene, registry: string): Promise<EngineResult> {
  const stack = await createTestStack({
    projectName: example,
    stackName: "dev",
    packs: [projectRoot],
    config: { registry },
    color: colour ? "always" : "never",
    program: () => runProgram(join(projectRoot, "build", "examples", example, "index.js")),
  });
  try {
    return await stack.preview();
  } finally {
    await stack.dispose();
  }
}

/** Runs a program as the language host does: its module is evaluated, and what it exports are the stack's outputs. */
async function runProgram(path: string): Promise<Record<string, unknown>> {
  const { default: outputs } = (await import(path)) as { default: Record<string, unknown> };
  return { ...outputs };
}

function complaintAbout(
  { exitCode, shows }: Scene,
  { exitCode: actual, stdout }: EngineResult,
): string | undefined {
  if (actual !== exitCode) return `the engine ended with ${actual}, not ${exitCode}`;
  return shows.test(stdout) ? undefined : `the engine's output lacks ${shows}`;
}

/** The engine's own output, less blank lines: three previews ought to fit a screen each. */
function tidy({ stdout }: EngineResult): string {
  return stdout.replace(/(?:[ \t]*\n){2,}/g, "\n");
}

function heading(text: string): void {
  const line = `── ${text} ${"─".repeat(Math.max(3, 96 - text.length))}`;
  process.stdout.write(`\n${colour ? styleText(["bold", "cyan"], line, { validateStream: false }) : line}\n`);
}

function say(text: string): void {
  process.stdout.write(`${colour ? styleText("dim", text, { validateStream: false }) : text}\n`);
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 3;
  },
);
