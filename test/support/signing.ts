import { fingerprintOf } from "../../signatures/key";
import type { Registry } from "./registry";
import {
  envelopeType,
  newKeys,
  pemOf,
  preAuthEncoding,
  signBytes,
  simpleSigning,
  simpleSigningType,
  statementType,
} from "./sigstore";

/** A key pair that signs as cosign's do: https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md. */
export interface SigningKey {
  /** The public one, as in `cosign.pub`. */
  readonly pem: string;
  readonly fingerprint: string;
  /** A signature of bytes, in base64. */
  sign(bytes: Buffer): string;
}

/** An image by repository and digest. */
export interface SignedImage {
  readonly repository: string;
  readonly digest: string;
}

export function signingKey(): SigningKey {
  const { publicKey, privateKey } = newKeys();
  return {
    pem: pemOf(publicKey),
    fingerprint: fingerprintOf(publicKey),
    sign: (bytes) => signBytes(bytes, privateKey).toString("base64"),
  };
}

/**
 * Signs an image by several keys, as `cosign sign --tlog-upload=false` of each would.
 *
 * @param claimed The digest that the payload speaks of; the image's own when left out.
 */
export function signImage(
  registry: Registry,
  { repository, digest }: SignedImage,
  keys: readonly SigningKey[],
  claimed = digest,
): void {
  const bytes = simpleSigning(claimed, `${registry.host}/${repository}`);
  const layers = keys.map((key) => ({
    mediaType: simpleSigningType,
    bytes,
    annotations: { "dev.cosignproject.cosign/signature": key.sign(bytes) },
  }));
  const configType = "application/vnd.oci.image.config.v1+json";
  registry.pushArtifact(repository, { configType, layers }, `${digest.replace(":", "-")}.sig`);
}

/** Says where an image was built, as `cosign attest --type slsaprovenance1` would. */
export function attestProvenance(
  registry: Registry,
  { repository, digest }: SignedImage,
  key: SigningKey,
  { builder, source, ref }: { readonly builder: string; readonly source: string; readonly ref: string },
): void {
  const [, hex = ""] = digest.split(":");
  const workflow = { repository: source, ref, path: ".github/workflows/release.yml" };
  const statement = {
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: `${registry.host}/${repository}`, digest: { sha256: hex } }],
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {
      buildDefinition: { externalParameters: { workflow } },
      runDetails: { builder: { id: builder } },
    },
  };
  const payload = Buffer.from(JSON.stringify(statement));
  const envelope = {
    payloadType: statementType,
    payload: payload.toString("base64"),
    signatures: [{ sig: key.sign(preAuthEncoding(payload)) }],
  };
  const layer = {
    mediaType: envelopeType,
    bytes: JSON.stringify(envelope),
    annotations: {
      "dev.cosignproject.cosign/signature": "",
      predicateType: statement.predicateType,
    },
  };
  const configType = "application/vnd.oci.image.config.v1+json";
  registry.pushArtifact(repository, { configType, layers: [layer] }, `${digest.replace(":", "-")}.att`);
}
