import { Option } from "commander";
import { platformOption } from "./common-options";
import type { DigestOptions } from "./digest";
import type { AddVerb } from "./surroundings";

const help = `
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

export const addDigest: AddVerb = (parent, surroundings, end) => {
  parent
    .command("digest")
    .description("print the digest that the registry serves for a reference")
    .argument(
      "[references...]",
      "images as one writes them: nginx:1.27, ghcr.io/acme/api:2.3; - for standard input",
    )
    .addOption(platformOption("the digest of one platform's image, not of the index"))
    .option("--describe", "say more: media type, size, platforms, source, revision, base, creation date")
    .addOption(new Option("--json", "print an array: reference, digest, mediaType, … or error, for each"))
    .option(
      "--cache-for <time>",
      "take answers for tags from earlier runs that are no older than 90s, 10m, 12h, 7d; those for digests always",
    )
    .option("--offline", "take answers from the lock and from earlier runs alone, and connect to nothing")
    .addHelpText("after", help)
    .action(async (references: string[], options: DigestOptions) => {
      const { digest } = await import("./digest.js");
      end(await digest(references, options, surroundings));
    });
};
