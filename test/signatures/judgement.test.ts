import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import { SignatureError, type SignatureErrorCode, type TrustRule } from "../../signatures";
import { readBundle } from "../../signatures/bundle";
import { readCosignLayer } from "../../signatures/cosign-layer";
import { fixes } from "../../signatures/error";
import { Judgement } from "../../signatures/judgement";
import type { Signed } from "../../signatures/signed";
import {
  bundleType,
  newKeys,
  digestReference,
  noRoot,
  rootOf,
  signImage,
  signPredicate,
  trustedKeys,
  type SignOptions,
} from "../support/sigstore";
import { createTrust, identity, type Trust } from "./world";

const digest = `sha256:${"a".repeat(64)}`;
const other = `sha256:${"b".repeat(64)}`;
const repository = "ghcr.io/acme/api";
const anybody: TrustRule = { keys: [], identities: [], atLeast: 1, sameRepository: false, logged: false };

describe("signatures/judgement", () => {
  let trust: Trust;
  before(async () => {
    trust = await createTrust();
  });

  async function signed(options: Partial<SignOptions>): Promise<Signed> {
    const { mediaType, annotations, bytes } = await signImage({
      layout: "bundle",
      digest,
      key: trust.key,
      ...options,
    });
    return mediaType === bundleType
      ? readBundle(JSON.parse(bytes.toString()))
      : readCosignLayer({ mediaType, annotations, content: bytes });
  }

  /** What signatures add up to: `enough`, or why not. */
  async function judge(
    rule: Partial<TrustRule>,
    all: readonly (Signed | SignatureError)[],
    image = `${repository}@${digest}`,
  ): Promise<string> {
    const [name = "", of = ""] = image.split("@");
    const root = rootOf(trust.domain);
    const judgement = new Judgement(digestReference(name, of), { ...anybody, ...rule }, root);
    for (const one of all) await judgement.take(one);
    return judgement.isEnough ? "enough" : judgement.failure().code;
  }

  const keys = () => trustedKeys(trust.key.publicKey);
  const subjects = (...subject: readonly { name?: string; hex: string }[]): Buffer =>
    Buffer.from(
      JSON.stringify({
        _type: "https://in-toto.io/Statement/v1",
        subject: subject.map(({ name, hex }) => ({ name, digest: { sha256: hex } })),
        predicateType: signPredicate,
      }),
    );
  const [a, b] = ["a".repeat(64), "b".repeat(64)];

  describe("by the repository", () => {
    const cases: readonly (readonly [string, Partial<SignOptions>, string, string?])[] = [
      ["its own", { layout: "layer", repository }, "enough"],
      ["its own, with a tag", { layout: "layer", repository: `${repository}:1.2` }, "enough"],
      ["its own, with a digest", { layout: "layer", repository: `${repository}@${digest}` }, "enough"],
      ["another", { layout: "layer", repository: "ghcr.io/acme/web" }, "other-repository"],
      [
        "its own in another registry",
        { layout: "layer", repository: "quay.io/acme/api" },
        "other-repository",
      ],
      [
        "one that begins with its own",
        { layout: "layer", repository: `${repository}/x` },
        "other-repository",
      ],
      ["one that is none", { layout: "layer", repository: "GHCR.IO/Acme/API!" }, "other-repository"],
      ["nothing", { layout: "layer", repository: "" }, "other-repository"],
      [
        "Docker Hub's, as cosign writes it",
        { layout: "layer", repository: "index.docker.io/library/nginx" },
        "enough",
        "docker.io/library/nginx",
      ],
      [
        "Docker Hub's, as people write it",
        { layout: "layer", repository: "nginx" },
        "enough",
        "docker.io/library/nginx",
      ],
      ["its own in a statement", { repository }, "enough"],
      ["none in a statement", { repository: undefined }, "other-repository"],
      [
        "its own beside another image's",
        { payload: subjects({ name: "ghcr.io/acme/web", hex: b }, { name: repository, hex: a }) },
        "enough",
      ],
      [
        "only another image's",
        { payload: subjects({ name: repository, hex: b }, { hex: a }) },
        "other-repository",
      ],
      [
        "another's and its own for the same image",
        { payload: subjects({ name: "x/y", hex: a }, { name: repository, hex: a }) },
        "enough",
      ],
    ];
    for (const [what, options, expected, own = repository] of cases) {
      it(`${expected === "enough" ? "takes" : "refuses"} ${what}`, async () => {
        const one = await signed(options);
        const image = `${own}@${digest}`;
        assert.equal(await judge({ ...keys(), sameRepository: true }, [one], image), expected);
        assert.equal(await judge(keys(), [one], image), "enough");
      });
    }
  });

  describe("by the digest", () => {
    for (const [what, payload, expected] of [
      ["the image's own", subjects({ hex: a }), "enough"],
      ["one of several", subjects({ hex: b }, { hex: a }), "enough"],
      ["another", subjects({ hex: b }), "other-digest"],
      ["none", subjects(), "other-digest"],
      ["one that is longer", subjects({ hex: `${a}0` }), "other-digest"],
      ["one that is shorter", subjects({ hex: a.slice(1) }), "other-digest"],
      ["one in capitals", subjects({ hex: a.toUpperCase() }), "other-digest"],
      ["one with space", subjects({ hex: ` ${a}` }), "other-digest"],
      ["nothing", subjects({ hex: "" }), "other-digest"],
    ] as const) {
      it(`${expected === "enough" ? "takes" : "refuses"} ${what}`, async () => {
        assert.equal(await judge(keys(), [await signed({ payload })]), expected);
      });
    }
  });

  describe("by how many signed", () => {
    const both = () => ({ ...trustedKeys(trust.key.publicKey, trust.otherKey.publicKey), atLeast: 2 });
    const by = (subject: string, issuer = identity.issuer): Partial<SignOptions> => ({
      key: newKeys(),
      keyless: { identity: { subject, issuer }, authority: trust.domain },
      log: { domain: trust.domain },
    });
    const workflow = "https://github.com/acme/api/.github/workflows/release.yml";
    const everybody = { text: "*", matches: () => true };
    const cases: readonly (readonly [
      string,
      () => Partial<TrustRule>,
      readonly (() => Partial<SignOptions>)[],
      string,
    ])[] = [
      ["two keys", both, [() => ({}), () => ({ key: trust.otherKey })], "enough"],
      ["one key", both, [() => ({})], "too-few-signers"],
      ["one key twice", both, [() => ({}), () => ({})], "too-few-signers"],
      ["one key in two layouts", both, [() => ({}), () => ({ layout: "layer" })], "too-few-signers"],
      [
        "one key, and another for another image",
        both,
        [() => ({}), () => ({ key: trust.otherKey, digest: other })],
        "too-few-signers",
      ],
      [
        "a key and an identity",
        () => ({ ...keys(), identities: [{ issuer: identity.issuer, subject: everybody }], atLeast: 2 }),
        [() => ({}), () => by(`${workflow}@refs/heads/main`)],
        "enough",
      ],
      [
        "a key, and an identity whose certificate has the same key",
        () => ({ ...keys(), identities: [{ issuer: identity.issuer, subject: everybody }], atLeast: 2 }),
        [() => ({}), () => ({ ...by(`${workflow}@refs/heads/main`), key: trust.key })],
        "too-few-signers",
      ],
      [
        "two workflows",
        () => ({ identities: [{ issuer: identity.issuer, subject: everybody }], atLeast: 2 }),
        [
          () => by(`${workflow}@refs/heads/main`),
          () => by(`${workflow.replace("release", "audit")}@refs/heads/main`),
        ],
        "enough",
      ],
      [
        "one workflow at two refs",
        () => ({ identities: [{ issuer: identity.issuer, subject: everybody }], atLeast: 2 }),
        [
          () => by(`${workflow}@refs/heads/main`),
          () => by(`${workflow}@refs/heads/wip`),
          () => by(`${workflow}@${"1".repeat(40)}`),
        ],
        "too-few-signers",
      ],
    ];
    for (const [what, rule, options, expected] of cases) {
      it(`${expected}: ${what}`, async () => {
        const all = await Promise.all(options.map(async (one) => signed(one())));
        assert.equal(await judge(rule(), all), expected);
        assert.equal(await judge(rule(), all.toReversed()), expected);
      });
    }
  });

  describe("of several failures", () => {
    const fail = (code: SignatureErrorCode): SignatureError =>
      new SignatureError({ code, problem: `has ${code}` });
    const all = Object.keys(fixes) as SignatureErrorCode[];
    /** What is only found out once everything has been taken. */
    const conclusions: readonly SignatureErrorCode[] = [
      "unsigned",
      "too-few-signers",
      "provenance-missing",
      "platform-unsigned",
    ];

    for (const code of all.filter((one) => !conclusions.includes(one))) {
      it(`has a rank for ${code}`, async () => {
        assert.equal(await judge(keys(), [fail(code)]), code);
        // It tells more than that something could not be read, which every other failure does.
        assert.equal(await judge(keys(), [fail("unreadable"), fail(code), fail("unreadable")]), code);
      });
    }

    for (const [told, ...rest] of [
      ["other-digest", "no-key-fits", "unreadable"],
      ["too-many", "no-key-fits", "untrusted-key", "unreadable"],
      ["unanswered", "no-key-fits", "too-many"],
      ["root-unavailable", "untrusted-key"],
      ["certificate-expired", "no-key-fits"],
    ] as const) {
      it(`tells ${told} rather than ${rest.join(", ")}`, async () => {
        assert.equal(await judge(keys(), [...rest.map(fail), fail(told)]), told);
        assert.equal(await judge(keys(), [fail(told), ...rest.map(fail)]), told);
      });
    }

    it("lets no failure stand in the way of what is enough", async () => {
      const good = await signed({});
      assert.equal(await judge(keys(), [fail("unreadable"), good, fail("unanswered")]), "enough");
    });

    it("lets what is no error of ours through", async () => {
      const judgement = new Judgement(
        digestReference(repository, digest),
        { ...anybody, ...keys(), logged: true },
        noRoot,
      );
      const one = await signed({ log: { domain: trust.domain } });
      await assert.rejects(judgement.take(one), /nobody needs a trusted root/);
    });
  });

  describe("by provenance", () => {
    const provenance = { builders: [], sources: [], refs: [] };
    const predicateType = "https://slsa.dev/provenance/v1";

    it("is a signature where provenance is demanded, and nothing where it is not", async () => {
      const one = await signed({ predicateType });
      assert.equal(await judge({ ...keys(), provenance }, [one]), "enough");
      assert.equal(await judge(keys(), [one]), "unsigned");
    });

    it("has to be of the image, and by somebody trusted", async () => {
      const rule = { ...keys(), provenance };
      const own = await signed({});
      assert.equal(await judge(rule, [own]), "provenance-missing");
      assert.equal(
        await judge(rule, [own, await signed({ predicateType, digest: other })]),
        "provenance-missing",
      );
      assert.equal(
        await judge(rule, [own, await signed({ predicateType, key: trust.otherKey })]),
        "provenance-missing",
      );
    });

    it("is the one that fits, where others do not", async () => {
      const of = async (id: string) =>
        signed({
          predicateType,
          predicate: { buildDefinition: { externalParameters: {} }, runDetails: { builder: { id } } },
        });
      const only = { text: "good", matches: (text: string) => text === "good" };
      const rule = { ...keys(), provenance: { builders: [only], sources: [], refs: [] } };
      assert.equal(await judge(rule, [await of("bad"), await of("good")]), "enough");
      assert.equal(await judge(rule, [await of("bad"), await of("")]), "provenance-builder");
    });
  });
});
