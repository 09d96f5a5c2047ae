import { Option } from "commander";
import type { AuditOptions } from "./audit";
import { exitCodesHelp, imageOption, jsonOption } from "./common-options";
import type { AddVerb } from "./surroundings";

const help = `
Reports, image by image, what is unpinned, stale, moved, held or missing, and what to do about
it. Looks at images.lock.json and at the locks of the environments beside it
(images.production.lock.json); with --state also at what a stack runs, compared with the lock of
the environment that is called as the stack, else with images.lock.json. What an exception in
pinned-images.json covers is said, and is no finding until its day. Secrets in a state are never
printed. Nobody is asked and nothing is changed, unless --verify says so.

Examples:
  $ pinned-images audit
  $ pinned-images audit --history --image "nginx:*"
  $ pinned-images audit --verify --max-age 30
  $ pulumi stack export --file state.json && pinned-images audit --state state.json
  $ pinned-images audit --in . --max-age 30
  $ pinned-images audit --lock images.production.lock.json --json

${exitCodesHelp}`;

export const addAudit: AddVerb = (parent, surroundings, end) => {
  const locks = new Option("--lock <file...>", "these locks, instead of those that are found");
  parent
    .command("audit")
    .description("report what is unpinned, stale, moved, held or missing, and what to do about it")
    .addOption(locks)
    .option("--state <file>", "also what a stack runs, as pulumi stack export wrote it")
    .option("--in <path...>", "also the images in these files and folders")
    .option("--history", "who chose which digest, when, and why")
    .addOption(imageOption())
    .option("--max-age <days>", "how long a digest may be locked (default: 90, or as the settings say)")
    .option(
      "--config <file>",
      "the settings, for exceptions (default: pinned-images.json here or in a folder above)",
    )
    .option("--verify", "ask the registries first, and record what they say as lock verify does")
    .option("--dry-run", "with --verify: record nothing")
    .addOption(jsonOption())
    .addHelpText("after", help)
    .action(async (options: AuditOptions) => {
      const { audit } = await import("./audit.js");
      end(await audit(options, surroundings));
    });
};
