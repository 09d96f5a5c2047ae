import type { Digest, ImageReference } from "../images";
import type { RegistryAccess } from "./access";
import { refused } from "./answer-error";
import type { Artifact, ArtifactClient, BlobOptions, Descriptor } from "./artifact-client";
import { parseArtifact } from "./artifact-manifest";
import { readBlob } from "./blob";
import { provenDigest } from "./body";
import { RegistryError } from "./errors";
import { Flights } from "./flights";
import { acceptedTypes } from "./manifest";
import { targetOf } from "./question";
import { redactedArtifact, redactedList } from "./redacted";
import { Referrers } from "./referrers";
import { maxBody, type RepositoryRequest } from "./session";
import type { RequestOptions } from "./types";

/** What lies beside images, asked for by the same way as the images themselves. What is not there may be there soon. */
export class Artifacts implements Omit<ArtifactClient, "index"> {
  readonly #lists = new Flights<readonly Descriptor[]>((list) => list.length > 0);
  readonly #artifacts = new Flights<Artifact | undefined>((artifact) => artifact !== undefined);
  /** Not kept: whoever has used the bytes knows what it wanted to know, and they may be many. */
  readonly #blobs = new Flights<Buffer>(() => false);
  readonly #referrers;

  constructor(private readonly access: RegistryAccess) {
    this.#referrers = new Referrers(access);
  }

  async referrers(reference: ImageReference, options?: RequestOptions): Promise<readonly Descriptor[]> {
    const { digest } = reference;
    if (digest === undefined) {
      throw new TypeError(`what refers to ${reference.toString()} can be asked for by its digest alone`);
    }
    return this.access.ask(this.#lists, reference, options, async (deadline) =>
      redactedList(await this.#referrers.list(reference, digest, deadline), this.access.secrets),
    );
  }

  async artifact(reference: ImageReference, options?: RequestOptions): Promise<Artifact | undefined> {
    const request: RepositoryRequest = {
      method: "GET",
      path: `manifests/${targetOf(reference)}`,
      accept: acceptedTypes,
    };
    return this.access.ask(this.#artifacts, reference, options, async (deadline) => {
      const answer = await this.access.send(reference, request, deadline);
      if (answer.status === 404) return undefined;
      if (answer.status !== 200) throw refused(reference, request, answer);
      const artifact = this.access.prove(reference, request, answer.url.host, () =>
        parseArtifact(answer.body, answer.header("content-type"), provenDigest(answer, reference.digest)),
      );
      return redactedArtifact(artifact, this.access.secrets);
    });
  }

  async blob(
    reference: ImageReference,
    { digest, size }: Descriptor,
    { limit = maxBody, ...options }: BlobOptions = {},
  ): Promise<Buffer> {
    if (size > limit) throw blobTooLarge(reference, digest, size, limit);
    const key = `${reference.registry}/${reference.repository} ${digest} ${size}`;
    const wanted = {
      digest,
      size,
      owner: "artifact",
      fix: "push the artifact again: a part of it is missing",
    };
    return this.access.ask(
      this.#blobs,
      reference,
      options,
      (deadline) => readBlob(this.access, reference, wanted, deadline),
      key,
    );
  }
}

function blobTooLarge(
  { registry, repository }: ImageReference,
  digest: Digest,
  size: number,
  limit: number,
): RegistryError {
  return new RegistryError({
    code: "too-large",
    registry,
    repository,
    outcome: `${digest} in ${repository} on ${registry} has ${size} bytes by its manifest, and no more than ${limit} are read`,
    fix: `check what was pushed to ${repository} beside the image`,
  });
}
