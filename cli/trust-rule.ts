import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { parseSettings, type SettingProblem } from "../policies/settings";
import type { TrustRule } from "../signatures";
import { UsageError } from "./read-references";

/** A rule of the settings' signatures as options. */
export interface TrustRuleOptions {
  /** Files with a public key each. */
  readonly key?: readonly string[];
  /** Subjects of certificates, in which `*` stands for anything. */
  readonly identity?: readonly string[];
  /** Who vouches for all of them. */
  readonly issuer?: string;
  readonly atLeast?: string;
  readonly sameRepository?: boolean;
  readonly provenanceBuilder?: readonly string[];
  readonly provenanceSource?: readonly string[];
  readonly provenanceRef?: readonly string[];
}

/** What says more of who signs, and says nothing alone. */
const refinements = {
  issuer: "--issuer",
  atLeast: "--at-least",
  sameRepository: "--same-repository",
  provenanceBuilder: "--provenance-builder",
  provenanceSource: "--provenance-source",
  provenanceRef: "--provenance-ref",
} as const satisfies Partial<Record<keyof TrustRuleOptions, string>>;

/** Where the settings have what an option says: what is wrong there is wrong with the option. */
const optionsByPlace: readonly (readonly [place: RegExp, option: string])[] = [
  [/\.identities\[\d+\]\.subject$/, "--identity"],
  [/\.identities\[\d+\]\.issuer$/, refinements.issuer],
  [/\.atLeast$/, refinements.atLeast],
  [/\.builders\[\d+\]$/, refinements.provenanceBuilder],
  [/\.sources\[\d+\]$/, refinements.provenanceSource],
  [/\.refs\[\d+\]$/, refinements.provenanceRef],
];

/** Far more than a key has, in bytes. */
const longestKey = 64 * 1024;

/**
 * Reads the rule that options make; undefined where they make none.
 *
 * @throws UsageError for options that make no rule, or none that could be.
 */
export async function readTrustRule(
  options: TrustRuleOptions,
  folder: string,
  now: Date,
): Promise<TrustRule | undefined> {
  const { key = [], identity = [], issuer, atLeast, sameRepository } = options;
  if (key.length + identity.length === 0) {
    for (const [name, option] of Object.entries(refinements)) {
      if (name in options)
        throw new UsageError(`${option} belongs to a rule; name who may sign, too: --key or --identity`);
    }
    return undefined;
  }
  if (identity.length > 0 !== (issuer !== undefined))
    throw new UsageError("--identity and --issuer belong together: who signs, and who vouches for it");
  const rule = {
    keys: await Promise.all(key.map(async (file) => readKey(resolve(folder, file), file))),
    identities: identity.map((subject) => ({ subject, issuer })),
    ...(atLeast === undefined ? {} : { atLeast: readNumber(atLeast) }),
    ...(sameRepository === undefined ? {} : { sameRepository }),
    ...provenanceOf(options),
  };
  // By the same parser as the settings, so that both take and refuse the same. The options are for all images.
  const given = { signatures: { rules: [{ images: ["docker.io/**"], ...rule }] } };
  const result = parseSettings(given, { policies: [], now });
  if (!result.ok)
    throw new UsageError(result.problems.map((problem) => problemText(problem, key)).join("\n"));
  const trust = result.settings.signatures.rules[0]?.trust;
  return trust === "unsigned" ? undefined : trust;
}

function provenanceOf(options: TrustRuleOptions): object {
  const { provenanceBuilder, provenanceSource, provenanceRef } = options;
  const provenance = {
    ...(provenanceBuilder === undefined ? {} : { builders: provenanceBuilder }),
    ...(provenanceSource === undefined ? {} : { sources: provenanceSource }),
    ...(provenanceRef === undefined ? {} : { refs: provenanceRef }),
  };
  return Object.keys(provenance).length === 0 ? {} : { provenance };
}

function problemText({ path, problem }: SettingProblem, files: readonly string[]): string {
  const index = /\.keys\[(\d+)\]$/.exec(path)?.[1];
  if (index !== undefined) return `--key ${files[Number(index)] ?? ""}: ${problem}`;
  const option = optionsByPlace.find(([place]) => place.test(path))?.[1];
  return option === undefined ? problem : `${option}: ${problem}`;
}

async function readKey(path: string, file: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size <= longestKey) return await readFile(path, "utf8");
  } catch {
    throw new UsageError(`--key ${file}: cannot be read; name the file of a public key`);
  }
  throw new UsageError(`--key ${file}: has more than ${longestKey} bytes, and no public key has`);
}

function readNumber(text: string): number {
  if (/^[0-9]{1,4}$/.test(text)) return Number(text);
  throw new UsageError(`--at-least takes a number; it got ${JSON.stringify(text.slice(0, 60))}`);
}
