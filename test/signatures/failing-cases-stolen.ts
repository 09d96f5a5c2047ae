import * as v from "valibot";
import type { SignatureErrorCode } from "../../signatures";
import {
  newKeys,
  pemOf,
  rootOf,
  signImage,
  type SignatureLayer,
  type SignOptions,
} from "../support/sigstore";
import type { FailingCase } from "./failing-case";
import { edited, identity, trustedIdentity, type World } from "./world";

// What is good in one signature, put beside another. Whoever does it has an identity of the same authority, and the same logs.

const evil = {
  ...identity,
  subject: "https://github.com/evil/api/.github/workflows/release.yml@refs/tags/v1",
};
const otherDigest = `sha256:${"1".repeat(64)}`;

type Layout = "bundle" | "layer";
type Part = "certificate" | "entry" | "timestamp";

const bundleSchema = v.looseObject({ verificationMaterial: v.looseObject({}) });
const fields: Readonly<Record<Part, string>> = {
  certificate: "certificate",
  entry: "tlogEntries",
  timestamp: "timestampVerificationData",
};
const annotations: Readonly<Record<Part, string>> = {
  certificate: "dev.sigstore.cosign/certificate",
  entry: "dev.sigstore.cosign/bundle",
  timestamp: "dev.sigstore.cosign/rfc3161timestamp",
};

/** A signature with a part of another. */
function withPart(own: SignatureLayer, part: Part, other: SignatureLayer): SignatureLayer {
  const name = annotations[part];
  if (Object.keys(own.annotations).length > 0)
    return { ...own, annotations: { ...own.annotations, [name]: other.annotations[name] ?? "" } };
  const { verificationMaterial: taken } = v.parse(bundleSchema, JSON.parse(other.bytes.toString()));
  return edited(own, (json) => {
    const bundle = v.parse(bundleSchema, JSON.parse(json));
    const material = { ...bundle.verificationMaterial, [fields[part]]: taken[fields[part]] };
    return JSON.stringify({ ...bundle, verificationMaterial: material });
  });
}

function certified(
  world: World,
  layout: Layout,
  { by = identity, ...but }: Partial<SignOptions> & { readonly by?: typeof identity } = {},
): Promise<SignatureLayer> {
  const { domain, scene } = world;
  return signImage({
    layout,
    digest: scene.digest,
    repository: scene.repository,
    keyless: { identity: by, authority: domain },
    log: { domain },
    timestamp: domain,
    ...but,
  });
}

const anHourLater = (): Date => new Date(Date.now() + 3_600_000);

function stolen(
  code: SignatureErrorCode,
  name: string,
  layout: Layout,
  make: (world: World, layout: Layout) => Promise<SignatureLayer>,
): FailingCase {
  return {
    code,
    name: `${name} (${layout})`,
    arrange: async (world) => {
      world.scene.place([await make(world, layout)]);
      return { rule: trustedIdentity(identity), root: rootOf(world.domain) };
    },
  };
}

export const stolenCases: readonly FailingCase[] = [
  ...(["bundle", "layer"] as const).flatMap((layout) => [
    stolen("bad-signature", "somebody's certificate beside another's signature", layout, async (world) =>
      withPart(
        await certified(world, layout, { by: evil }),
        "certificate",
        await certified(world, layout, { digest: otherDigest }),
      ),
    ),
    stolen("log-mismatch", "the log entry of another image's signature", layout, async (world) =>
      withPart(
        await certified(world, layout),
        "entry",
        await certified(world, layout, { digest: otherDigest }),
      ),
    ),
    stolen("timestamp-untrusted", "the timestamp of another image's signature", layout, async (world) =>
      withPart(
        await certified(world, layout),
        "timestamp",
        await certified(world, layout, { digest: otherDigest }),
      ),
    ),
    stolen(
      "log-mismatch",
      "a log entry that names a key instead of the certificate",
      layout,
      async (world) => {
        const key = newKeys();
        return certified(world, layout, {
          key,
          log: { domain: world.domain, verifier: pemOf(key.publicKey) },
        });
      },
    ),
    stolen("log-mismatch", "a log entry that names another signer", layout, async (world) =>
      certified(world, layout, {
        log: { domain: world.domain, verifier: pemOf(newKeys().publicKey) },
      }),
    ),
    stolen("certificate-expired", "a stolen key, an hour later", layout, async (world) => {
      const key = newKeys();
      const before = await certified(world, layout, { key, digest: otherDigest });
      const later = await certified(world, layout, {
        key,
        log: { domain: world.domain, at: anHourLater() },
        timestamp: undefined,
      });
      return withPart(later, "certificate", before);
    }),
    stolen(
      "timestamp-untrusted",
      "a stolen key, an hour later, with the timestamp of before",
      layout,
      async (world) => {
        const key = newKeys();
        const before = await certified(world, layout, { key, digest: otherDigest });
        const later = await certified(world, layout, {
          key,
          log: { domain: world.domain, at: anHourLater() },
          timestamp: undefined,
        });
        return withPart(withPart(later, "certificate", before), "timestamp", before);
      },
    ),
  ]),
  stolen("log-untrusted", "a log entry whose time was changed", "bundle", async (world, layout) =>
    edited(await certified(world, layout), (json) =>
      json.replace(/"integratedTime":"(\d+)"/, (_, time: string) => `"integratedTime":"${Number(time) + 1}"`),
    ),
  ),
  stolen("log-untrusted", "a proof that is of another entry", "bundle", async (world, layout) =>
    edited(await certified(world, layout), (json) =>
      json
        .replace(/"canonicalizedBody":"([^"]*)"/, (_, text: string) => {
          const body = `${Buffer.from(text, "base64").toString()} `;
          return `"canonicalizedBody":"${Buffer.from(body).toString("base64")}"`;
        })
        .replace(/"inclusionPromise":\{[^}]*\},/, ""),
    ),
  ),
  stolen("log-untrusted", "a proof that another log signed", "bundle", async (world, layout) => {
    const other = await certified(world, layout, { log: { domain: world.stranger } });
    const checkpoint = /"checkpoint":\{[^}]*\}/.exec(other.bytes.toString())?.[0] ?? "";
    return edited(await certified(world, layout), (json) =>
      json.replace(/"checkpoint":\{[^}]*\}/, () => checkpoint),
    );
  }),
  stolen(
    "timestamp-untrusted",
    "a proof without a promise, whose time nobody vouches for",
    "bundle",
    async (world, layout) =>
      edited(await certified(world, layout, { timestamp: undefined }), (json) =>
        json.replace(/"inclusionPromise":\{[^}]*\},/, ""),
      ),
  ),
];
