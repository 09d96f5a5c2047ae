import type { Digest, ImageReference } from "../images";
import type { RegistryAccess } from "./access";
import { blobMissing, refused } from "./answer-error";
import type { Deadline } from "./deadline";
import { checkDigest, ManifestError } from "./manifest";
import type { RepositoryRequest } from "./session";

/** A blob, as a manifest speaks of it. */
export interface WantedBlob {
  readonly digest: Digest;
  /** Bytes, where they are known beforehand: no more are read. */
  readonly size?: number;
  /** What the manifest is of, to stand in an error: `image`. */
  readonly owner: string;
  /** Half a sentence: what to do when it is not there. */
  readonly fix: string;
}

/** The bytes of a blob, proven. @throws RegistryError */
export async function readBlob(
  access: RegistryAccess,
  reference: ImageReference,
  { digest, size, ...words }: WantedBlob,
  deadline: Deadline,
): Promise<Buffer> {
  const request: RepositoryRequest = {
    method: "GET",
    path: `blobs/${digest}`,
    accept: "*/*",
    ...(size === undefined ? {} : { limit: size }),
  };
  const answer = await access.send(reference, request, deadline);
  if (answer.status === 404) throw blobMissing(reference, request, answer, words);
  if (answer.status !== 200) throw refused(reference, request, answer);
  return access.prove(reference, request, answer.url.host, () => {
    const { body } = answer;
    checkDigest(body, digest, "the digest in its manifest");
    if (size !== undefined && body.length !== size) {
      const stated = `answered ${body.length} bytes, not the ${size} that its manifest speaks of`;
      throw new ManifestError("bad-response", stated);
    }
    return body;
  });
}
