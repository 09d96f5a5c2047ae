import {
  dryRunOption,
  exitCodesHelp,
  imageOption,
  jsonOption,
  lockOption,
  reasonOption,
} from "./common-options";
import type { RefreshOptions } from "./refresh";
import { addFileOptions } from "./file-options";
import type { AddVerb } from "./surroundings";

const help = `
Asks the registry for the digest that each tag has now, of all images in the lock or of those
that are named, and takes the new ones. Shows the old and the new digest and what changed:
platforms, creation date, source revision (as the image's author states them). A digest that was
rolled back does not come back until it is released. What fails loses nothing for the others.
With --in, files get the digests that the lock has then: all of them are written or none.

Examples:
  $ pinned-images refresh --dry-run
  $ pinned-images refresh nginx:1.27 --reason "CVE-2026-1234"
  $ pinned-images refresh --image "ghcr.io/acme/*"
  $ pinned-images refresh --only-stale        locked more than 90 days ago
  $ pinned-images refresh --only-stale 30 --json
  $ pinned-images refresh --in docker-compose.yml deploy --reason "weekly update"

${exitCodesHelp}`;

export const addRefresh: AddVerb = (parent, surroundings, end) => {
  const command = parent
    .command("refresh")
    .description("take the digests that the tags have now")
    .argument("[references...]", "images in the lock; all, when none is named")
    .addOption(imageOption())
    .option("--only-stale [days]", "only what was locked more than so many days ago (default: 90)")
    .addOption(reasonOption())
    .addOption(lockOption())
    .addOption(dryRunOption())
    .addOption(jsonOption())
    .addHelpText("after", help);
  addFileOptions(command).action(async (references: string[], options: RefreshOptions) => {
    const { refresh } = await import("./refresh.js");
    end(await refresh(references, options, surroundings));
  });
};
