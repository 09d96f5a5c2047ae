import { sign, type KeyObject } from "node:crypto";

// As much of DER as it takes to change a certificate: https://www.rfc-editor.org/rfc/rfc5280#section-4.1

/** The part of a certificate that its authority signs. */
export function toBeSigned(certificate: Buffer): Buffer {
  const [first] = elementsIn(certificate);
  if (first === undefined) throw new Error("a certificate without content");
  return first;
}

/** A certificate that was changed and signed anew. */
export function resigned(certificate: Buffer, change: (tbs: Buffer) => Buffer, key: KeyObject): Buffer {
  const [tbs = Buffer.alloc(0), algorithm = Buffer.alloc(0)] = elementsIn(certificate);
  const changed = change(tbs);
  const signature = element(0x03, Buffer.concat([Buffer.from([0]), sign("sha384", changed, key)]));
  return element(0x30, Buffer.concat([changed, algorithm, signature]));
}

/** Puts bytes in the place of others of the same length. */
export function swapped(der: Buffer, from: Buffer, to: Buffer): Buffer {
  const at = der.indexOf(from);
  if (at === -1 || from.length !== to.length) throw new Error("there is nothing to swap");
  return Buffer.concat([der.subarray(0, at), to, der.subarray(at + from.length)]);
}

/** The elements in a sequence. */
function elementsIn(sequence: Buffer): readonly Buffer[] {
  const outer = contentOf(sequence, 0);
  const elements: Buffer[] = [];
  for (let at = outer.start; at < outer.end;) {
    const { end } = contentOf(sequence, at);
    elements.push(sequence.subarray(at, end));
    at = end;
  }
  return elements;
}

function contentOf(der: Buffer, at: number): { readonly start: number; readonly end: number } {
  const first = der.readUInt8(at + 1);
  const size = first < 0x80 ? 0 : first & 0x7f;
  const start = at + 2 + size;
  return { start, end: start + (size === 0 ? first : der.readUIntBE(at + 2, size)) };
}

function element(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const header = length < 0x80 ? [tag, length] : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(header), content]);
}
