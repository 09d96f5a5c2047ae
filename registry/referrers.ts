import type { Digest, ImageReference } from "../images";
import type { RegistryAccess } from "./access";
import { refused } from "./answer-error";
import type { Descriptor } from "./artifact-client";
import { maxDescriptors, parseReferrers } from "./artifact-manifest";
import { plainBody, provenDigest } from "./body";
import type { Deadline } from "./deadline";
import { RegistryError } from "./errors";
import { isHostWide, registryCodeOf } from "./exchange";
import { notAsked } from "./gate";
import { acceptedTypes, algorithmOf, digestOf, ociIndex, typeIn } from "./manifest";
import { nextPage } from "./next-page";
import type { RepositoryRequest } from "./session";
import type { TransportAnswer } from "./transport";

const maxPages = 100;
/** MiB of all pages of one list: four times what one manifest may have. */
const maxSize = 32;

/** Statuses by which registries say that they do not have the API: those that go-containerregistry and HEAD's kin take for it. */
const apiMissing: ReadonlySet<number> = new Set([400, 404, 405, 406, 501]);
/** Error codes that speak of what was asked about, so that they say nothing about the API. */
const aboutTheQuestion: ReadonlySet<string | undefined> = new Set([
  "NAME_UNKNOWN",
  "NAME_INVALID",
  "MANIFEST_UNKNOWN",
  "DIGEST_INVALID",
]);

/** Google's Artifact Registry answers a question that it does not know with a page to sign in by (go-containerregistry#1968). */
function isWithoutApi(answer: TransportAnswer): boolean {
  if (apiMissing.has(answer.status)) return true;
  return answer.status === 200 && typeIn(answer.header("content-type") ?? "") === "text/html";
}

/** Lists what refers to a digest: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-referrers. */
export class Referrers {
  /** By registry, whether it has the API: found out by the first question, for which the others wait. */
  readonly #hasApi = new Map<string, Promise<boolean>>();

  constructor(private readonly access: RegistryAccess) {}

  /** @throws RegistryError */
  async list(reference: ImageReference, digest: Digest, deadline: Deadline): Promise<readonly Descriptor[]> {
    return (
      (await this.#byApi(reference, digest, deadline)) ?? (await this.#byTag(reference, digest, deadline))
    );
  }

  /** Undefined where the registry does not have the API. */
  async #byApi(
    reference: ImageReference,
    digest: Digest,
    deadline: Deadline,
  ): Promise<readonly Descriptor[] | undefined> {
    const known = this.#hasApi.get(reference.registry);
    // Nothing is waited for where nothing is known: the first has to have asked before the second looks.
    if (known !== undefined && !(await forThis(reference, known))) return undefined;
    const list: Descriptor[] = [];
    let query = "";
    let size = 0;
    for (let page = 0; page < maxPages; page++) {
      const request: RepositoryRequest = {
        method: "GET",
        path: `referrers/${digest}`,
        query,
        accept: ociIndex,
      };
      const answer = await this.#learn(reference.registry, this.access.send(reference, request, deadline));
      if (page === 0 && isWithoutApi(answer)) return undefined;
      if (answer.status !== 200) throw refused(reference, request, answer);
      const next = this.access.prove(reference, request, answer.url.host, () => {
        list.push(...parseReferrers(plainBody(answer), answer.header("content-type")));
        return nextPage(answer.header("link"), answer.url);
      });
      if (list.length > maxDescriptors) throw tooMany(reference, digest, `${maxDescriptors} artifacts`);
      if (next === undefined) return list;
      query = next;
      size += answer.body.length;
      if (size > maxSize * 1024 * 1024) throw tooMany(reference, digest, `${maxSize} MiB of artifacts`);
    }
    throw tooMany(reference, digest, `${maxPages} pages of artifacts`);
  }

  /** Takes from an answer, while nobody knows it, whether there is an API. Those who wait ask for themselves if it does not tell. */
  async #learn(registry: string, asked: Promise<TransportAnswer>): Promise<TransportAnswer> {
    if (this.#hasApi.has(registry)) return asked;
    const verdict = asked.then(
      (answer) => {
        if (!isWithoutApi(answer)) return true;
        if (!aboutTheQuestion.has(registryCodeOf(answer))) return false;
        this.#hasApi.delete(registry);
        return true;
      },
      (error: unknown) => {
        this.#hasApi.delete(registry);
        // Those who wait would meet the same fate.
        if (error instanceof RegistryError && isHostWide(error.code)) throw error;
        return true;
      },
    );
    verdict.catch(() => undefined);
    this.#hasApi.set(registry, verdict);
    return asked;
  }

  /** The list that clients keep where the registry does not: spec.md#referrers-tag-schema. */
  async #byTag(
    reference: ImageReference,
    digest: Digest,
    deadline: Deadline,
  ): Promise<readonly Descriptor[]> {
    const request: RepositoryRequest = {
      method: "GET",
      path: `manifests/${tagOf(digest)}`,
      accept: acceptedTypes,
    };
    const answer = await this.access.send(reference, request, deadline);
    if (answer.status === 404) return [];
    if (answer.status !== 200) throw refused(reference, request, answer);
    return this.access.prove(reference, request, answer.url.host, () => {
      provenDigest(answer, undefined);
      // GitLab's registry takes such a tag for the digest (oras-go#1396): what it answers is not the list, but the image itself.
      if (digestOf(answer.body, algorithmOf(digest)) === digest) return [];
      return parseReferrers(answer.body, answer.header("content-type"));
    });
  }
}

/** What another question has shown, in words of this one where it is a trouble. */
async function forThis<T>({ registry, repository }: ImageReference, shown: Promise<T>): Promise<T> {
  return shown.catch((error: unknown) => {
    throw error instanceof RegistryError ? notAsked({ registry, repository }, error) : error;
  });
}

/** A tag has room for 128 characters, so that a sha512 digest does not fit whole. */
function tagOf(digest: Digest): string {
  const [algorithm = "", hex = ""] = digest.split(":");
  return `${algorithm.slice(0, 32)}-${hex.slice(0, 64)}`;
}

function tooMany({ registry, repository }: ImageReference, digest: Digest, what: string): RegistryError {
  return new RegistryError({
    code: "too-large",
    registry,
    repository,
    outcome: `more than ${what} refer to ${digest} in ${repository} on ${registry}`,
    fix: `delete those that nobody needs from ${repository}`,
  });
}
