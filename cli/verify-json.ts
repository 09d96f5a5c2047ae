import { timestamp } from "../lock";
import { SignatureError, type Signer } from "../signatures";
import { failureJson } from "./failure";
import { fixFor, type VerifyAnswer } from "./verify-answer";

/** An answer as JSON. Stable: tools read it. */
export function answerJson(answer: VerifyAnswer): object {
  if (answer.outcome === "failed") {
    const { reference, name = reference, digest, error } = answer;
    const said = failureJson(error);
    const fix = error instanceof SignatureError ? { fix: fixFor(error, name) } : {};
    return { reference, digest, verified: false, error: { ...said, ...fix } };
  }
  const { image: reference, digestFrom } = answer.target;
  if (answer.outcome === "not demanded") return { reference, verified: false, demanded: false };
  const { image, verified, isKept, recorded } = answer;
  const { signers, provenance, platforms } = verified;
  return {
    ...{ reference, digest: image.digest, digestFrom, verified: true },
    ...{ signers: signers.map(signerJson), provenance },
    platforms: platforms.map(({ platform, image: child, ...own }) => ({
      ...{ platform, digest: child.digest },
      ...{ signers: own.signers.map(signerJson), provenance: own.provenance },
    })),
    ...{ evidence: isKept ? "lock" : "registry", recorded },
  };
}

function signerJson(signer: Signer): object {
  const { signedAt, ...who } = signer;
  return { ...who, signedAt: signedAt === undefined ? undefined : timestamp(signedAt.getTime()) };
}
