import { createHash, generateKeyPairSync, sign } from "node:crypto";

import { parseDigest } from "../images";
import type { Artifact, ArtifactClient } from "../registry";

/** What lies beside images that one key has signed, as cosign lays it out, without a registry. */
export function signedByOneKey(): { readonly pem: string; readonly artifacts: ArtifactClient } {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const payloads = new Map<string, Buffer>();
  const signatureOf = (image: string): Artifact => {
    const critical = {
      identity: { "docker-reference": "" },
      image: { "docker-manifest-digest": image },
      type: "cosign container image signature",
    };
    const payload = Buffer.from(JSON.stringify({ critical }));
    const digest = parseDigest(`sha256:${createHash("sha256").update(payload).digest("hex")}`);
    payloads.set(digest, payload);
    const signature = sign("sha256", payload, privateKey).toString("base64");
    const annotations = { "dev.cosignproject.cosign/signature": signature };
    const mediaType = "application/vnd.dev.cosign.simplesigning.v1+json";
    return {
      digest,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      layers: [{ mediaType, digest, size: payload.length, annotations }],
      annotations: {},
    };
  };
  return {
    pem: publicKey.export({ type: "spki", format: "pem" }).toString(),
    artifacts: {
      referrers: async () => Promise.resolve([]),
      artifact: async ({ tag }) => {
        const image = /^(sha256)-([0-9a-f]{64})\.sig$/.exec(tag ?? "");
        return Promise.resolve(image === null ? undefined : signatureOf(`${image[1]}:${image[2]}`));
      },
      blob: async (_, { digest }) => Promise.resolve(payloads.get(digest) ?? Buffer.alloc(0)),
      index: async () => Promise.resolve(undefined),
    },
  };
}
