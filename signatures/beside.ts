import * as v from "valibot";
import { byDigest, parseImageReference, type DigestReference, type ImageReference } from "../images";
import type { ArtifactClient, Descriptor, RequestOptions } from "../registry";
import { answered, asSignatureError } from "./answered";
import { readBundle } from "./bundle";
import { envelopeType, readCosignLayer, simpleSigningType } from "./cosign-layer";
import { SignatureError } from "./error";
import { readJson } from "./json";
import type { Signed } from "./signed";
import { signPredicate } from "./statement";

/** Something that lies beside an image, or why it could not be read. */
export type Beside = Signed | SignatureError;

export interface BesideOptions {
  /** Whether provenance is wanted, too. */
  readonly provenance: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** How many signatures of one image are looked at: whoever may push may push more than anybody can verify. */
export const mostSignatures = 100;
/** How many are fetched at a time, once the first was not enough. */
const batch = 8;
/** In bytes. Payloads of signatures have 300, provenance of large builds a few hundred thousand; `all` of one image together. */
const limits = { payload: 64 * 1024, bundle: 4 * 1024 * 1024, all: 32 * 1024 * 1024 };

const bundleType = /^application\/vnd\.dev\.sigstore\.bundle(?:\.v0\.\d\+json|\+json;version=0\.\d)$/;
/** What a manifest of signatures is called that refers to the image instead of being found by its tag. */
const cosignArtifact = "application/vnd.dev.cosign.artifact.sig.v1+json";
const predicateAnnotation = "dev.sigstore.bundle.predicateType";
const provenancePredicate = "https://slsa.dev/provenance/";

type Read = () => Promise<Beside>;

/**
 * Reads the signatures that lie beside an image: what refers to it first, then cosign's tags. Reads no further than it is
 * asked to.
 *
 * @throws SignatureError with the code `unanswered` when the registry does not say what there is, and `too-many` behind the
 * last one that is looked at.
 */
export async function* signaturesBeside(
  image: DigestReference,
  artifacts: ArtifactClient,
  options: BesideOptions,
): AsyncGenerator<Beside, void, undefined> {
  let looked = 0;
  for await (const reads of places(image, artifacts, options)) {
    let at = 0;
    while (at < reads.length) {
      const next = reads.slice(at, at + Math.min(looked === 0 ? 1 : batch, mostSignatures - looked));
      if (next.length === 0) throw tooMany(looked + reads.length - at);
      yield* await Promise.all(next.map(async (read) => read()));
      looked += next.length;
      at += next.length;
    }
  }
}

/** What there is to read, place by place: a place is asked about once those before it were not enough. */
async function* places(
  image: DigestReference,
  artifacts: ArtifactClient,
  { provenance, signal }: BesideOptions,
): AsyncGenerator<readonly Read[], void, undefined> {
  const reader = new ArtifactReader(image, artifacts, signal);
  const referrers = (await reader.referrers()).filter((descriptor) => mayBeWanted(descriptor, provenance));
  for (let at = 0; at < referrers.length;) {
    if (at >= mostSignatures) throw tooMany(referrers.length);
    const next = referrers.slice(at, at + Math.min(at === 0 ? 1 : batch, mostSignatures - at));
    const reads = next.map(async ({ digest }) => reader.signaturesIn(byDigest(image, digest)));
    yield (await Promise.all(reads)).flat();
    at += next.length;
  }
  // A longer digest makes no tag that a registry takes, and cosign makes none of it.
  if (!image.digest.startsWith("sha256:")) return;
  yield await reader.layersOf(byTag(image, "sig"));
  if (provenance) yield await reader.layersOf(byTag(image, "att"));
}

/** Reads what lies in the image's repository, and turns what goes wrong into our errors. */
class ArtifactReader {
  readonly #contents = new Map<string, Promise<Buffer>>();
  readonly #ask: RequestOptions;
  #bytes = 0;

  constructor(
    private readonly image: DigestReference,
    private readonly artifacts: ArtifactClient,
    signal: AbortSignal | undefined,
  ) {
    this.#ask = signal === undefined ? {} : { signal };
  }

  async referrers(): Promise<readonly Descriptor[]> {
    return answered(async () => this.artifacts.referrers(this.image, this.#ask));
  }

  /** One to read for each signature in a manifest; none when it is not there. */
  async layersOf(manifest: ImageReference): Promise<readonly Read[]> {
    const artifact = await answered(async () => this.artifacts.artifact(manifest, this.#ask));
    const layers = (artifact?.layers ?? []).filter(({ mediaType }) => isSignature(mediaType));
    return layers.map((layer) => async () => this.#read(layer));
  }

  /** The same for a manifest that the registry has named: one that cannot be read is told, and the others count. */
  async signaturesIn(manifest: ImageReference): Promise<readonly Read[]> {
    try {
      return await this.layersOf(manifest);
    } catch (error) {
      const told = asSignatureError(error);
      return [() => Promise.resolve(told)];
    }
  }

  async #read(layer: Descriptor): Promise<Beside> {
    try {
      return readLayer(layer, await this.#content(layer));
    } catch (error) {
      return asSignatureError(error);
    }
  }

  /** Signers of one image sign the same payload most of the time, which is fetched once. */
  async #content(layer: Descriptor): Promise<Buffer> {
    if (layer.mediaType !== simpleSigningType) return this.#fetch(layer, limits.bundle);
    let content = this.#contents.get(layer.digest);
    if (content === undefined) {
      content = this.#fetch(layer, limits.payload);
      this.#contents.set(layer.digest, content);
    }
    return content;
  }

  async #fetch(layer: Descriptor, limit: number): Promise<Buffer> {
    if (layer.size > limit) {
      const problem = `has a signature of ${layer.size} bytes; ${limit} are the most`;
      throw new SignatureError({ code: "too-large", problem });
    }
    this.#bytes += layer.size;
    if (this.#bytes > limits.all) {
      const problem = `has signatures of ${this.#bytes} bytes and more; ${limits.all} are read`;
      throw new SignatureError({ code: "too-large", problem });
    }
    return answered(async () => this.artifacts.blob(this.image, layer, { ...this.#ask, limit }));
  }
}

function readLayer({ mediaType, annotations }: Descriptor, content: Buffer): Signed {
  if (!bundleType.test(mediaType)) return readCosignLayer({ mediaType, annotations, content });
  return readBundle(readJson(content, v.unknown(), "a Sigstore bundle"));
}

function isSignature(mediaType: string): boolean {
  return mediaType === simpleSigningType || mediaType === envelopeType || bundleType.test(mediaType);
}

/** Whether a referrer can be what is looked for, as far as its descriptor says. */
function mayBeWanted({ artifactType, annotations }: Descriptor, provenance: boolean): boolean {
  if (artifactType === cosignArtifact || artifactType === undefined) return true;
  if (!bundleType.test(artifactType)) return false;
  const predicate = annotations[predicateAnnotation];
  if (predicate === undefined || predicate === signPredicate) return true;
  return provenance && predicate.startsWith(provenancePredicate);
}

/** https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md#tag-based-discovery */
function byTag({ registry, repository, digest }: DigestReference, kind: "sig" | "att"): ImageReference {
  return parseImageReference(`${registry}/${repository}:${digest.replace(":", "-")}.${kind}`);
}

function tooMany(count: number): SignatureError {
  const problem = `has at least ${count} signatures; ${mostSignatures} were looked at, and they are not enough`;
  return new SignatureError({ code: "too-many", problem });
}
