import { updateLockFile, type Timestamp } from "../lock";
import { askAll } from "./ask-all";
import type { AuditLock } from "./audit-locks";
import type { Trouble } from "./audit-json";
import { checkEntry, recordChecks, type Checked } from "./check-entry";
import { imageFailureText } from "./failure";
import { fitsImage } from "./image-pattern";
import type { Surroundings } from "./surroundings";

/** What registries said, by the lock's path and the entry's name. */
export type Checks = ReadonlyMap<string, ReadonlyMap<string, Checked | undefined>>;

/** Asks for every entry of every lock. */
export async function askForAll(
  locks: readonly AuditLock[],
  surroundings: Surroundings,
  image: string | undefined,
  troubles: Trouble[],
): Promise<Checks> {
  const entries = locks.flatMap(({ path, lock }) =>
    [...lock.images]
      .filter(([name]) => image === undefined || fitsImage(image, name))
      .map(([name, entry]) => ({ path, name, entry })),
  );
  const answers = await askAll(entries, surroundings, async ({ name, entry }, client) =>
    checkEntry(client, name, entry),
  );
  const checks = new Map(locks.map(({ path }) => [path, new Map<string, Checked | undefined>()]));
  for (const answer of answers) {
    const { path, name } = answer.item;
    if ("error" in answer) {
      const text = imageFailureText(name, answer.error);
      troubles.push({ subject: name, error: answer.error, text });
    }
    checks.get(path)?.set(name, "error" in answer ? undefined : answer.found);
  }
  return checks;
}

/** Writes what was seen into the locks, or, in a dry run, into the report alone. */
export async function recordAll(
  locks: readonly AuditLock[],
  checks: Checks,
  now: Timestamp,
  dryRun: boolean,
): Promise<readonly AuditLock[]> {
  const recorded: AuditLock[] = [];
  for (const audited of locks) {
    const seen = [...(checks.get(audited.path)?.values() ?? [])].filter((check) => check !== undefined);
    let lock = recordChecks(audited.lock, seen, now);
    if (!dryRun) lock = await updateLockFile(audited.path, (present) => recordChecks(present, seen, now));
    recorded.push({ ...audited, lock });
  }
  return recorded;
}
