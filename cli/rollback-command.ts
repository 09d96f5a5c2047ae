import {
  dryRunOption,
  exitCodesHelp,
  jsonOption,
  lockOption,
  platformOption,
  reasonOption,
} from "./common-options";
import type { RollbackOptions } from "./rollback";
import type { AddVerb } from "./surroundings";

const help = `
Puts the digest before the present one back into the lock, and holds the one that is left: no
refresh, pin or promote brings it back until it is released. A digest in the reference names the
one that is to go (or to be released), so that a second rollback by somebody else does not go
one step too far.

The registry is asked for five seconds whether it still has the digest to go back to. When it
says that the digest is gone, the rollback is refused; when it does not answer, the rollback is
done, and a warning says so. --offline asks nobody.

Examples:
  $ pinned-images rollback nginx:1.27 --reason "crashes under load, INC-42"
  $ pinned-images rollback nginx:1.27@sha256:…          only if that is the digest in the lock
  $ pinned-images rollback nginx:1.27 --to sha256:…
  $ pinned-images rollback nginx:1.27 --offline
  $ pinned-images rollback --release nginx:1.27 --reason "fixed upstream"

${exitCodesHelp}`;

export const addRollback: AddVerb = (parent, surroundings, end) => {
  parent
    .command("rollback")
    .description("go back to an earlier digest, and hold the bad one until it is released")
    .argument("<reference>", "the image in the lock")
    .option("--to <digest>", "the digest to go back to (default: the last one that is not held)")
    .option("--release", "let the digests that are held come back with the next refresh")
    .option("--offline", "do not ask the registry whether it has the digest")
    .addOption(platformOption("the entry of that platform"))
    .addOption(reasonOption())
    .addOption(lockOption())
    .addOption(dryRunOption())
    .addOption(jsonOption())
    .addHelpText("after", help)
    .action(async (reference: string, options: RollbackOptions) => {
      const { rollback } = await import("./rollback.js");
      end(await rollback(reference, options, surroundings));
    });
};
