import { parseImageReference, parsePlatform, type ImageReference, type Platform } from "../images";
import { explainPinError } from "../pinning";
import { createRegistryClient, type Description, type RegistryClient, type Resolution } from "../registry";
import { clientOptions, type CacheOptions } from "./cache";
import { digestJson, digestLine, errorExitCode, type DigestAnswer } from "./digest-answer";
import { createProgress, type ProgressStream } from "./progress";
import { readReferences, UsageError, type Input } from "./read-references";

interface Streams {
  readonly stdin: Input;
  readonly stdout: { write(text: string): unknown };
  readonly stderr: ProgressStream;
}

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
  { stdin, stdout, stderr }: Streams,
): Promise<number> {
  let platform: Platform | undefined;
  let references: readonly string[];
  let client: RegistryClient;
  try {
    platform = options.platform === undefined ? undefined : parsePlatform(options.platform);
    client = createRegistryClient(clientOptions(options, process.env));
    references = await readReferences(words, stdin);
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof TypeError)) throw error;
    stderr.write(`error: ${error.message}\n`);
    return 2;
  }

  const progress = createProgress(stderr, references.length);
  const ask = async (reference: string): Promise<DigestAnswer> => {
    try {
      const found = await lookUp(client, parseImageReference(reference), platform, options.describe === true);
      return { reference, found };
    } catch (error) {
      return { reference, error };
    } finally {
      progress.step();
    }
  };

  let code = 0;
  const answers: DigestAnswer[] = [];
  try {
    // All are asked at once (the client holds them back, registry by registry), and printed in their order.
    for (const pending of references.map(ask)) {
      const answer = await pending;
      if (options.json === true) answers.push(answer);
      if ("error" in answer) {
        progress.clear();
        stderr.write(`${explainPinError(answer.reference, answer.error)}\n`);
        code = Math.max(code, errorExitCode(answer.error));
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

async function lookUp(
  client: RegistryClient,
  reference: ImageReference,
  platform: Platform | undefined,
  describe: boolean,
): Promise<Resolution | Description> {
  if (platform === undefined) return describe ? client.describe(reference) : client.resolve(reference);
  const child = await client.resolvePlatform(reference, platform);
  if (!describe) return child;
  return client.describe(
    parseImageReference(`${reference.registry}/${reference.repository}@${child.digest}`),
  );
}
