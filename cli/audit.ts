import { resolve } from "node:path";
import { timestamp } from "../lock";
import { quote } from "../report";
import { askForAll, recordAll, type Checks } from "./audit-checks";
import type { AuditSection } from "./audit-classes";
import { exceptedBy } from "./audit-exceptions";
import { auditJson, type Trouble } from "./audit-json";
import { lockSection } from "./audit-lock-section";
import { auditLockPaths, locksFor, readAuditLock, type AuditLock } from "./audit-locks";
import { stackSection } from "./audit-stack-section";
import { auditText, needsALook } from "./audit-text";
import type { CommonOptions, ImageOptions } from "./common-options";
import { readDays } from "./days";
import { exitCodes, worst, type ExitCode } from "./exit-codes";
import { exitCodeOf, failureText } from "./failure";
import { FileError } from "./files/error";
import { existingLock, lockToBegin, shortPath } from "./lock-path";
import { painter } from "./paint";
import { runVerb } from "./run-verb";
import { readCheckSettings } from "./settings-file";
import { readStackState } from "./stack-state";
import type { Surroundings } from "./surroundings";
import { jsonText } from "../report";

export interface AuditOptions extends CommonOptions, ImageOptions {
  readonly lock?: readonly string[];
  readonly state?: string;
  readonly in?: readonly string[];
  readonly history?: boolean;
  readonly maxAge?: string;
  readonly config?: string;
  readonly verify?: boolean;
}

/**
 * Reports on the images of locks and of a stack's state.
 *
 * @returns the exit code.
 */
export async function audit(options: AuditOptions, surroundings: Surroundings): Promise<ExitCode> {
  return runVerb(surroundings, async () => {
    const { stdout, stderr, folder, clock } = surroundings;
    const { settings } = await readCheckSettings({ config: options.config, folder, now: new Date(clock()) });
    const excepted = exceptedBy(settings);
    const maxAge = readDays(options.maxAge, "--max-age", settings.lock.maxAgeDays);
    const now = timestamp(clock());
    const troubles: Trouble[] = [];
    const state =
      options.state === undefined ? undefined : await readStackState(resolve(folder, options.state));
    const paths = auditLockPaths(options.lock, surroundings);
    // Without anything to look at, it says where it looked.
    if (paths.length === 0 && state === undefined && options.in === undefined)
      existingLock(undefined, surroundings);

    let locks = await readLocks(paths, troubles);
    let checks: Checks = new Map();
    if (options.verify === true) {
      checks = await askForAll(locks, surroundings, options.image, troubles);
      locks = await recordAll(locks, checks, now, options.dryRun === true);
    }

    const fileOf = ({ path }: AuditLock): string => shortPath(path, folder);
    // The lock that commands take anyway need not be named.
    const usual = lockToBegin(undefined, surroundings);
    const argumentOf = (lock: AuditLock): string | undefined =>
      lock.path === usual ? undefined : fileOf(lock);
    // One source, one section: the next kind of source is one more line here.
    const sections: AuditSection[] = locks.map((lock) =>
      lockSection(lock, {
        ...{ now, maxAge, excepted, image: options.image, history: options.history === true },
        ...{ checks: checks.get(lock.path) ?? new Map(), file: fileOf(lock), argument: argumentOf(lock) },
      }),
    );
    if (state !== undefined && options.state !== undefined) {
      const own = locksFor(state.stack, locks);
      const [first] = own;
      sections.push(
        stackSection(state, {
          ...{ excepted, image: options.image },
          file: options.state,
          locks: own.map((lock) => ({ file: fileOf(lock), lock: lock.lock })),
          argument: first === undefined ? undefined : argumentOf(first),
        }),
      );
    }

    if (options.in !== undefined) {
      const { filesSection } = await import("./audit-files-section.js");
      const own = locks.filter((lock) => lock.environment === undefined);
      const compared = own.length > 0 ? own : locks;
      const [first] = compared;
      const files = filesSection({
        ...{ excepted, image: options.image, paths: options.in, folder },
        locks: compared.map((lock) => ({ file: fileOf(lock), lock: lock.lock })),
        argument: first === undefined ? undefined : argumentOf(first),
      });
      sections.push(files.section);
      for (const { file, problem, fix } of files.troubles) {
        const error = new FileError("unreadable", file, problem, fix);
        troubles.push({ subject: file, error, text: `${quote(file)} ${problem}\nfix: ${fix}` });
      }
    }

    for (const { text } of troubles) stderr.write(`${text}\n`);
    const report = { now, maxAge, sections, troubles };
    stdout.write(
      options.json === true
        ? jsonText(auditJson(report))
        : auditText(sections, { today: now.slice(0, 10), maxAge, paint: painter(stdout) }),
    );
    const found = sections.some(({ lines }) => lines.some(needsALook));
    return worst([
      found ? exitCodes.findings : exitCodes.clean,
      ...troubles.map(({ error }) => exitCodeOf(error)),
    ]);
  });
}

async function readLocks(paths: readonly string[], troubles: Trouble[]): Promise<readonly AuditLock[]> {
  const locks: AuditLock[] = [];
  for (const path of paths) {
    try {
      locks.push(await readAuditLock(path));
    } catch (error) {
      const text = failureText(error);
      if (text === undefined) throw error;
      troubles.push({ subject: path, error, text });
    }
  }
  return locks;
}
