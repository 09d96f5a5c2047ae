import type { LockEntry } from "../lock";
import { exitCodeOf, failureJson, imageFailureText } from "./failure";
import { exitCodes, worst, type ExitCode } from "./exit-codes";
import type { Surroundings } from "./surroundings";
import { jsonText, quote, type FileTrouble } from "../report";
import type { FileOutcome } from "./file-outcome";
import { plain } from "./wording";

/** What a verb did with one image. */
export interface Done {
  /** The entry's name. */
  readonly image: string;
  /** One word or two: `locked`, `tag moved`. Stable: tools read it. */
  readonly outcome: string;
  readonly entry: LockEntry;
  /** What it was before, where it was another. */
  readonly before?: LockEntry | undefined;
  /** What else there is to say, a line each. */
  readonly notes?: readonly string[];
  /** What else tools are told. */
  readonly details?: object;
  /** Default: clean. */
  readonly code?: ExitCode;
}

/** What a verb could not do. `image` is as it was written on the command line, or the entry's name. */
export interface Failed {
  readonly image: string;
  readonly error: unknown;
}

export type Outcome = Done | Failed;

/** What a verb has to say. */
export interface Report {
  readonly verb: string;
  /** The lock that was changed. */
  readonly lock: string;
  readonly outcomes: readonly Outcome[];
  /** The unified diff of a dry run. */
  readonly diff?: string | undefined;
  /** Outcomes that are counted instead of listed. */
  readonly counted?: string;
  /** What came of the images in files, where files are meant. */
  readonly files?: readonly FileOutcome[];
  /** Files that could not be read. */
  readonly unread?: readonly FileTrouble[];
  /** What tools are told beside the outcomes. */
  readonly details?: object;
}

/** Prints a report: what was done to stdout, what failed to stderr. @returns the exit code. */
export function printReport(report: Report, json: boolean, { stdout, stderr }: Surroundings): ExitCode {
  const { verb, lock, outcomes, diff, files, unread = [] } = report;
  for (const outcome of outcomes) {
    if ("error" in outcome) stderr.write(`${imageFailureText(outcome.image, outcome.error)}\n`);
  }
  if (json) {
    const dryRun = diff !== undefined;
    const results = outcomes.map(outcomeJson);
    const inFiles = { files, unread: report.unread };
    stdout.write(jsonText({ version: 1, verb, lock, dryRun, ...report.details, results, ...inFiles, diff }));
  } else {
    stdout.write(reportText(report));
  }
  return worst([
    ...outcomes.map((outcome) =>
      "error" in outcome ? exitCodeOf(outcome.error) : (outcome.code ?? exitCodes.clean),
    ),
    ...(files ?? []).map(({ outcome }) => (outcome === "rewritten" ? exitCodes.clean : exitCodes.findings)),
    ...unread.map(() => exitCodes.unchecked),
  ]);
}

function reportText({ lock, outcomes, diff, counted, files }: Report): string {
  const lines = outcomes.flatMap((outcome) =>
    "error" in outcome || outcome.outcome === counted ? [] : doneLines(outcome),
  );
  const counts = new Map<string, number>();
  for (const outcome of outcomes) {
    const name = "error" in outcome ? "failed" : outcome.outcome;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const summary = [...counts].map(([name, number]) => `${number} ${name}`).join(", ");
  const head = diff === undefined ? lock : `${lock}, not changed (dry run)`;
  const about = [...lines, `${head}: ${summary === "" ? "nothing to do" : summary}`, ...fileLines(files), ""];
  return about.join("\n") + (diff ?? "");
}

function fileLines(files: readonly FileOutcome[] = []): readonly string[] {
  return files.flatMap(({ file, line, found, outcome, digest, note }) => [
    [
      `${outcome.padEnd(width)} ${plain(file)}:${line}`,
      // A file that cannot be read as a whole has nothing to quote.
      ...(found === "" ? [] : [quote(found)]),
      ...(outcome === "rewritten" ? [digest ?? ""] : []),
    ].join("  "),
    ...(note === undefined ? [] : [`${"".padEnd(width)} ${plain(note)}`]),
  ]);
}

function doneLines({ image, outcome, entry, notes = [] }: Done): readonly string[] {
  return [
    `${outcome.padEnd(width)} ${image}  ${entry.digest}`,
    ...notes.map((note) => `${"".padEnd(width)} ${note}`),
  ];
}

/** So that names stand below each other. */
const width = 11;

function outcomeJson(outcome: Outcome): object {
  const { image } = outcome;
  if ("error" in outcome) return { image, outcome: "failed", error: failureJson(outcome.error) };
  const { digest, mediaType, platforms, lockedAt, verifiedAt, tagMovedAt } = outcome.entry;
  const previousDigest = outcome.before?.digest === digest ? undefined : outcome.before?.digest;
  const entry = { digest, previousDigest, mediaType, platforms, lockedAt, verifiedAt, tagMovedAt };
  return { image, outcome: outcome.outcome, ...entry, ...outcome.details };
}
