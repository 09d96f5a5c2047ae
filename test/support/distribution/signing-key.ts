import { generateKeyPairSync, randomUUID, sign } from "node:crypto";

/** A key that signs tokens, and the key set by which the registry trusts it. */
export interface SigningKey {
  readonly keySet: string;
  sign(claims: Readonly<Record<string, unknown>>): string;
}

export function createSigningKey(): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const id = randomUUID();
  const header = encode({ alg: "ES256", typ: "JWT", kid: id });
  return {
    keySet: JSON.stringify({
      keys: [{ ...publicKey.export({ format: "jwk" }), kid: id, alg: "ES256", use: "sig" }],
    }),
    sign: (claims) => {
      const signed = `${header}.${encode(claims)}`;
      // RFC 7518 section 3.4: the two numbers side by side, not Node's default of DER.
      const signature = sign("sha256", Buffer.from(signed), { key: privateKey, dsaEncoding: "ieee-p1363" });
      return `${signed}.${signature.toString("base64url")}`;
    },
  };
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
