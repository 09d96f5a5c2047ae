import { existsSync } from "node:fs";
import { byDigest, parseImageReference, parsePlatform, type ImageReference, type Platform } from "../images";
import { lockKey, readLockText, viewLock, type LockView } from "../lock";
import { explainPinError } from "../pinning";
import { createRegistryClient, type Description, type RegistryClient, type Resolution } from "../registry";
import { clientOptions, type CacheOptions } from "./cache";
import { digestJson, digestLine, type DigestAnswer } from "./digest-answer";
import { exitCodes, worst, type ExitCode } from "./exit-codes";
import { lockToBegin } from "./lock-path";
import { createProgress } from "./progress";
import { exitCodeOf, failureText } from "./failure";
import { readReferences } from "./read-references";
import type { Surroundings } from "./surroundings";

export interface DigestOptions extends CacheOptions {
  /** `os/architecture[/variant]`: the digest of that platform's image, instead of the index's. */
  readonly platform?: string;
  readonly json?: boolean;
  readonly describe?: boolean;
}

/**
 * Prints the digest of each reference, one line each, in their order, as soon as it is known; what went wrong goes to stderr.
 *
 * @returns the exit code: 0, or 2 for wrong usage or when the worst is a reference that is none, or 3 when a registry gave no
 * digest.
 */
export async function digest(
  words: readonly string[],
  options: DigestOptions,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const { stdin, stdout, stderr, environment } = surroundings;
  let platform: Platform | undefined;
  let lock: LockView | undefined;
  let references: readonly string[];
  let client: RegistryClient;
  try {
    platform = options.platform === undefined ? undefined : parsePlatform(options.platform);
    client = createRegistryClient({ ...clientOptions(options, environment), environment });
    lock = options.offline === true ? await lockBeside(surroundings) : undefined;
    references = await readReferences(words, stdin);
  } catch (error) {
    const said = error instanceof TypeError ? error.message : failureText(error);
    if (said === undefined) throw error;
    stderr.write(`error: ${said}\n`);
    return exitCodes.usage;
  }

  const progress = createProgress(stderr, references.length);
  const ask = async (reference: string): Promise<DigestAnswer> => {
    try {
      const parsed = parseImageReference(reference);
      const locked = options.describe === true ? undefined : lockedAs(parsed, platform, lock);
      const found = locked ?? (await lookUp(client, parsed, platform, options.describe === true));
      return { reference, found };
    } catch (error) {
      return { reference, error };
    } finally {
      progress.step();
    }
  };

  let code: ExitCode = exitCodes.clean;
  const answers: DigestAnswer[] = [];
  try {
    // All are asked at once (the client holds them back, registry by registry), and printed in their order.
    for (const pending of references.map(ask)) {
      const answer = await pending;
      if (options.json === true) answers.push(answer);
      if ("error" in answer) {
        progress.clear();
        stderr.write(`${explainPinError(answer.reference, answer.error)}\n`);
        code = worst([code, exitCodeOf(answer.error)]);
      } else if (options.json !== true) {
        progress.clear();
        stdout.write(`${digestLine(answer.found)}\n`);
      }
    }
    progress.clear();
    if (options.json === true) stdout.write(`${JSON.stringify(answers.map(digestJson), undefined, 2)}\n`);
    return code;
  } finally {
    await client.close();
  }
}

/** The lock of the working folder, for who may connect to nothing; undefined where there is none. */
async function lockBeside(surroundings: Surroundings): Promise<LockView | undefined> {
  const path = lockToBegin(undefined, surroundings);
  if (!existsSync(path)) return undefined;
  return viewLock(await readLockText(path), path);
}

function lockedAs(
  reference: ImageReference,
  platform: Platform | undefined,
  lock: LockView | undefined,
): Resolution | undefined {
  const entry = lock?.get(lockKey(reference, platform));
  if (entry === undefined || (reference.digest !== undefined && reference.digest !== entry.digest))
    return undefined;
  return { digest: entry.digest, mediaType: entry.mediaType, registry: reference.registry };
}

async function lookUp(
  client: RegistryClient,
  reference: ImageReference,
  platform: Platform | undefined,
  describe: boolean,
): Promise<Resolution | Description> {
  if (platform === undefined) return describe ? client.describe(reference) : client.resolve(reference);
  const child = await client.resolvePlatform(reference, platform);
  if (!describe) return child;
  return client.describe(byDigest(reference, child.digest));
}
