import { generateKeyPairSync } from "node:crypto";
import { rootReader, type SignatureErrorCode, type TrustRule } from "../../signatures";
import {
  bundleType,
  envelopeType,
  hintOf,
  pemOf,
  rootOf,
  signImage,
  simpleSigning,
  simpleSigningType,
  startTufRepository,
  trustedKeys,
  type SignatureLayer,
  type SignOptions,
} from "../support/sigstore";
import type { FailingCase, Question } from "./failing-case";
import { stolenCases } from "./failing-cases-stolen";
import { changed, edited, identity, trustedIdentity, type World } from "./world";

type Layout = SignOptions["layout"];

/** Signed with a certificate, as it should be, but for what is said. */
async function keyless(
  world: World,
  layout: Layout,
  but: Partial<SignOptions> = {},
): Promise<SignatureLayer> {
  const { domain, scene } = world;
  return signImage({
    layout,
    digest: scene.digest,
    repository: scene.repository,
    keyless: { identity, authority: domain },
    log: { domain },
    ...but,
  });
}

async function byKey(world: World, layout: Layout, but: Partial<SignOptions> = {}): Promise<SignatureLayer> {
  const { scene, key } = world;
  return signImage({ layout, digest: scene.digest, repository: scene.repository, key, ...but });
}

/** A case whose signature is made with a certificate. */
function certified(
  code: SignatureErrorCode,
  name: string,
  layout: Layout,
  but: (world: World) => Partial<SignOptions>,
  rule: Partial<TrustRule> = {},
): FailingCase {
  const arrange = async (world: World): Promise<Question> => {
    world.scene.place([await keyless(world, layout, but(world))]);
    return { rule: { ...trustedIdentity(identity), ...rule }, root: rootOf(world.domain) };
  };
  return { code, name, arrange };
}

/** A case whose signature is made with the trusted key, and then changed. */
function keyed(
  code: SignatureErrorCode,
  name: string,
  layout: Layout,
  but: (world: World) => Partial<SignOptions>,
  {
    rule = () => ({}),
    change = (layer) => layer,
  }: {
    readonly rule?: (world: World) => Partial<TrustRule>;
    readonly change?: (layer: SignatureLayer) => SignatureLayer;
  } = {},
): FailingCase {
  const arrange = async (world: World): Promise<Question> => {
    world.scene.place([change(await byKey(world, layout, but(world)))]);
    return {
      rule: { ...trustedKeys(world.key.publicKey), ...rule(world) },
      root: rootOf(world.domain),
    };
  };
  return { code, name, arrange };
}

function placed(
  code: SignatureErrorCode,
  name: string,
  layers: (world: World) => readonly SignatureLayer[],
): FailingCase {
  const arrange = async (world: World): Promise<Question> => {
    world.scene.place(layers(world));
    return Promise.resolve({ rule: trustedKeys(world.key.publicKey) });
  };
  return { code, name, arrange };
}

const github = "https://github.com/actions/runner";
const provenanceType = "https://slsa.dev/provenance/v1";

function provenance(
  code: SignatureErrorCode,
  name: string,
  but: { readonly builder?: string; readonly source?: string; readonly ref?: string } | undefined,
): FailingCase {
  const { builder = github, source = "https://github.com/acme/api", ref = "refs/heads/main" } = but ?? {};
  const predicate = {
    buildDefinition: {
      buildType: "https://actions.github.io/buildtypes/workflow/v1",
      externalParameters: { workflow: { repository: source, ref, path: ".github/workflows/release.yml" } },
    },
    runDetails: { builder: { id: builder } },
  };
  const says = but === undefined ? {} : { predicateType: provenanceType, predicate };
  const exactly = (text: string) => ({ text, matches: (other: string) => other === text });
  return keyed(code, name, "bundle", () => says, {
    rule: () => ({
      provenance: {
        builders: [exactly(github)],
        sources: [exactly("https://github.com/acme/api")],
        refs: [exactly("refs/heads/main")],
      },
    }),
  });
}

const nothing: SignatureLayer = { mediaType: bundleType, annotations: {}, bytes: Buffer.from("") };
const otherDigest = `sha256:${"1".repeat(64)}`;
const sbomType = "https://spdx.dev/Document";

/** Every way in which an image is not verified, at least one for each code. */
export const failingCases: readonly FailingCase[] = [
  placed("unsigned", "nothing lies beside the image", () => []),
  keyed("unsigned", "a trusted key says what is in it, and no more", "bundle", () => ({
    predicateType: sbomType,
  })),

  placed("unreadable", "a bundle that is no JSON", () => [{ ...nothing, bytes: Buffer.from("{") }]),
  placed("unreadable", "a bundle that is none", () => [{ ...nothing, bytes: Buffer.from("{}") }]),
  placed("unreadable", "a payload without a signature", ({ scene }) => [
    {
      mediaType: simpleSigningType,
      annotations: {},
      bytes: simpleSigning(scene.digest, scene.repository),
    },
  ]),
  placed("unreadable", "a certificate that cannot be read", ({ scene }) => [
    {
      mediaType: simpleSigningType,
      annotations: {
        "dev.cosignproject.cosign/signature": "AAAA",
        "dev.sigstore.cosign/certificate": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
      },
      bytes: simpleSigning(scene.digest, scene.repository),
    },
  ]),
  {
    code: "unreadable",
    name: "an attestation that is no envelope",
    arrange: async ({ scene, key }) => {
      scene.place([{ mediaType: envelopeType, annotations: {}, bytes: Buffer.from("[]") }]);
      const provenance = { builders: [], sources: [], refs: [] };
      return Promise.resolve({ rule: { ...trustedKeys(key.publicKey), provenance } });
    },
  },
  keyed("unreadable", "an envelope with two signatures", "bundle", () => ({}), {
    change: (layer) =>
      edited(layer, (bundle) => bundle.replace(/"signatures":\[(.*?)\]/, '"signatures":[$1,$1]')),
  }),
  keyed("unreadable", "an envelope without a signature", "bundle", () => ({}), {
    change: (layer) => edited(layer, (bundle) => bundle.replace(/"signatures":\[.*?\]/, '"signatures":[]')),
  }),
  keyed("unreadable", "an envelope of another type", "bundle", () => ({}), {
    change: (layer) => edited(layer, (bundle) => bundle.replace("vnd.in-toto+json", "octet-stream")),
  }),
  keyed("unreadable", "a statement that is none", "bundle", () => ({
    payload: Buffer.from(`{"_type":"x"}`),
  })),
  keyed(
    "unreadable",
    "a checkpoint signed by a name that is a pattern",
    "bundle",
    ({ domain }) => ({ log: { domain } }),
    {
      change: (layer) =>
        edited(layer, (bundle) => bundle.replace("\u2014 rekor.example", "\u2014 (.+)+(.+)+$")),
    },
  ),
  keyed(
    "unreadable",
    "a hundred log entries for one signature",
    "bundle",
    ({ domain }) => ({ log: { domain } }),
    {
      change: (layer) =>
        edited(layer, (bundle) =>
          bundle.replace(/"tlogEntries":\[(.*)\],"timestamp/, (_, entry: string) => {
            return `"tlogEntries":[${Array.from({ length: 100 }, () => entry).join(",")}],"timestamp`;
          }),
        ),
    },
  ),

  placed("too-large", "a payload of 50 MB", () => [
    {
      mediaType: simpleSigningType,
      annotations: { "dev.cosignproject.cosign/signature": "AAAA" },
      bytes: Buffer.alloc(50_000_000, " "),
    },
  ]),
  placed("too-many", "a hundred and one signatures that nobody trusts", ({ scene }) =>
    Array.from({ length: 101 }, () => ({
      mediaType: simpleSigningType,
      annotations: { "dev.cosignproject.cosign/signature": "AAAA" },
      bytes: simpleSigning(scene.digest, scene.repository),
    })),
  ),

  keyed("untrusted-key", "a bundle of another key", "bundle", ({ otherKey }) => ({ key: otherKey })),
  certifiedByKey("untrusted-key", "a bundle of a key where no key is trusted"),
  keyed("no-key-fits", "a signature of another key", "layer", ({ otherKey }) => ({ key: otherKey })),
  keyed("no-key-fits", "a payload that was changed", "layer", () => ({}), {
    change: (layer) => ({ ...layer, bytes: Buffer.from(layer.bytes.toString().replace("null", "true")) }),
  }),
  keyed("bad-signature", "a statement that was changed, in a trusted key's name", "bundle", () => ({}), {
    change: (layer) => changed(layer, '"predicate":{}', '"predicate":{"a":1}'),
  }),
  ...(["layer", "bundle"] as const).map((layout) => prehashed(layout)),
  keyed(
    "bad-signature",
    "another key's signature in a trusted key's name",
    "bundle",
    ({ key, otherKey }) => ({ key: otherKey, hint: hintOf(key.publicKey) }),
  ),

  keyed("other-digest", "a signature of another image", "layer", () => ({ digest: otherDigest })),
  keyed("other-digest", "a bundle of another image", "bundle", () => ({ digest: otherDigest })),
  keyed(
    "other-repository",
    "a signature that was made for another repository",
    "layer",
    () => ({ repository: "ghcr.io/acme/web" }),
    { rule: () => ({ sameRepository: true }) },
  ),
  keyed(
    "other-repository",
    "a bundle that names no repository",
    "bundle",
    () => ({ repository: undefined }),
    { rule: () => ({ sameRepository: true }) },
  ),

  certified("untrusted-identity", "a certificate where no identity is trusted", "layer", () => ({}), {
    identities: [],
  }),
  certified("untrusted-identity", "a certificate for somebody else", "bundle", ({ domain }) => ({
    keyless: { identity: { ...identity, subject: "https://github.com/evil/api" }, authority: domain },
  })),
  certified("untrusted-identity", "a certificate for a host", "bundle", ({ domain }) => ({
    keyless: { identity, authority: domain, certified: { asHost: true } },
  })),
  certified(
    "wrong-issuer",
    "the right subject, for which another issuer vouches",
    "bundle",
    ({ domain }) => ({
      keyless: { identity: { ...identity, issuer: "https://accounts.example" }, authority: domain },
    }),
  ),
  ...(["bundle", "layer"] as const).flatMap((layout) => [
    certified(
      "certificate-untrusted",
      `a certificate of another authority (${layout})`,
      layout,
      ({ stranger }) => ({
        keyless: { identity, authority: stranger },
      }),
    ),
    certified(
      "certificate-untrusted",
      `a certificate that is for a server (${layout})`,
      layout,
      ({ domain }) => ({ keyless: { identity, authority: domain, certified: { forServer: true } } }),
    ),
    certified(
      "certificate-expired",
      `signed an hour after the certificate was made (${layout})`,
      layout,
      ({ domain }) => ({
        log: { domain, at: new Date(Date.now() + 3_600_000) },
      }),
    ),
    certified(
      "certificate-expired",
      `signed an hour before the certificate was made (${layout})`,
      layout,
      ({ domain }) => ({
        log: { domain, at: new Date(Date.now() - 3_600_000) },
      }),
    ),
    certified("certificate-unlogged", `a certificate in no log (${layout})`, layout, ({ domain }) => ({
      keyless: { identity, authority: domain, certified: { logged: false } },
    })),
    certified("log-missing", `a timestamp, and no log entry (${layout})`, layout, ({ domain }) => ({
      log: undefined,
      timestamp: domain,
    })),
    certified("log-untrusted", `an entry of another log (${layout})`, layout, ({ stranger }) => ({
      log: { domain: stranger },
    })),
    certified("log-mismatch", `a log entry of another signature (${layout})`, layout, ({ domain }) => ({
      log: { domain, signature: Buffer.from("another signature") },
    })),
    certified("timestamp-untrusted", `neither a log entry nor a timestamp (${layout})`, layout, () => ({
      log: undefined,
    })),
    certified(
      "timestamp-untrusted",
      `a timestamp of an unknown authority (${layout})`,
      layout,
      ({ stranger }) => ({
        timestamp: stranger,
      }),
    ),
  ]),
  ...stolenCases,
  {
    code: "unreadable",
    name: "an attestation that was logged by a kind of entry which keeps no signature",
    arrange: async (world) => {
      const { domain, scene } = world;
      const says = { predicateType: provenanceType, predicate: {}, log: { domain, intoto: true } };
      scene.place([await keyless(world, "attestation", says)]);
      const provenance = { builders: [], sources: [], refs: [] };
      return { rule: { ...trustedIdentity(identity), provenance }, root: rootOf(domain) };
    },
  },
  keyed("log-missing", "a trusted key, and no log entry where one is demanded", "layer", () => ({}), {
    rule: () => ({ logged: true }),
  }),
  keyed(
    "log-untrusted",
    "a trusted key, and an entry of another log where one is demanded",
    "layer",
    ({ stranger }) => ({ log: { domain: stranger } }),
    { rule: () => ({ logged: true }) },
  ),

  ...(["bundle", "layer"] as const).map((layout) =>
    keyed(
      "log-mismatch",
      `a trusted key, and a log entry that names another (${layout})`,
      layout,
      ({ domain, otherKey }) => ({ log: { domain, verifier: pemOf(otherKey.publicKey) } }),
      { rule: () => ({ logged: true }) },
    ),
  ),

  keyed("too-few-signers", "one of two keys", "layer", () => ({}), {
    rule: ({ key, otherKey }) => ({ ...trustedKeys(key.publicKey, otherKey.publicKey), atLeast: 2 }),
  }),
  {
    code: "too-few-signers",
    name: "one key, alone and in a trusted certificate, where two signers are demanded",
    arrange: async (world) => {
      const { domain, scene, key } = world;
      scene.place([await byKey(world, "bundle"), await keyless(world, "bundle", { key })]);
      const rule = { ...trustedKeys(key.publicKey), ...trustedIdentity(identity), atLeast: 2 };
      return { rule, root: rootOf(domain) };
    },
  },
  {
    code: "too-few-signers",
    name: "one workflow at two tags, where two signers are demanded",
    arrange: async (world) => {
      const { domain, scene } = world;
      for (const tag of ["v1", "v2"]) {
        const subject = identity.subject.replace("v1", tag);
        const by = { keyless: { identity: { ...identity, subject }, authority: domain } };
        scene.place([await keyless(world, "bundle", by)]);
      }
      const [before = ""] = identity.subject.split("v1");
      const anyTag = { text: `${before}*`, matches: (text: string) => text.startsWith(before) };
      return {
        rule: { identities: [{ issuer: identity.issuer, subject: anyTag }], atLeast: 2 },
        root: rootOf(domain),
      };
    },
  },

  provenance("provenance-missing", "signed, and no word of where it was built", undefined),
  provenance("provenance-builder", "built by another builder", { builder: "https://example.com/laptop" }),
  provenance("provenance-source", "built from another repository", { source: "https://github.com/evil/api" }),
  provenance("provenance-source", "built from a repository that only looks like it", {
    source: "https://github.com/acme/api/../../evil/api",
  }),
  provenance("provenance-ref", "built from another branch", { ref: "refs/heads/wip" }),

  {
    code: "platform-unsigned",
    name: "one of two platforms is signed, and not the index",
    arrange: async (world) => {
      const { scene, key } = world;
      const [first = ""] = scene.children;
      scene.place([await byKey(world, "layer", { digest: first })], first);
      return { rule: trustedKeys(key.publicKey) };
    },
  },

  {
    code: "root-unavailable",
    name: "the file of the trusted root is missing",
    arrange: async (world) => {
      world.scene.place([await keyless(world, "bundle")]);
      return { rule: trustedIdentity(identity), root: rootReader({ file: `${world.folder}/missing.json` }) };
    },
  },
  {
    code: "root-expired",
    name: "the repository of the trusted root serves what has expired",
    arrange: async (world) => {
      world.scene.place([await keyless(world, "bundle")]);
      const { trustedRoot } = world.domain;
      const tuf = await startTufRepository({ trustedRoot, expires: new Date(Date.now() - 1_000) });
      world.closeLater(async () => tuf.close());
      const root = await world.write("root.json", tuf.root);
      const cache = `${world.folder}/tuf`;
      return { rule: trustedIdentity(identity), root: rootReader({ tuf: { url: tuf.url, root, cache } }) };
    },
  },
  {
    code: "unanswered",
    name: "the registry refuses to say what lies beside the image",
    arrange: async ({ scene, key }) => {
      scene.registry.fail({ kind: "answer", status: 403, path: "/manifests/sha256-" });
      return Promise.resolve({ rule: trustedKeys(key.publicKey) });
    },
  },
];

function certifiedByKey(code: SignatureErrorCode, name: string): FailingCase {
  return keyed(code, name, "bundle", () => ({}), {
    rule: () => ({ ...trustedIdentity(identity), keys: [] }),
  });
}

/** As cosign signs with Ed25519: what it hashed before. */
function prehashed(layout: "layer" | "bundle"): FailingCase {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  return {
    code: layout === "layer" ? "no-key-fits" : "bad-signature",
    name: `cosign's signature of a key of Ed25519 (${layout})`,
    arrange: async (world) => {
      // Nobody here makes such a signature; one of other bytes is as little one that Ed25519 verifies.
      const layer = await byKey(world, layout, { key: { publicKey, privateKey } });
      const change =
        layout === "bundle"
          ? changed(layer, '"predicate":{}', '"predicate":{"a":1}')
          : { ...layer, bytes: Buffer.from(layer.bytes.toString().replace("null", "true")) };
      world.scene.place([change]);
      return { rule: trustedKeys(publicKey) };
    },
  };
}
