#!/usr/bin/env node
// The command `pinned-images`: one file for each verb, loaded when it is asked for.
// Exit codes: 0 clean, 1 findings, 2 wrong usage or configuration, 3 could not check.
import "../policies/require-node";
import { Command, CommanderError } from "commander";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";

export const exitCodes = { clean: 0, findings: 1, usage: 2, unchecked: 3 } as const;

function packageVersion(): string {
  const text = readFileSync(join(__dirname, "..", "..", "package.json"), "utf8");
  return v.parse(v.object({ version: v.string() }), JSON.parse(text)).version;
}

function program(): Command {
  const command = new Command("pinned-images")
    .description("Turns image tags into digests, and keeps them there.")
    .version(packageVersion())
    .exitOverride()
    .showHelpAfterError('("pinned-images --help" shows what there is)');
  command
    .command("digest")
    .description("print the digest that the registry serves for a reference")
    .argument("<reference...>", "images as one writes them: nginx:1.27, ghcr.io/acme/api:2.3")
    .addHelpText(
      "after",
      "\nExamples:\n  $ pinned-images digest nginx:1.27\n  $ pinned-images digest ghcr.io/acme/api:2.3 docker.io/library/redis:7",
    )
    .action(async (references: string[]) => {
      const { digest } = await import("./digest.js");
      process.exitCode = await digest(references, process);
    });
  return command;
}

async function main(): Promise<void> {
  try {
    await program().parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and version end this way too, with 0.
    process.exitCode = error.exitCode === 0 ? exitCodes.clean : exitCodes.usage;
  }
}

void main();
