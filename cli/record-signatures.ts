import type { Digest, ImageReference } from "../images";
import {
  longestWords,
  mostSigners,
  signedEntry,
  timestamp,
  type Lock,
  type LockedSigner,
  type Timestamp,
} from "../lock";
import { visible } from "../report";
import type { DigestReference, Signer, Verified } from "../signatures";
import { entryKey } from "./look-up";

/** An image, and what was found out of its signatures. */
export interface Finding {
  readonly image: DigestReference;
  readonly verified: Verified;
}

/** The names of a lock's entries by the images that they have: several tags may have one digest. */
export function entriesByImage(images: Lock["images"]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const [name, { digest }] of images) {
    const key = imageKey(entryKey(name).reference, digest);
    const names = found.get(key);
    if (names === undefined) found.set(key, [name]);
    else names.push(name);
  }
  return found;
}

/** An image whatever its tag: a signature of a digest in one repository says nothing of it in another. */
export function imageKey({ registry, repository }: ImageReference, digest: Digest): string {
  return `${registry}/${repository}@${digest}`;
}

/** Writes into a lock who signed its digests, and what proves it. Of digests that it does not have it says nothing. */
export function recordSignatures(lock: Lock, findings: readonly Finding[], now: Timestamp): Lock {
  const images = new Map(lock.images);
  const names = entriesByImage(images);
  for (const { image, verified } of findings) {
    const { evidence } = verified;
    if (evidence === undefined) continue;
    const by = signersOf(verified).map(lockedSigner);
    for (const name of names.get(imageKey(image, image.digest)) ?? []) {
      const entry = images.get(name);
      if (entry !== undefined) images.set(name, signedEntry(entry, { by, evidence }, now));
    }
  }
  return { ...lock, images };
}

/** Each once, those of the platforms where these are signed instead of the index. */
function signersOf({ signers, platforms }: Verified): readonly Signer[] {
  const all = [...signers, ...platforms.flatMap((platform) => platform.signers)];
  return [...new Map(all.map((signer) => [signerName(signer), signer])).values()].slice(0, mostSigners);
}

/** As people tell them apart. */
function signerName(signer: Signer): string {
  return signer.how === "key" ? signer.fingerprint : `${signer.subject} (${signer.issuer})`;
}

function lockedSigner(signer: Signer): LockedSigner {
  return {
    who: visible(signerName(signer)).slice(0, longestWords),
    how: signer.how,
    ...(signer.signedAt === undefined ? {} : { at: timestamp(signer.signedAt.getTime()) }),
  };
}
