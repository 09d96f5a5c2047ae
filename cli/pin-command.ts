import {
  dryRunOption,
  exitCodesHelp,
  jsonOption,
  lockOption,
  platformOption,
  reasonOption,
} from "./common-options";
import type { PinOptions } from "./pin";
import { addFileOptions } from "./file-options";
import type { AddVerb } from "./surroundings";

const help = `
Asks the registry for the digest that each tag has now, and writes it into the lock, which is
begun where there is none. An image that is locked already stays as it is; a digest in the
reference chooses that digest, if the registry has it. A digest that was rolled back is refused
until it is released. What fails loses nothing for the others.

With --in, the images in files are added, too, and the files get the digests of the lock: all of
them are written or none, and nothing in them changes but the references. A digest in a file that
the lock never had stays, and is reported.

Examples:
  $ pinned-images pin nginx:1.27 ghcr.io/acme/api:2.3
  $ pinned-images pin - < images.txt
  $ pinned-images pin --reason "CVE-2026-1234" nginx:1.27@sha256:…
  $ pinned-images pin --platform linux/arm64 ghcr.io/acme/edge:7
  $ pinned-images pin --in . --dry-run
  $ pinned-images pin --in docker-compose.yml Dockerfile --backup
  $ pinned-images pin --lock images.production.lock.json --dry-run redis:7

${exitCodesHelp}`;

export const addPin: AddVerb = (parent, surroundings, end) => {
  const command = parent
    .command("pin")
    .description("add images to the lock, each with the digest that its tag has now")
    .argument("[references...]", "images as one writes them; - for standard input, one a line")
    .addOption(platformOption("lock the image of one platform, instead of the index"))
    .addOption(reasonOption())
    .addOption(lockOption())
    .addOption(dryRunOption())
    .addOption(jsonOption())
    .addHelpText("after", help);
  addFileOptions(command).action(async (references: string[], options: PinOptions) => {
    const { pin } = await import("./pin.js");
    end(await pin(references, options, surroundings));
  });
};
