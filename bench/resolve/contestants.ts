import { join } from "node:path";
import { ensureTool } from "../../tools";
import { command, inParallel } from "./command";
import { ensureGgcr } from "./ggcr";
import type { Site } from "./site-process";

/** What one run over all tags took. */
export interface Run {
  /** In the order of the site's tags. */
  readonly digests: readonly string[];
  /** What the program itself measured, without its own start; undefined for those that start once for each tag. */
  readonly resolving: number | undefined;
}

export interface Contestant {
  readonly name: string;
  /** One process for all tags, or one for each. */
  readonly kind: "library" | "command";
  readonly runs: number;
  run(site: Site): Promise<Run>;
}

/** What the two libraries are given. Said in the table, because it is not the client's default. */
export const concurrency = 32;
/** How many commands are run at a time. */
export const commands = 8;

/** Ours first. */
export async function contestants(): Promise<readonly Contestant[]> {
  const [crane, regctl, ggcr] = [await ensureTool("crane"), await ensureTool("regctl"), await ensureGgcr()];
  return [
    {
      name: "ours",
      kind: "library",
      runs: 5,
      // Node.js has its own way to be told of a certificate.
      run: (site) => library(site, process.execPath, [ours, String(concurrency)], { SSL_CERT_FILE: "" }),
    },
    {
      name: "go-containerregistry, one puller",
      kind: "library",
      runs: 5,
      run: (site) => library(site, ggcr, ["-concurrency", String(concurrency)]),
    },
    {
      name: `crane digest, ${commands} at a time`,
      kind: "command",
      runs: 3,
      run: (site) => oneByOne(site, crane, (reference) => ["digest", reference]),
    },
    {
      name: `regctl image digest, ${commands} at a time`,
      kind: "command",
      runs: 3,
      run: (site) =>
        oneByOne(site, regctl, (reference) => [
          "--host",
          `reg=${site.host},tls=${site.tls ? "enabled" : "disabled"}`,
          "image",
          "digest",
          reference,
        ]),
    },
  ];
}

export const ours = join(__dirname, "ours.js");

export function referencesOf(site: Site): readonly string[] {
  return site.filled.map(({ path }) => `${site.host}/${path}`);
}

async function library(
  site: Site,
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Run> {
  const input = `${referencesOf(site).join("\n")}\n`;
  const { stdout, stderr } = await command(program, args, { ...site.environment, ...environment }, input);
  const digests = stdout
    .trim()
    .split("\n")
    .map((line) => line.split(" ")[1] ?? "");
  return { digests, resolving: Number(stderr.trim().split(" ")[0]) };
}

async function oneByOne(
  site: Site,
  program: string,
  args: (reference: string) => readonly string[],
): Promise<Run> {
  const outputs = await inParallel(referencesOf(site), commands, (reference) =>
    command(program, args(reference), site.environment),
  );
  return { digests: outputs.map(({ stdout }) => stdout.trim()), resolving: undefined };
}
