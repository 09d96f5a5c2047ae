import type { KeyPairKeyObjectResult } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TrustRule } from "../../signatures";
import type { ImageOptions } from "../support/registry";
import {
  createTrustDomain,
  newKeys,
  openScene,
  type Identity,
  type Scene,
  type SignatureLayer,
  type TrustDomain,
} from "../support/sigstore";

/** Who signs where nothing else is said. */
export const identity: Identity = {
  subject: "https://github.com/acme/api/.github/workflows/release.yml@refs/tags/v1",
  issuer: "https://token.actions.githubusercontent.com",
};

/** What the cases have in common, made once: none of it changes. */
export interface Trust {
  /** What is trusted. */
  readonly domain: TrustDomain;
  /** What is just as good, and not trusted. */
  readonly stranger: TrustDomain;
  readonly key: KeyPairKeyObjectResult;
  readonly otherKey: KeyPairKeyObjectResult;
}

/** An image with all that signs it and all that should not. */
export interface World extends Trust {
  readonly scene: Scene;
  readonly folder: string;
  /** Writes a file into the folder, and gives its path. */
  write(name: string, text: string): Promise<string>;
  closeLater(close: () => Promise<void>): void;
  close(): Promise<void>;
}

export async function createTrust(): Promise<Trust> {
  const [domain, stranger] = await Promise.all([createTrustDomain(), createTrustDomain()]);
  return { domain, stranger, key: newKeys(), otherKey: newKeys() };
}

export async function openWorld(
  trust: Trust,
  image: ImageOptions = { platforms: ["linux/amd64", "linux/arm64"] },
): Promise<World> {
  const scene = await openScene(image);
  const folder = await mkdtemp(join(tmpdir(), "pinned-images-signatures-"));
  const closers: (() => Promise<void>)[] = [
    async () => rm(folder, { recursive: true, force: true }),
    async () => scene.close(),
  ];
  return {
    ...trust,
    scene,
    folder,
    write: async (name, text) => {
      const path = join(folder, name);
      await writeFile(path, text);
      return path;
    },
    closeLater: (close) => {
      closers.push(close);
    },
    close: async () => {
      for (const close of closers.toReversed()) await close();
    },
  };
}

/** Trusts one identity, to the letter. */
export function trustedIdentity({ subject, issuer }: Identity): Pick<TrustRule, "identities"> {
  return { identities: [{ issuer, subject: { text: subject, matches: (text) => text === subject } }] };
}

/** A layer whose JSON was edited. */
export function edited(layer: SignatureLayer, edit: (json: string) => string): SignatureLayer {
  return { ...layer, bytes: Buffer.from(edit(layer.bytes.toString())) };
}

/** A bundle whose statement was changed after it was signed. */
export function changed(layer: SignatureLayer, from: string, to: string): SignatureLayer {
  return edited(layer, (json) =>
    json.replace(/"payload":"([^"]*)"/, (_, payload: string) => {
      const statement = Buffer.from(payload, "base64").toString().replace(from, to);
      return `"payload":"${Buffer.from(statement).toString("base64")}"`;
    }),
  );
}

/** Sequences in sequences around so many bytes, in DER. */
export function nestedDer(depth: number, bytes = 0): Buffer {
  const pieces = bytes === 0 ? [] : [header(0x0c, bytes), Buffer.alloc(bytes)];
  pieces.reverse();
  let length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  for (let level = 0; level < depth; level++) {
    const outer = header(0x30, length);
    pieces.push(outer);
    length += outer.length;
  }
  return Buffer.concat(pieces.toReversed());
}

function header(tag: number, length: number): Buffer {
  if (length < 0x80) return Buffer.from([tag, length]);
  return Buffer.from([tag, 0x83, length >> 16, (length >> 8) & 0xff, length & 0xff]);
}
