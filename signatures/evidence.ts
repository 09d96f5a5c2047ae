import { deflateRawSync, inflateRawSync } from "node:zlib";
import { bundleToJSON } from "@sigstore/bundle";
import * as v from "valibot";
import { readBundle } from "./bundle";
import { readJson } from "./json";
import type { Signed } from "./signed";

/** More than a signature with its certificate, its log entry and a usual provenance takes, in characters. */
const mostCharacters = 64 * 1024;
/** What it may unpack to, in bytes. */
const mostBytes = 8 * 1024 * 1024;

const evidenceSchema = v.strictObject({
  signed: v.array(v.strictObject({ bundle: v.unknown(), payload: v.exactOptional(v.string()) })),
  index: v.exactOptional(v.string()),
});

/** What proves that an image is signed. */
export interface Evidence {
  readonly signed: readonly Signed[];
  /** The bytes of the image's index, where the images in it are what is signed. */
  readonly index?: Buffer | undefined;
}

/**
 * Packs what proves that an image is signed, so that it can be verified again without a request: compressed JSON in base64.
 *
 * @returns undefined where that would be longer than what a lock should hold.
 */
export function packEvidence({ signed, index }: Evidence): string | undefined {
  const said: v.InferOutput<typeof evidenceSchema> = {
    signed: signed.map(({ bundle, payload }) => ({
      bundle: bundleToJSON(bundle),
      // An envelope holds its payload.
      ...(bundle.content.$case === "dsseEnvelope" ? {} : { payload: payload.toString("base64") }),
    })),
    ...(index === undefined ? {} : { index: index.toString("base64") }),
  };
  const text = deflateRawSync(JSON.stringify(said), { level: 9 }).toString("base64");
  return text.length > mostCharacters ? undefined : text;
}

/** @throws SignatureError with the code `unreadable`, or the error of zlib: a RangeError for what unpacks to more than anybody packed. */
export function unpackEvidence(text: string): Evidence {
  const json = inflateRawSync(Buffer.from(text, "base64"), { maxOutputLength: mostBytes });
  const { signed, index } = readJson(json, evidenceSchema, "evidence that was kept");
  return {
    signed: signed.map(({ bundle, payload }) =>
      readBundle(bundle, payload === undefined ? undefined : Buffer.from(payload, "base64")),
    ),
    ...(index === undefined ? {} : { index: Buffer.from(index, "base64") }),
  };
}
