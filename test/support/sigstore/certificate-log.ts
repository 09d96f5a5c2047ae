import { sign, type KeyPairKeyObjectResult } from "node:crypto";
import { toBeSigned } from "./certificate-der";
import { sha256 } from "./sha256";

/**
 * A log of certificates for the mock's authority: the mock's own writes signatures that nobody can read since pkijs 3.3.
 * https://www.rfc-editor.org/rfc/rfc6962#section-3.2
 */
export class CertificateLog {
  readonly publicKey: Buffer;
  readonly logID: Buffer;

  /** @param change What the authority will have changed in the certificate before it gives it out. */
  constructor(
    private readonly keys: KeyPairKeyObjectResult,
    private readonly change: (tbs: Buffer) => Buffer = (tbs) => tbs,
  ) {
    this.publicKey = keys.publicKey.export({ type: "spki", format: "der" });
    this.logID = sha256(this.publicKey);
  }

  /** Gives the log's promise, with its length before it. */
  log(certificate: ArrayBuffer, issuerId: ArrayBuffer): Promise<ArrayBuffer> {
    const version = Buffer.from([0]);
    const timestamp = Buffer.alloc(8);
    timestamp.writeBigUInt64BE(BigInt(Date.now()));
    const precertificate = this.change(toBeSigned(Buffer.from(certificate)));
    const signed = [
      version,
      Buffer.from([0]),
      timestamp,
      uint16(1),
      Buffer.from(issuerId),
      uint24(precertificate.length),
      precertificate,
      uint16(0),
    ];
    const signature = sign("sha256", Buffer.concat(signed), this.keys.privateKey);
    const sha256WithEcdsa = Buffer.from([4, 3]);
    const promise = Buffer.concat([
      ...[version, this.logID, timestamp, uint16(0), sha256WithEcdsa, uint16(signature.length), signature],
    ]);
    return Promise.resolve(new Uint8Array([...uint16(promise.length), ...promise]).buffer);
  }
}

function uint16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}

function uint24(value: number): Buffer {
  return Buffer.from([value >> 16, (value >> 8) & 0xff, value & 0xff]);
}
