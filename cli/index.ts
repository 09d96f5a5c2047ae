#!/usr/bin/env node
// The command `pinned-images`: one file for each verb, loaded when it is asked for.
// Exit codes: 0 clean, 1 findings, 2 wrong usage or configuration, 3 could not check.
import "../policies/require-node";
import { Command, CommanderError } from "commander";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import type { DigestOptions } from "./digest";
import { exitCodes } from "./exit-codes";
import { processSurroundings } from "./surroundings";
import { verbs } from "./verbs";

function packageVersion(): string {
  const text = readFileSync(join(__dirname, "..", "..", "package.json"), "utf8");
  return v.parse(v.object({ version: v.string() }), JSON.parse(text)).version;
}

const digestExamples = `
Prints one line for each reference, in their order; for one that fails, a message on standard error and no line.
Standard input has one reference a line; blank lines and lines that start with # are skipped.

Examples:
  $ pinned-images digest nginx:1.27
  $ pinned-images digest ghcr.io/acme/api:2.3 docker.io/library/redis:7
  $ pinned-images digest --platform linux/arm64 nginx:1.27
  $ pinned-images digest --json --describe - < images.txt
  $ pinned-images digest --cache-for 12h - < images.txt
  $ pinned-images digest --cache-for 12h --offline - < images.txt
  $ grep -oh "image: .*" *.yaml | cut -d" " -f2 | pinned-images digest

Exit codes: 0 all found, 2 a malformed reference or wrong usage, 3 a registry gave no digest.`;

function program(): Command {
  const command = new Command("pinned-images")
    .description("Turns image tags into digests, and keeps them there.")
    .version(packageVersion())
    .exitOverride()
    .showHelpAfterError('("pinned-images --help" shows what there is)');
  command
    .command("digest")
    .description("print the digest that the registry serves for a reference")
    .argument(
      "[references...]",
      "images as one writes them: nginx:1.27, ghcr.io/acme/api:2.3; - for standard input",
    )
    .option("--platform <os/arch[/variant]>", "the digest of one platform's image, not of the index")
    .option("--describe", "say more: media type, size, platforms, source, revision, base, creation date")
    .option("--json", "print an array: reference, digest, mediaType, … or error, for each")
    .option(
      "--cache-for <time>",
      "take answers for tags from earlier runs that are no older than 90s, 10m, 12h, 7d; those for digests always",
    )
    .option("--offline", "take answers from earlier runs alone, and connect to nothing")
    .addHelpText("after", digestExamples)
    .action(async (references: string[], options: DigestOptions) => {
      const { digest } = await import("./digest.js");
      process.exitCode = await digest(references, options, process);
    });
  for (const addVerb of verbs) {
    addVerb(command, processSurroundings, (code) => {
      process.exitCode = code;
    });
  }
  return command;
}

/** Who reads us may stop reading (`… | head -1`): then there is nobody left to tell, and nothing to complain of. */
function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
  process.exit();
}

async function main(): Promise<void> {
  process.stdout.on("error", endWithReader);
  process.stderr.on("error", endWithReader);
  try {
    await program().parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      const reason = error instanceof Error ? error.message : String(error);
      process.stderr.write(`pinned-images: this should not have happened: ${reason}\n`);
      process.exitCode = exitCodes.unchecked;
      return;
    }
    // Help and version end this way too, with 0.
    process.exitCode = error.exitCode === 0 ? exitCodes.clean : exitCodes.usage;
  }
}

void main();
