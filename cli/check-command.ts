import { Option } from "commander";
import type { CheckOptions } from "./check";
import type { AddVerb } from "./surroundings";

const help = `
Looks at the images in the files beside a program (compose files, Dockerfiles, workflows,
Kubernetes manifests, Helm values, …), by the same policies as the pack. The settings are those of
pinned-images.json, here or in a folder above, of the shape that --policy-pack-config takes.

Files of an environment are treated as it says; they are known by "files" in the settings, and
without that by such names as docker-compose.prod.yml, values-production.yaml, deploy/production/.
All others are given advice, which ends with 0. --environment and --preset are for all files.

A comment behind an image, or alone on the line above it, leaves the image alone for a time:
  # pinned-images: ignore owner=payments expires=2026-12-31 reason="the vendor's mirror is pending"

Examples:
  $ pinned-images check
  $ pinned-images check deploy docker-compose.yml
  $ pinned-images check --preset production --offline
  $ pinned-images check --environment staging --format junit --output check.xml
  $ pinned-images check --format github
  $ pinned-images check --exclude "vendor/" "*.test.yaml"

Exit codes: 0 clean or advice alone, 1 something must be mended, 2 wrong usage or configuration, 3 could not check.`;

export const addCheck: AddVerb = (parent, surroundings, end) => {
  parent
    .command("check")
    .description("look for images in files that are not as the policies want them")
    .argument("[paths...]", "files and folders (default: the working folder)")
    .option("--include <pattern...>", "only what such patterns match, as in a .gitignore")
    .option("--exclude <pattern...>", "not what such patterns match; what git ignores is left out anyway")
    .option("--config <file>", "the settings (default: pinned-images.json here or in a folder above)")
    .addOption(
      new Option("--preset <name>", "begin with the settings that this package ships").choices([
        "production",
        "staging",
        "development",
      ]),
    )
    .option("--environment <name>", "treat every file as of this environment")
    .option(
      "--lock <file>",
      "the lock (default: PINNED_IMAGES_LOCK, else the environment's or images.lock.json here or above)",
    )
    .addOption(
      new Option("--format <format>", "how to say it")
        .choices(["text", "json", "sarif", "junit", "github"])
        .default("text"),
    )
    .option("--output <file>", "write it there, and only the summary to standard error")
    .option("--offline", "ask no registry; digests in fixes come from the lock alone")
    .addHelpText("after", help)
    .action(async (paths: string[], options: CheckOptions) => {
      const { check } = await import("./check.js");
      end(await check(paths, options, surroundings));
    });
};
