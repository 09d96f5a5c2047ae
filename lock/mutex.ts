import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import { codeOf, LockError } from "./error";

/** A change of a lock takes milliseconds; whoever holds it longer than this has a trouble that a person must see. */
const patience = 10_000;

const ownerSchema = v.object({ pid: v.number(), host: v.string(), nonce: v.string() });

/**
 * Runs `work` while no other process does so for the same file. The claim is a file beside it; one that a dead process of this
 * machine left behind is taken away.
 *
 * @param work Is handed a question to ask before it writes: whether the claim is still its own.
 * @throws LockError with the code `busy` when the claim is not to be had in ten seconds, `unwritable` when it cannot be made.
 */
export async function exclusively<T>(
  path: string,
  work: (stillMine: () => Promise<boolean>) => Promise<T>,
): Promise<T> {
  const claim = `${path}.busy`;
  const owner = JSON.stringify({ pid: process.pid, host: hostname(), nonce: randomBytes(8).toString("hex") });
  const stillMine = async (): Promise<boolean> => (await read(claim)) === owner;
  await acquire(path, claim, owner);
  try {
    return await work(stillMine);
  } finally {
    if (await stillMine()) await rm(claim, { force: true });
  }
}

async function acquire(path: string, claim: string, owner: string): Promise<void> {
  const deadline = Date.now() + patience;
  for (let wait = 1; ; wait = Math.min(wait * 2, 100)) {
    if (await create(path, claim, owner)) return;
    const present = await read(claim);
    if (present !== undefined && isAbandoned(present)) {
      await takeAway(claim, present);
      continue;
    }
    if (Date.now() > deadline) {
      throw new LockError({
        code: "busy",
        path,
        problem: `is being written by another process${present === undefined ? "" : ` (${nameOf(present)})`}`,
        fix: `try again; if no such process runs, remove ${claim}`,
      });
    }
    await sleep(wait * (0.5 + Math.random()));
  }
}

/** Whole or not at all: a claim that is there but not written yet would look like nobody's. */
async function create(path: string, claim: string, owner: string): Promise<boolean> {
  const draft = `${claim}.${randomBytes(6).toString("hex")}`;
  try {
    await writeFile(draft, owner, { flag: "wx" });
    await link(draft, claim).catch(async (error: unknown) => {
      // Some file systems have no links. There a process that dies just here leaves a claim that a person must remove.
      if (!["EPERM", "ENOTSUP", "ENOSYS"].includes(codeOf(error))) throw error;
      await writeFile(claim, owner, { flag: "wx" });
    });
    return true;
  } catch (cause) {
    if (codeOf(cause) === "EEXIST") return false;
    const problem = "cannot be written: its folder takes no new files";
    throw new LockError({
      code: "unwritable",
      path,
      problem,
      fix: "check the folder's permissions and the space left",
      cause,
    });
  } finally {
    await rm(draft, { force: true }).catch(() => undefined);
  }
}

/** Takes a dead owner's claim away, and puts back what is not his: another process may have been faster. */
async function takeAway(claim: string, expected: string): Promise<void> {
  const aside = `${claim}.${randomBytes(6).toString("hex")}`;
  try {
    await rename(claim, aside);
  } catch {
    return;
  }
  try {
    if ((await read(aside)) !== expected) await link(aside, claim);
  } catch {
    // Somebody claimed it in between; its former owner finds out before it writes.
  } finally {
    await rm(aside, { force: true });
  }
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

async function read(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch {
    return undefined;
  }
}
