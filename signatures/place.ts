import type { DigestReference } from "../images";
import { readIndex, type ArtifactClient, type ImageIndex } from "../registry";
import { answered } from "./answered";
import { mostSignatures, signaturesBeside, type Beside, type BesideOptions } from "./beside";
import { SignatureError } from "./error";
import { unpackEvidence, type Evidence } from "./evidence";

/** Where signatures are looked for. */
export interface Place {
  /** What may be a signature of the image. */
  signaturesOf(image: DigestReference): AsyncIterable<Beside> | Iterable<Beside>;
  /** Undefined for a single image. @throws SignatureError */
  indexOf(image: DigestReference): Promise<ImageIndex | undefined>;
}

/** What lies beside images in their registries. */
export function registryOf(artifacts: ArtifactClient, options: BesideOptions): Place {
  const { signal } = options;
  return {
    signaturesOf: (image) => withoutThrowing(signaturesBeside(image, artifacts, options)),
    indexOf: async (image) =>
      answered(async () => artifacts.index(image, signal === undefined ? {} : { signal })),
  };
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

/** What evidence holds; undefined for what is none: it is somebody's edit, or of a later version. */
export function keptIn(text: string): Place | undefined {
  let evidence: Evidence;
  try {
    evidence = unpackEvidence(text);
  } catch {
    return undefined;
  }
  const { signed, index } = evidence;
  return {
    signaturesOf({ digest }) {
      const about = signed.filter(({ claim }) => claim.subjects.some((subject) => subject.digest === digest));
      return about.slice(0, mostSignatures);
    },
    indexOf: (image) => Promise.resolve(index === undefined ? undefined : indexIn(index, image)),
  };
}

function indexIn(bytes: Buffer, { digest }: DigestReference): ImageIndex | undefined {
  try {
    return readIndex(bytes, digest);
  } catch {
    // Another image's, or somebody's edit.
    return undefined;
  }
}
