/**
 * The generated parts of README.md, and the schema of the pack's configuration: `npm run readme` writes them, a test compares them. Each stands between
 * `<!-- generated: NAME -->` and `<!-- end -->`.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { allPolicies } from "../policies/pack";
import { packConfigJsonSchema } from "../policies/settings";
import type { EngineResult } from "../test/support/engine";
import { projectRoot } from "../test/support/paths";
import { playAudit, type Played } from "./audit-scene";
import { run } from "./run";
import { complaintAbout, play, scenes, startExampleRegistry } from "./scenes";

export const readmePath = join(projectRoot, "README.md");

/** The README's text with every generated part made anew. */
export async function renderReadme(text: string): Promise<string> {
  const parts = await renderParts();
  const unused = new Set(parts.keys());
  const rendered = text.replace(
    /(<!-- generated: ([\w-]+) -->\n)[^]*?(<!-- end -->)/g,
    (_, start: string, name: string, end: string) => {
      const part = parts.get(name);
      if (part === undefined) throw new Error(`README.md asks for "${name}", which nothing generates`);
      unused.delete(name);
      return `${start}${part}\n${end}`;
    },
  );
  if (unused.size > 0) throw new Error(`README.md has no place for ${[...unused].join(", ")}`);
  return rendered;
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
  parts.set("policies", policyTable());
  parts.set("help", fenced(await help()));
  return parts;
}

/** What the engine says of the policies and the outputs. The progress above depends on the machine's pace. */
function preview({ stdout, exitCode }: EngineResult, host: string): string {
  const from = stdout.indexOf("Policies:");
  const to = stdout.search(/\n(?:Diagnostics|Resources):/);
  const shown = stdout
    .slice(from, to === -1 ? undefined : to)
    .replaceAll(host, "localhost:5000")
    .replaceAll(/ \(local: [^)]*\)/g, "")
    .replaceAll(/[ \t]+$/gm, "")
    .replaceAll(/\n{2,}/g, "\n");
  return fenced(
    `$ pulumi preview --policy-pack node_modules/pulumi-pinned-images\n${shown.trim()}\n$ echo $?\n${exitCode}`,
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

function fenced(text: string): string {
  return `\`\`\`text\n${text}\n\`\`\``;
}

export const configSchemaPath = join(projectRoot, "presets", "policy-pack-config.schema.json");

/** The schema of the pack's configuration, as it stands in the file. */
export function renderConfigSchema(): string {
  return `${JSON.stringify(packConfigJsonSchema(allPolicies), undefined, 2)}\n`;
}

async function main(): Promise<void> {
  await writeFile(configSchemaPath, renderConfigSchema());
  await writeFile(readmePath, await renderReadme(await readFile(readmePath, "utf8")));
}

if (require.main === module) void main();
