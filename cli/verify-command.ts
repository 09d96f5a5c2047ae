import { Option } from "commander";
import { exitCodesHelp, lockOption } from "./common-options";
import type { AddVerb } from "./surroundings";
import type { VerifyOptions } from "./verify";

const help = `
Says who signed each image, when, by which key or identity, and what its provenance says; or why it
is not signed as it has to be. Reads the signatures of cosign and the bundles of Sigstore that lie
beside an image. Whom to trust the settings say ("signatures" in pinned-images.json), by the rule
for the image; or for once the options, by one rule for all images.

The digest is the one in the reference, else the one that the lock has, else the one that the tag
has now. What the lock keeps of its signatures is verified before any registry is asked. --record
writes down what was found, so that previews need no request: refresh, verify --record, commit.

Examples:
  $ pinned-images verify
  $ pinned-images verify --record
  $ pinned-images verify --key cosign.pub ghcr.io/acme/api:2.3
  $ pinned-images verify --key old.pub --key new.pub --at-least 2 ghcr.io/acme/api:2.3
  $ pinned-images verify ghcr.io/acme/api:2.3 --issuer https://token.actions.githubusercontent.com \\
      --identity "https://github.com/acme/api/.github/workflows/release.yml@refs/tags/*"
  $ pinned-images verify --key cosign.pub --provenance-source "https://github.com/acme/*" --json - < images.txt

${exitCodesHelp}
An image that is not signed as demanded is something that was found.`;

export const addVerify: AddVerb = (parent, surroundings, end) => {
  parent
    .command("verify")
    .description("say who signed images, and whether that is who has to")
    .argument(
      "[references...]",
      "images as one writes them, - for standard input; all of the lock, when none is named",
    )
    .option("--config <file>", "the settings (default: pinned-images.json here or in a folder above)")
    .addOption(repeatable("--key <file>", "trust a public key in PEM; repeatable"))
    .addOption(
      repeatable("--identity <subject>", "trust whom a certificate is for, * for any characters; repeatable"),
    )
    .option("--issuer <url>", "who vouches for the identities")
    .option("--at-least <number>", "how many of them have to have signed (default: 1)")
    .option("--same-repository", "only signatures that say that they are for the image's repository")
    .addOption(repeatable("--provenance-builder <id>", "what has to have built it, * as above; repeatable"))
    .addOption(repeatable("--provenance-source <url>", "where its source has to be, * as above; repeatable"))
    .addOption(repeatable("--provenance-ref <ref>", "its branch or tag: refs/tags/*; repeatable"))
    .option(
      "--trusted-root <file>",
      "the authorities and logs behind certificates (default: the settings', else Sigstore's public ones)",
    )
    .addOption(lockOption())
    .option("--record", "write who signed, and what proves it, into the lock's entries of these digests")
    .option("--fresh", "ask registries even where the lock keeps what proves it")
    .addOption(
      new Option("--json", "print an array: reference, digest, verified, signers, … or error, for each"),
    )
    .addHelpText("after", help)
    .action(async (references: string[], options: VerifyOptions) => {
      const { verify } = await import("./verify.js");
      end(await verify(references, options, surroundings));
    });
};

/** An option that takes one value each time, so that references may stand behind it. */
function repeatable(flags: string, description: string): Option {
  const collect = (value: string, before: readonly string[] | undefined): readonly string[] => [
    ...(before ?? []),
    value,
  ];
  return new Option(flags, description).argParser(collect);
}
