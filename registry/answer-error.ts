import type { ImageReference } from "../images";
import { RegistryError } from "./errors";
import { describeStatus, registryCodeOf } from "./exchange";
import type { ManifestError } from "./manifest";
import type { RepositoryRequest } from "./session";
import type { TransportAnswer } from "./transport";

/** The error of an answer whose status is of no use: 404 says that it is not there, others break the protocol. */
export function refused(
  reference: ImageReference,
  request: RepositoryRequest,
  answer: TransportAnswer,
): RegistryError {
  const { registry, repository } = reference;
  return new RegistryError({
    code: answer.status === 404 ? "not-found" : "bad-response",
    registry,
    repository,
    request: describe(reference, request, answer.url.host),
    outcome: describeStatus(answer),
    status: answer.status,
    registryCode: registryCodeOf(answer),
  });
}

/** The error of a blob that is not there although a manifest names it: broken, which is not the same as missing. */
export function blobMissing(
  reference: ImageReference,
  request: RepositoryRequest,
  answer: TransportAnswer,
  { owner, fix }: { readonly owner: string; readonly fix: string },
): RegistryError {
  const { registry, repository } = reference;
  return new RegistryError({
    code: "bad-response",
    registry,
    repository,
    request: describe(reference, request, answer.url.host),
    outcome: `${describeStatus(answer)}, although the ${owner}'s manifest names it`,
    status: answer.status,
    registryCode: registryCodeOf(answer),
    fix,
  });
}

/** The error of an answer that broke a rule, or could not be proven. */
export function unproven(
  reference: ImageReference,
  request: RepositoryRequest,
  host: string,
  { code, message }: ManifestError,
): RegistryError {
  const { registry, repository } = reference;
  return new RegistryError({
    code,
    registry,
    repository,
    request: describe(reference, request, host),
    outcome: message,
  });
}

function describe({ repository }: ImageReference, { method, path }: RepositoryRequest, host: string): string {
  return `${method} /v2/${repository}/${path} on ${host}`;
}
