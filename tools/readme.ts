/**
 * The generated parts of README.md and of the examples' guide, and the schema of the pack's configuration: `npm run readme` writes them,
 * tests compare them.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { allPolicies } from "../policies/pack";
import { packConfigJsonSchema } from "../policies/settings";
import type { EngineResult } from "../test/support/engine";
import { projectRoot } from "../test/support/paths";
import { playAudit, type Played } from "./audit-scene";
import { examples, playExample } from "./examples";
import { exampleDifference, examplesGuidePath, renderExamplesGuide, type Play } from "./examples-guide";
import { fenced, policiesAndOutputs, withGenerated } from "./generated";
import { run } from "./run";
import { complaintAbout, play, scenes, startExampleRegistry } from "./scenes";

export const readmePath = join(projectRoot, "README.md");

/** The README's text with every generated part made anew. */
export async function renderReadme(text: string): Promise<string> {
  return withGenerated("README.md", text, await renderParts());
}

async function renderParts(): Promise<ReadonlyMap<string, string>> {
  const parts = new Map<string, string>();
  const registry = await startExampleRegistry();
  try {
    for (const scene of scenes) {
      const result = await play(scene, registry.host, false);
      const complaint = complaintAbout(scene, result);
      if (complaint !== undefined) throw new Error(`${scene.example}: ${complaint}\n${result.stderr}`);
      parts.set(scene.example, preview(result, registry.host));
    }
    parts.set("audit", audited(await playAudit(registry, false), registry.host));
  } finally {
    await registry.close();
  }
  for (const name of ["kubernetes-web", "docker-stack", "ecs-service"])
    parts.set(name, exampleDifference(name));
  parts.set("policies", policyTable());
  parts.set("help", fenced(await help()));
  return parts;
}

function preview({ stdout, exitCode }: EngineResult, host: string): string {
  const shown = policiesAndOutputs(stdout).replaceAll(host, "localhost:5000");
  return fenced(
    `$ pulumi preview --policy-pack node_modules/pulumi-pinned-images\n${shown}\n$ echo $?\n${exitCode}`,
  );
}

/** Commands and what they print, as on the day on which the example was made: it would change every day otherwise. */
function audited(played: readonly Played[], host: string): string {
  const lines = played.map(({ command, output, exitCode, expected }) => {
    if (exitCode !== expected) throw new Error(`${command} ended with ${exitCode ?? "a signal"}\n${output}`);
    return `$ ${command}\n${output.trimEnd()}`;
  });
  const day = new Date().toISOString().slice(0, 10);
  return fenced(
    lines
      .join("\n")
      .replaceAll(host, "localhost:5000")
      .replaceAll(day, "2026-11-21")
      .replaceAll(/[ \t]+$/gm, ""),
  );
}

function policyTable(): string {
  const rows = allPolicies.map(
    ({ name, description, level, severity }) =>
      `| [\`${name}\`](docs/policies/${name}.md) | ${level} | ${severity} | ${description} |`,
  );
  return ["| policy | level | severity | says |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

async function help(): Promise<string> {
  const command = join(projectRoot, "dist", "cli", "index.js");
  const { code, stdout, stderr } = await run(process.execPath, [command, "--help"], {
    env: { ...process.env, COLUMNS: "80" },
    timeoutMs: 15_000,
  });
  if (code !== 0) throw new Error(`pinned-images --help failed: ${stderr}`);
  return stdout.trim();
}

export const configSchemaPath = join(projectRoot, "presets", "policy-pack-config.schema.json");

/** The schema of the pack's configuration, as it stands in the file. */
export function renderConfigSchema(): string {
  return `${JSON.stringify(packConfigJsonSchema(allPolicies), undefined, 2)}\n`;
}

async function main(): Promise<void> {
  await writeFile(configSchemaPath, renderConfigSchema());
  await writeFile(readmePath, await renderReadme(await readFile(readmePath, "utf8")));
  const plays: Play[] = [];
  for (const example of examples) plays.push({ example, played: await playExample(example) });
  await writeFile(examplesGuidePath, renderExamplesGuide(await readFile(examplesGuidePath, "utf8"), plays));
}

if (require.main === module) void main();
