import { dryRunOption, exitCodesHelp, imageOption, jsonOption, lockOption } from "./common-options";
import type { LockVerifyOptions } from "./lock-verify";
import type { AddVerb } from "./surroundings";

const verifyHelp = `
Asks for every digest in the lock, by that digest, as a node would: at the mirror that this
machine is configured for, then at the registry. Says who answered, whether the platforms are
there that the lock lists, and whether the tag has moved since. What was seen is written into
the lock: when the digest was last seen (to the day), and when its tag was first seen elsewhere.

Examples:
  $ pinned-images lock verify
  $ pinned-images lock verify --lock images.production.lock.json --dry-run
  $ pinned-images lock verify --in docker-compose.yml deploy
  $ pinned-images lock verify --image "ghcr.io/acme/*" --json

${exitCodesHelp}
A tag that has moved is no finding: the digest is what counts.`;

export const addLock: AddVerb = (parent, surroundings, end) => {
  parent
    .command("lock")
    .description("work on the lock as a whole: lock verify")
    .command("verify")
    .description("ask whether every digest in the lock can be had, and where its tag is")
    .argument("[references...]", "images in the lock; all, when none is named")
    .addOption(imageOption())
    .option("--in <path...>", "also whether the images in these files and folders have what the lock has")
    .addOption(lockOption())
    .addOption(dryRunOption())
    .addOption(jsonOption())
    .addHelpText("after", verifyHelp)
    .action(async (references: string[], options: LockVerifyOptions) => {
      const { lockVerify } = await import("./lock-verify.js");
      end(await lockVerify(references, options, surroundings));
    });
};
