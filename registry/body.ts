import type { Digest } from "../images";
import { checkDigest, digestOf, ManifestError, parseDigestHeader } from "./manifest";
import type { TransportAnswer } from "./transport";

/** The bytes as the registry stores them. @throws ManifestError when they were packed on the way. */
export function plainBody(answer: TransportAnswer): Buffer {
  const encoding = answer.header("content-encoding") ?? "identity";
  if (encoding !== "identity") {
    throw new ManifestError("bad-response", "answered a compressed body, although it was asked not to");
  }
  return answer.body;
}

/** The digest of a manifest's body, proven against the one asked for and the one that its header states. @throws ManifestError */
export function provenDigest(answer: TransportAnswer, expected: Digest | undefined): Digest {
  const body = plainBody(answer);
  const header = answer.header("docker-content-digest");
  const stated = header === undefined ? undefined : parseDigestHeader(header);
  if (expected !== undefined) checkDigest(body, expected, "the digest that was asked for");
  if (stated !== undefined) checkDigest(body, stated, "its Docker-Content-Digest");
  return expected ?? stated ?? digestOf(body);
}
