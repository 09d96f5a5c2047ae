/**
 * The demo: three example programs, previewed by the real Pulumi engine with the pack attached, and one that is deployed and audited. The registry is embedded (a
 * stand-in on loopback that serves real multi-platform indexes), the provider plugins are stand-ins.
 */
import { styleText } from "node:util";
import { ensureTool } from ".";
import type { EngineResult } from "../test/support/engine";
import { auditTitle, playAudit } from "./audit-scene";
import { complaintAbout, play, scenes, startExampleRegistry } from "./scenes";

// styleText knows NO_COLOR, FORCE_COLOR and whether this is a terminal; the engine is told the same.
const colour = styleText("bold", "x") !== "x";

async function main(): Promise<number> {
  await ensureTool("pulumi");
  const registry = await startExampleRegistry();
  try {
    say(`An embedded registry serves three multi-platform images on ${registry.host}.`);
    let code = 0;
    for (const [index, scene] of scenes.entries()) {
      heading(`${index + 1}. ${scene.title}  (examples/${scene.example})`);
      const result = await play(scene, registry.host, colour);
      process.stdout.write(tidy(result));
      say(`exit code ${result.exitCode}`);
      const complaint = complaintAbout(scene, result);
      if (complaint !== undefined) {
        process.stderr.write(`demo: ${scene.example}: ${complaint}\n${result.stderr}\n`);
        code = 1;
      }
    }
    heading(`${scenes.length + 1}. ${auditTitle}`);
    for (const { command, output, exitCode, expected } of await playAudit(registry, colour)) {
      process.stdout.write(`$ ${command}\n${output}`);
      say(`exit code ${exitCode ?? "none"}`);
      if (exitCode !== expected) code = 1;
    }
    return code;
  } finally {
    await registry.close();
  }
}

/** The engine's own output, less blank lines: three previews ought to fit a screen each. */
function tidy({ stdout }: EngineResult): string {
  return stdout.replace(/(?:[ \t]*\n){2,}/g, "\n");
}

function heading(text: string): void {
  const line = `── ${text} ${"─".repeat(Math.max(3, 96 - text.length))}`;
  process.stdout.write(`\n${styleText(["bold", "cyan"], line)}\n`);
}

function say(text: string): void {
  process.stdout.write(`${styleText("dim", text)}\n`);
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 3;
  },
);
