import { byDigest, formatPlatform, type DigestReference } from "../images";
import type { ArtifactClient } from "../registry";
import type { RootReader } from "./check";
import { SignatureError } from "./error";
import { packEvidence } from "./evidence";
import { Judgement } from "./judgement";
import { keptIn, registryOf, type Place } from "./place";
import type { Signed } from "./signed";
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

export interface VerifiedPlatform extends Pick<Verified, "signers" | "provenance"> {
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
  const place = registryOf(witnesses.artifacts, { provenance: rule.provenance !== undefined, signal });
  const { proof, index, verdict } = await verifyAt(place, image, rule, witnesses.root);
  const packed = packEvidence({ signed: proof, index });
  return { ...verdict, ...(packed === undefined ? {} : { evidence: packed }) };
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
  const place = keptIn(evidence);
  if (place === undefined) return undefined;
  try {
    const { verdict } = await verifyAt(place, image, rule, root);
    return { ...verdict, evidence };
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
    return undefined;
  }
}

/** What was found at a place, and what of it proves the verdict. */
interface Outcome {
  readonly verdict: Omit<Verified, "evidence">;
  readonly proof: readonly Signed[];
  readonly index?: Buffer;
}

async function verifyAt(
  place: Place,
  image: DigestReference,
  rule: TrustRule,
  root: RootReader,
): Promise<Outcome> {
  try {
    const { signers, provenance, proof } = await judge(place, image, rule, root);
    return {
      verdict: { signers, platforms: [], ...(provenance === undefined ? {} : { provenance }) },
      proof,
    };
  } catch (error) {
    if (!(error instanceof SignatureError) || error.code !== "unsigned") throw error;
    return verifyPlatforms(place, image, rule, root, error);
  }
}

/** @throws SignatureError when what there is, is not enough. */
async function judge(
  place: Place,
  image: DigestReference,
  rule: TrustRule,
  root: RootReader,
): Promise<Judgement> {
  const judgement = new Judgement(image, rule, root);
  for await (const beside of place.signaturesOf(image)) {
    await judgement.take(beside);
    if (judgement.isEnough) return judgement;
  }
  throw judgement.failure();
}

async function verifyPlatforms(
  place: Place,
  image: DigestReference,
  rule: TrustRule,
  root: RootReader,
  unsigned: SignatureError,
): Promise<Outcome> {
  const index = await place.indexOf(image);
  if (index === undefined || index.children.length === 0) throw unsigned;
  const judged = new Map<string, Judgement>();
  const platforms: VerifiedPlatform[] = [];
  for (const { platform, digest } of index.children) {
    const name = platform === undefined ? digest : formatPlatform(platform);
    const child = byDigest(image, digest);
    // Windows has images that stand for several versions.
    const { signers, provenance } = judged.get(digest) ?? (await judgeChild(child, name));
    platforms.push({
      signers,
      ...(provenance === undefined ? {} : { provenance }),
      platform: name,
      image: child,
    });
  }
  const proof = [...judged.values()].flatMap((judgement) => judgement.proof);
  return { verdict: { signers: [], platforms }, proof, index: index.bytes };

  async function judgeChild(child: DigestReference, name: string): Promise<Judgement> {
    try {
      const judgement = await judge(place, child, rule, root);
      judged.set(child.digest, judgement);
      return judgement;
    } catch (error) {
      if (!(error instanceof SignatureError)) throw error;
      // Where not even the first platform's image is signed, nobody meant to sign them one by one.
      if (error.code === "unsigned" && judged.size === 0) throw unsigned;
      const code = error.code === "unsigned" ? "platform-unsigned" : error.code;
      const problem = `is no signed index, and its image for ${name} ${error.message}`;
      throw new SignatureError({ code, problem, cause: error });
    }
  }
}
