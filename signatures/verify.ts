import { formatPlatform, parseImageReference } from "../images";
import { RegistryError, type ArtifactClient } from "../registry";
import { mostSignatures, signaturesBeside, type Beside, type DigestReference } from "./beside";
import type { RootReader } from "./check";
import { SignatureError } from "./error";
import { packEvidence, unpackEvidence } from "./evidence";
import { Judgement } from "./judgement";
import type { Provenance, Signer, TrustRule } from "./trust";

/** An image that is signed as a rule demands. */
export interface Verified {
  /** Who signed; as many as were needed, in the order in which they were found. Empty where the platforms are signed instead. */
  readonly signers: readonly Signer[];
  readonly provenance?: Provenance;
  /** The images of the platforms, where these are signed instead of their index. */
  readonly platforms: readonly VerifiedPlatform[];
  /** What proves it without any request, to be kept beside the digest; undefined where that is more than a lock should hold. */
  readonly evidence?: string;
}

export interface VerifiedPlatform extends Verified {
  /** `os/architecture[/variant]`; the digest where the index names no platform. */
  readonly platform: string;
  readonly image: DigestReference;
}

/** Who is asked. */
export interface Witnesses {
  readonly artifacts: ArtifactClient;
  readonly root: RootReader;
}

export interface VerifyOptions {
  /** What an earlier {@link Verified.evidence} gave. It proves itself, so that it may come from anybody. */
  readonly evidence?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Finds out whether the digest of an image is signed as a rule demands: by evidence that was kept, without any request where that
 * is enough; else by what lies beside the image; else by what lies beside the image of each of its platforms.
 *
 * @throws SignatureError that says why it is not.
 */
export async function verifyImage(
  image: DigestReference,
  rule: TrustRule,
  witnesses: Witnesses,
  { evidence, signal }: VerifyOptions = {},
): Promise<Verified> {
  if (evidence !== undefined) {
    const kept = await verifyEvidence(image, rule, witnesses.root, evidence);
    if (kept !== undefined) return kept;
  }
  try {
    return await verifyBeside(image, rule, witnesses, signal);
  } catch (error) {
    if (!(error instanceof SignatureError) || error.code !== "unsigned") throw error;
    return verifyPlatforms(image, rule, witnesses, signal, error);
  }
}

/**
 * Finds out what evidence that was kept proves, without any request.
 *
 * @param evidence What an earlier {@link Verified.evidence} gave, or anybody else.
 * @returns undefined when it does not prove what the rule demands.
 */
export async function verifyEvidence(
  image: DigestReference,
  rule: TrustRule,
  root: RootReader,
  evidence: string,
): Promise<Verified | undefined> {
  const judgement = new Judgement(image, rule, root);
  let kept;
  try {
    kept = unpackEvidence(evidence).slice(0, mostSignatures);
  } catch {
    // It is somebody's edit, or of a later version: what lies beside the image counts all the same.
    return undefined;
  }
  for (const signed of kept) await judgement.take(signed);
  return judgement.isEnough ? { ...verdictOf(judgement), evidence } : undefined;
}

async function verifyBeside(
  image: DigestReference,
  rule: TrustRule,
  { artifacts, root }: Witnesses,
  signal: AbortSignal | undefined,
): Promise<Verified> {
  const judgement = new Judgement(image, rule, root);
  const found = signaturesBeside(image, artifacts, { provenance: rule.provenance !== undefined, signal });
  for await (const beside of withoutThrowing(found)) {
    await judgement.take(beside);
    if (judgement.isEnough) {
      const evidence = packEvidence(judgement.proof);
      return { ...verdictOf(judgement), ...(evidence === undefined ? {} : { evidence }) };
    }
  }
  throw judgement.failure();
}

/** What ends the reading is one more reason: what was read before it may say more. */
async function* withoutThrowing(found: AsyncIterable<Beside>): AsyncGenerator<Beside, void, undefined> {
  try {
    yield* found;
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
    yield error;
  }
}

async function verifyPlatforms(
  image: DigestReference,
  rule: TrustRule,
  witnesses: Witnesses,
  signal: AbortSignal | undefined,
  unsigned: SignatureError,
): Promise<Verified> {
  const children = await childrenOf(image, witnesses.artifacts, signal);
  if (children.length === 0) throw unsigned;
  const platforms: VerifiedPlatform[] = [];
  for (const { platform, digest } of children) {
    const name = platform === undefined ? digest : formatPlatform(platform);
    const child = { ...parseImageReference(`${image.registry}/${image.repository}@${digest}`), digest };
    try {
      platforms.push({
        ...(await verifyBeside(child, rule, witnesses, signal)),
        platform: name,
        image: child,
      });
    } catch (error) {
      if (!(error instanceof SignatureError)) throw error;
      // Where not even the first platform's image is signed, nobody meant to sign them one by one.
      if (error.code === "unsigned" && platforms.length === 0) throw unsigned;
      if (error.code !== "unsigned")
        throw new SignatureError({
          code: error.code,
          problem: `is no signed index, and its image for ${name} ${error.message}`,
          cause: error,
        });
      const problem = `is no signed index, and its image for ${name} is signed by nobody`;
      throw new SignatureError({ code: "platform-unsigned", problem, cause: error });
    }
  }
  return { signers: [], platforms };
}

async function childrenOf(
  image: DigestReference,
  artifacts: ArtifactClient,
  signal: AbortSignal | undefined,
): Promise<Awaited<ReturnType<ArtifactClient["children"]>>> {
  try {
    return await artifacts.children(image, signal === undefined ? {} : { signal });
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    throw new SignatureError({
      code: "unanswered",
      problem: `cannot be verified: ${error.message}`,
      cause: error,
    });
  }
}

function verdictOf({
  signers,
  provenance,
}: Judgement): Pick<Verified, "signers" | "provenance" | "platforms"> {
  return { signers, platforms: [], ...(provenance === undefined ? {} : { provenance }) };
}
