import { generateKeyPairSync, sign } from "node:crypto";
import { fingerprintOf } from "../../signatures/key";
import type { Registry } from "./registry";

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
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return {
    pem: publicKey.export({ type: "spki", format: "pem" }).toString(),
    fingerprint: fingerprintOf(publicKey),
    sign: (bytes) => sign("sha256", bytes, privateKey).toString("base64"),
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
  const identity = { "docker-reference": `${registry.host}/${repository}` };
  const image = { "docker-manifest-digest": claimed };
  const critical = { identity, image, type: "cosign container image signature" };
  const bytes = Buffer.from(JSON.stringify({ critical, optional: null }));
  const layers = keys.map((key) => ({
    mediaType: "application/vnd.dev.cosign.simplesigning.v1+json",
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
  const payloadType = "application/vnd.in-toto+json";
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
  // https://github.com/secure-systems-lab/dsse/blob/master/protocol.md
  const signed = Buffer.from(
    `DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} ${payload.toString()}`,
  );
  const envelope = {
    payloadType,
    payload: payload.toString("base64"),
    signatures: [{ sig: key.sign(signed) }],
  };
  const layer = {
    mediaType: "application/vnd.dsse.envelope.v1+json",
    bytes: JSON.stringify(envelope),
    annotations: {
      "dev.cosignproject.cosign/signature": "",
      predicateType: statement.predicateType,
    },
  };
  const configType = "application/vnd.oci.image.config.v1+json";
  registry.pushArtifact(repository, { configType, layers: [layer] }, `${digest.replace(":", "-")}.att`);
}
