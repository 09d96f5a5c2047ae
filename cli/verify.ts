import { byDigest, formatPinned } from "../images";
import { emptyLock, readLockFile, timestamp, type Lock, type Timestamp } from "../lock";
import { jsonText } from "../report";
import { rootReader, verifyImage, type RootReader } from "../signatures";
import { askAll, type Client } from "./ask-all";
import { changeLock } from "./change-lock";
import { worst, type ExitCode } from "./exit-codes";
import { existingLock, lockInUse, shortPath } from "./lock-path";
import type { Failed } from "./outcome";
import { painter } from "./paint";
import { readReferences } from "./read-references";
import { entriesByImage, imageKey, recordSignatures } from "./record-signatures";
import { runVerb } from "./run-verb";
import type { Surroundings } from "./surroundings";
import { readTrust, type Trust, type TrustOptions } from "./trust";
import { exitCodeFor, type VerifyAnswer } from "./verify-answer";
import { answerJson } from "./verify-json";
import { targetsOf, type Target } from "./verify-targets";
import { answerText, failedText } from "./verify-text";
import { within } from "./within";

/** What may be asked of one image, and of those of its platforms, in milliseconds: many times what an honest one takes. */
const patience = 120_000;

export interface VerifyOptions extends TrustOptions {
  readonly lock?: string;
  /** Writes what was found into the lock. */
  readonly record?: boolean;
  /** Asks registries even where the lock keeps what proves it. */
  readonly fresh?: boolean;
  readonly json?: boolean;
}

/**
 * Finds out who signed images, prints it, and records it where that is asked for.
 *
 * @returns the exit code.
 */
export async function verify(
  words: readonly string[],
  options: VerifyOptions,
  surroundings: Surroundings,
): Promise<ExitCode> {
  return runVerb(surroundings, async () => {
    const { stdin, stdout, stderr, folder, clock } = surroundings;
    const trust = await readTrust(options, surroundings);
    const named = words.length === 0 ? [] : await readReferences(words, stdin);
    const isNeeded = words.length === 0 || options.record === true || options.lock !== undefined;
    const path = isNeeded ? existingLock(options.lock, surroundings) : lockInUse(surroundings);
    const { images } = path === undefined ? emptyLock() : await readLockFile(path);
    const kept = options.fresh === true ? new Map<string, string>() : evidenceIn(images);

    const root = rootReader(trust.root);
    const asked = await askAll(targetsOf(named, images), surroundings, async (item, client) =>
      verifyOne(item, client, { trust, root, kept }),
    );
    const found = asked.map((answer): VerifyAnswer => {
      if (!("error" in answer)) return answer.found;
      return { outcome: "failed", reference: answer.item.image, error: answer.error };
    });
    const isRecord = options.record === true && path !== undefined;
    const answers = isRecord ? await record(path, found, timestamp(clock())) : found;

    const lock = path === undefined ? "" : shortPath(path, folder);
    const paint = painter(stdout);
    for (const answer of answers) {
      if (answer.outcome === "failed") stderr.write(failedText(answer));
      else if (options.json !== true) stdout.write(answerText(answer, lock, paint));
    }
    if (options.json === true) stdout.write(jsonText(answers.map(answerJson)));
    else if (answers.length === 0) stdout.write("nothing to verify\n");
    return worst(answers.map(exitCodeFor));
  });
}

interface Means {
  readonly trust: Trust;
  readonly root: RootReader;
  /** What the lock keeps, by image. */
  readonly kept: ReadonlyMap<string, string>;
}

async function verifyOne(
  target: Target | Failed,
  client: Client,
  { trust, root, kept }: Means,
): Promise<VerifyAnswer> {
  if ("error" in target) throw target.error;
  const { reference } = target;
  const rule = trust.ruleFor(reference);
  if (rule === "unsigned") return { outcome: "not demanded", target };
  const digest = target.digest ?? (await client.resolve(reference)).digest;
  const name = formatPinned(reference, digest);
  const image = byDigest(reference, digest);
  const evidence = kept.get(imageKey(image, digest));
  try {
    const verified = await within(image, patience, async (signal) =>
      verifyImage(image, rule, { artifacts: client, root }, { evidence, signal }),
    );
    const isKept = evidence !== undefined && verified.evidence === evidence;
    return { outcome: "signed", target, name, image, verified, isKept };
  } catch (error) {
    return { outcome: "failed", reference: target.image, name, digest, error };
  }
}

function evidenceIn(images: Lock["images"]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [key, names] of entriesByImage(images)) {
    for (const name of names) {
      const evidence = images.get(name)?.signatures?.evidence;
      if (evidence !== undefined) found.set(key, evidence);
    }
  }
  return found;
}

/** Writes what was verified into the lock, all of it or nothing. What is not in the lock is not begun by this. */
async function record(
  path: string,
  answers: readonly VerifyAnswer[],
  now: Timestamp,
): Promise<readonly VerifyAnswer[]> {
  const signed = answers.filter((answer) => answer.outcome === "signed");
  let entries: ReadonlyMap<string, readonly string[]> = new Map();
  await changeLock(path, false, (lock) => {
    entries = entriesByImage(lock.images);
    return recordSignatures(lock, signed, now);
  });
  return answers.map((answer) => {
    if (answer.outcome !== "signed") return answer;
    const { image, verified } = answer;
    const names = verified.evidence === undefined ? [] : entries.get(imageKey(image, image.digest));
    return { ...answer, recorded: names ?? [] };
  });
}
