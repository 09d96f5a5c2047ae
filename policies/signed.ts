import { byDigest, type ImageReference } from "../images";
import type { ArtifactClient } from "../registry/artifact-client";
import { RegistryError } from "../registry/errors";
import type { RegistryClient } from "../registry/types";
import type { DigestReference, TrustRule, Verified } from "../signatures";
// Not the folder's index, which loads the verifier.
import { SignatureError } from "../signatures/error";
import { askOnce, type Answer } from "./ask";
import type { LockAnswer } from "./lock-book";
import type { Settings } from "./settings";
import { trustedRoot } from "./trusted-root";

/** What came of verifying an image: who signed, or why nobody counts as having signed. */
export type SignatureVerdict = Verified | SignatureError;

/** Finding out who signed one image is worth this much of the time in which the engine waits, in milliseconds. */
const patience = 10_000;

export interface SignedSources {
  readonly settings: () => Settings;
  readonly registry: RegistryClient;
  /** What the lock says of a reference. Never throws. */
  readonly locked: (reference: ImageReference) => Promise<LockAnswer>;
  /** Names the folder in which a trusted root is kept that was fetched; this process's when left out. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
}

type Ask = (image: DigestReference) => Promise<Answer<SignatureVerdict>>;

/** Verifies images: each digest once by each rule, without a request where the lock keeps what proves it. */
export function signedBy({
  settings,
  registry,
  locked,
  environment,
}: SignedSources): (image: DigestReference, rule: TrustRule) => Promise<Answer<SignatureVerdict>> {
  const root = trustedRoot(() => settings().signatures.root, environment);
  const byRule = new Map<TrustRule, Ask>();

  const verifierBy = (rule: TrustRule): Ask => {
    const answers = new Map<string, Promise<Answer<SignatureVerdict>>>();
    const ask = askOnce(async (reference, signal, aside): Promise<SignatureVerdict> => {
      if (!readsArtifacts(registry)) throw new NoArtifactsError();
      if (!hasDigest(reference)) throw new TypeError(`${reference.toString()} has no digest`);
      const { verifyImage } = await import("../signatures/index.js");
      const witnesses = { artifacts: registry, root: async () => aside(root()) };
      return verdictOf(verifyImage(reference, rule, witnesses, { signal }));
    }, patience);
    /** What the lock keeps proves itself, or counts for nothing. */
    const keptFor = async (image: DigestReference): Promise<Verified | undefined> => {
      const found = await locked(image);
      const evidence = found.kind === "lock" ? found.match?.entry.signatures?.evidence : undefined;
      if (evidence === undefined) return undefined;
      try {
        const { verifyEvidence } = await import("../signatures/index.js");
        return await verifyEvidence(image, rule, root, evidence);
      } catch {
        return undefined;
      }
    };
    const answer = async (image: DigestReference): Promise<Answer<SignatureVerdict>> => {
      const kept = await keptFor(image);
      if (kept !== undefined) return { ok: true, value: kept };
      // The tag beside a digest is nobody's business: one digest, one question.
      return ask(byDigest(image, image.digest));
    };
    return async (image) => {
      const key = image.toString();
      let known = answers.get(key);
      if (known === undefined) answers.set(key, (known = answer(image)));
      return known;
    };
  };

  return async (image, rule) => {
    let verifier = byRule.get(rule);
    if (verifier === undefined) byRule.set(rule, (verifier = verifierBy(rule)));
    return verifier(image);
  };
}

/** An image whose reference has a digest. */
export function hasDigest(reference: ImageReference): reference is DigestReference {
  return reference.digest !== undefined;
}

/** That nobody who counts signed is an answer; that the registry gave none is not, and is thrown as what the registry's client said. */
async function verdictOf(verifying: Promise<Verified>): Promise<SignatureVerdict> {
  try {
    return await verifying;
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
    if (error.code === "unanswered") throw registryErrorIn(error) ?? error;
    return error;
  }
}

function registryErrorIn(error: unknown): RegistryError | undefined {
  if (error instanceof RegistryError) return error;
  return error instanceof Error ? registryErrorIn(error.cause) : undefined;
}

function readsArtifacts(
  client: RegistryClient | (RegistryClient & ArtifactClient),
): client is RegistryClient & ArtifactClient {
  return "referrers" in client && "artifact" in client && "blob" in client && "index" in client;
}

/** A client of somebody's own that cannot be asked for signatures has not said that there are any. */
class NoArtifactsError extends Error {
  readonly fix =
    "give the policies a client of createRegistryClient(), or one that has its questions about artifacts, too";

  constructor() {
    super("the registry client that the policies were given reads no signatures");
    this.name = "NoArtifactsError";
  }
}
