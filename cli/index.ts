#!/usr/bin/env node
// The command `pinned-images`: one file for each verb, loaded when it is asked for.
// Exit codes: 0 clean, 1 findings, 2 wrong usage or configuration, 3 could not check.
import "../policies/require-node";
import "./compile-cache";
import { Command, CommanderError } from "commander";
import { exitCodes } from "./exit-codes";
import { packageVersion } from "./package-version";
import { processSurroundings } from "./surroundings";
import { verbs } from "./verbs";

function program(): Command {
  const command = new Command("pinned-images")
    .description("Turns image tags into digests, and keeps them there.")
    .version(packageVersion())
    .exitOverride()
    .showHelpAfterError('("pinned-images --help" shows what there is)');
  for (const addVerb of verbs) {
    addVerb(command, processSurroundings, (code) => {
      process.exitCode = code;
    });
  }
  return command;
}

/** Who reads us may stop reading (`… | head -1`): then there is nobody left to tell, and nothing to complain of. */
function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") {
    process.stderr.write(`pinned-images: the output cannot be written (${error.code ?? error.message})\n`);
    process.exitCode = exitCodes.unchecked;
  }
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
