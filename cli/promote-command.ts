import { dryRunOption, exitCodesHelp, imageOption, jsonOption, reasonOption } from "./common-options";
import type { PromoteOptions } from "./promote";
import type { AddVerb } from "./surroundings";

const help = `
Copies what one environment's lock holds into the next one's: all of it, or the images that are
named. Shows what moves. What was rolled back in the target, and is held there, is refused; what
is held in the source is held in the target, too. No registry is asked. A target that is not
there is begun.

Examples:
  $ pinned-images promote --from images.staging.lock.json --to images.production.lock.json --dry-run
  $ pinned-images promote --from images.staging.lock.json --to images.production.lock.json ghcr.io/acme/api:2.3
  $ pinned-images promote --from images.lock.json --to images.production.lock.json --image "ghcr.io/acme/*" --reason "release 14"

${exitCodesHelp}`;

export const addPromote: AddVerb = (parent, surroundings, end) => {
  parent
    .command("promote")
    .description("copy digests from one environment's lock into the next one's")
    .argument("[references...]", "images in the source; all, when none is named")
    .requiredOption("--from <lock>", "the lock to take them from")
    .requiredOption("--to <lock>", "the lock to put them into")
    .addOption(imageOption())
    .addOption(reasonOption())
    .addOption(dryRunOption())
    .addOption(jsonOption())
    .addHelpText("after", help)
    .action(async (references: string[], options: PromoteOptions) => {
      const { promote } = await import("./promote.js");
      end(await promote(references, options, surroundings));
    });
};
