import { readdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { lockFileName, readLockFile, type Lock } from "../lock";
import { lockInUse } from "./lock-path";
import type { Surroundings } from "./surroundings";

/** A lock of an audit. */
export interface AuditLock {
  readonly path: string;
  /** `production` for `images.production.lock.json`; undefined for a lock that is for all environments. */
  readonly environment?: string;
  readonly lock: Lock;
}

/** The locks to audit: those that are named, else the one in use and those of its environments beside it. */
export function auditLockPaths(
  named: readonly string[] | undefined,
  surroundings: Surroundings,
): readonly string[] {
  const { folder } = surroundings;
  if (named !== undefined) return named.map((name) => resolve(folder, name));
  const inUse = lockInUse(surroundings);
  const beside = inUse === undefined ? folder : dirname(inUse);
  const others = filesOf(beside)
    .filter((name) => name === lockFileName || environmentOf(name) !== undefined)
    .map((name) => join(beside, name));
  return [...new Set([...(inUse === undefined ? [] : [inUse]), ...others])].sort();
}

/** Reads one. @throws LockError */
export async function readAuditLock(path: string): Promise<AuditLock> {
  const lock = await readLockFile(path);
  const environment = environmentOf(basename(path));
  return environment === undefined ? { path, lock } : { path, environment, lock };
}

/** The locks that say what a stack should run: its environment's, else those for all environments, else any. */
export function locksFor(stack: string, locks: readonly AuditLock[]): readonly AuditLock[] {
  const own = locks.filter(({ environment }) => environment === stack);
  if (own.length > 0) return own;
  const general = locks.filter(({ environment }) => environment === undefined);
  return general.length > 0 ? general : locks;
}

function environmentOf(file: string): string | undefined {
  return /^images\.([\w-][\w.-]*)\.lock\.json$/.exec(file)?.[1];
}

function filesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
