import { resolve } from "node:path";
import { writeAtomically } from "../lock/atomic-write";
import { countLevels, type CheckReport, type FileTrouble } from "../report";
import { summaryOf } from "../report/check-text";
import { reportFormats, type ReportFormat } from "../report/formats";
import { checkContexts } from "./check-context";
import { fileEnvironments } from "./check-environment";
import { expiredExceptions } from "./check-exceptions";
import { checkFile, checkPolicies } from "./check-file";
import { sourceFiles, type SourceFile } from "./check-files";
import { exitCodes, worst, type ExitCode } from "./exit-codes";
import { packageVersion } from "./package-version";
import { painter } from "./paint";
import { createCounter } from "./progress";
import { UsageError } from "./read-references";
import { runVerb } from "./run-verb";
import { readCheckSettings, type CheckSettings, type Preset } from "./settings-file";
import type { Surroundings } from "./surroundings";

export interface CheckOptions {
  readonly config?: string;
  readonly preset?: Preset;
  readonly environment?: string;
  readonly lock?: string;
  readonly format: ReportFormat;
  readonly output?: string;
  readonly offline?: boolean;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
}

/** So many files wait for registries at once; each holds its text meanwhile. */
const atOnce = 16;

/**
 * Checks the images in files.
 *
 * @returns the exit code.
 */
export async function check(
  paths: readonly string[],
  options: CheckOptions,
  surroundings: Surroundings,
): Promise<ExitCode> {
  return runVerb(surroundings, async () => {
    const { folder, clock, stdout, stderr } = surroundings;
    const { config, preset, format, output, include, exclude } = options;
    const patterns = { ...(include && { include }), ...(exclude && { exclude }) };
    const settings = await readCheckSettings({ config, preset, folder, now: new Date(clock()) });
    const report = await checkAll(
      sourceFiles({ paths, ...patterns }, folder),
      settings,
      options,
      surroundings,
    );

    // Where the report is for a machine, people get the summary, and what failed, beside it.
    const aside = output !== undefined || format !== "text";
    if (aside) stderr.write(summaryOf(report));
    if (output === undefined) stdout.write(reportFormats[format](report, painter(stdout)));
    else await write(resolve(folder, output), reportFormats[format](report));

    return worst([
      countLevels(report.findings).mandatory > 0 ? exitCodes.findings : exitCodes.clean,
      report.troubles.length > 0 ? exitCodes.unchecked : exitCodes.clean,
    ]);
  });
}

async function checkAll(
  queue: Generator<SourceFile | FileTrouble>,
  settings: CheckSettings,
  { environment, preset, lock, offline }: CheckOptions,
  surroundings: Surroundings,
): Promise<CheckReport> {
  const named = environment ?? preset;
  const environmentOf = fileEnvironments(settings, named);
  const contexts = checkContexts(settings, { lock, offline: offline === true }, surroundings);
  const progress = createCounter(surroundings.stderr, "files");
  const findings = [...expiredExceptions(settings, environmentOf, surroundings.folder)];
  const troubles: FileTrouble[] = [];
  const seen = { files: 0, images: 0 };

  const worker = async (): Promise<void> => {
    for (const file of queue) {
      if ("problem" in file) {
        troubles.push(file);
        continue;
      }
      const of = environmentOf(file.target);
      const context = await contexts.of(of.name);
      const checked = await checkFile({ ...file, environment: of, context }, settings).catch(unforeseen);
      if ("problem" in checked) {
        troubles.push({ file: file.path, ...checked });
        continue;
      }
      findings.push(...checked.findings);
      seen.files++;
      seen.images += checked.images;
      progress.step();
    }
  };
  try {
    // A lock that cannot be used is said even where no file asks for it.
    await contexts.of(named);
    // Each worker takes the next one from the same queue.
    await Promise.all(Array.from({ length: atOnce }, worker));
  } finally {
    progress.clear();
    await contexts.close();
  }
  return {
    version: packageVersion(),
    rules: checkPolicies.filter((policy) => settings.levelOf(policy) !== "disabled"),
    findings: findings.sort(
      (a, b) =>
        compare(a.file, b.file) || a.line - b.line || a.column - b.column || compare(a.policy, b.policy),
    ),
    troubles: troubles.sort((a, b) => compare(a.file, b.file)),
    ...seen,
  };
}

/** One file that nobody foresaw must not keep the others from being checked, nor pass for clean. */
function unforeseen(error: unknown): Omit<FileTrouble, "file"> {
  const said = error instanceof Error ? error.message : "unknown error";
  return { problem: `this should not have happened: ${said}`, fix: "exclude it, and report the file" };
}

/** By code units, so that every machine sorts alike. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

async function write(path: string, text: string): Promise<void> {
  try {
    await writeAtomically(path, text);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
    throw new UsageError(`${path} cannot be written${code}; name a file that can: --output <file>`);
  }
}
