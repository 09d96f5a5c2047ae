import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { lstat, readFile, readlink, rename, rm, symlink, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import { codeOf, LockError } from "./error";

/** A change of a lock takes milliseconds; whoever holds it longer than this has a trouble that a person must see. */
const usualPatience = 10_000;

/** What a claim says. It may come from a repository, and is shown to people. */
const ownerSchema = v.object({
  pid: v.pipe(v.number(), v.integer(), v.minValue(1)),
  host: v.pipe(v.string(), v.regex(/^[\w.-]{1,255}$/)),
  nonce: v.string(),
});

/**
 * Runs `work` while no other process does so for the same file. The claim stands beside it; one that a dead process of this machine
 * left behind is taken away.
 *
 * @param work Is handed a question to ask before it writes: whether the claim is still its own.
 * @param patience How long to wait for another process, in milliseconds.
 * @throws LockError with the code `busy` when the claim is not to be had in that time, `unwritable` when it cannot be made.
 */
export async function exclusively<T>(
  path: string,
  work: (stillMine: () => Promise<boolean>) => Promise<T>,
  patience = usualPatience,
): Promise<T> {
  const claim = `${path}.busy`;
  const owner = JSON.stringify({ pid: process.pid, host: hostname(), nonce: randomBytes(8).toString("hex") });
  const stillMine = async (): Promise<boolean> => (await read(claim)) === owner;
  await acquire(path, claim, owner, patience);
  try {
    return await work(stillMine);
  } finally {
    if (await stillMine()) await rm(claim, { force: true });
  }
}

async function acquire(path: string, claim: string, owner: string, patience: number): Promise<void> {
  const deadline = performance.now() + patience;
  for (let wait = 1; ; wait = Math.min(wait * 2, 100)) {
    if (await create(path, claim, owner)) return;
    const present = await read(claim);
    if (performance.now() > deadline) {
      throw new LockError({
        code: "busy",
        path,
        problem: `is being written by another process${present === undefined ? "" : ` (${nameOf(present)})`}`,
        fix: `try again; if no such process runs, remove ${claim}`,
      });
    }
    if (present !== undefined && isAbandoned(present)) await takeAway(path, claim, present);
    else await sleep(wait * (0.5 + Math.random()));
  }
}

/**
 * Makes the claim, unless there is one. A symbolic link that leads nowhere: it is there with all that it says or not at all, whenever
 * this process dies, and leaves nothing else behind.
 */
async function create(path: string, claim: string, owner: string): Promise<boolean> {
  try {
    await symlink(owner, claim);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
  }
  try {
    // Windows and some file systems have no links for everybody. There a process that dies within this call leaves a claim that
    // does not say whose it is, and that a person must remove.
    await writeFile(claim, owner, { flag: "wx" });
    return true;
  } catch (cause) {
    if (codeOf(cause) === "EEXIST") return false;
    const problem = `cannot be written: its folder takes no new files (${codeOf(cause)})`;
    const fix = "check the folder's permissions and the space left";
    throw new LockError({ code: "unwritable", path, problem, fix, cause });
  }
}

/** Takes a dead owner's claim away, and puts back what is not his: another process may have been faster. */
async function takeAway(path: string, claim: string, expected: string): Promise<void> {
  const aside = `${claim}.${randomBytes(6).toString("hex")}`;
  try {
    await rename(claim, aside);
  } catch {
    return; // Somebody else has taken it away.
  }
  const taken = await read(aside);
  await rm(aside, { force: true });
  // Where a third process has claimed it in between, the owner finds out before it writes.
  if (taken !== undefined && taken !== expected) await create(path, claim, taken);
}

/** Whether the owner ran on this machine and does not any more. Of other machines nobody can tell. */
function isAbandoned(text: string): boolean {
  const owner = parseOwner(text);
  if (owner?.host !== hostname()) return false;
  try {
    process.kill(owner.pid, 0);
    return false;
  } catch (error) {
    return codeOf(error) === "ESRCH";
  }
}

function nameOf(text: string): string {
  const owner = parseOwner(text);
  return owner === undefined ? "which one, nobody knows" : `process ${owner.pid} on ${owner.host}`;
}

function parseOwner(text: string): v.InferOutput<typeof ownerSchema> | undefined {
  try {
    const parsed = v.safeParse(ownerSchema, JSON.parse(text));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

async function read(claim: string): Promise<string | undefined> {
  try {
    const found = await lstat(claim);
    if (found.isSymbolicLink()) return await readlink(claim);
    return found.isFile() ? await readFile(claim, "utf8") : undefined;
  } catch {
    return undefined;
  }
}
