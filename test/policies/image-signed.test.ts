import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { imageSigned } from "../../policies/image-signed";
import type { PolicyContext } from "../../policies/policy";
import type { SettingsInput } from "../../policies/settings";
import type { SignatureVerdict } from "../../policies/signed";
import { RegistryError } from "../../registry";
import { SignatureError, type SignatureErrorCode } from "../../signatures";
import { contextOf, hex, imageOf, linesOf } from "./support";

const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
const pinned = `ghcr.io/acme/api:2@sha256:${hex}`;
const image = `ghcr.io/acme/api@sha256:${hex}`;
const path = "spec.containers[0].image";

const settings: SettingsInput = {
  signatures: {
    rules: [
      { images: ["docker.io/library/*"], unsigned: true },
      { images: ["ghcr.io/acme/**"], keys: [pem] },
    ],
  },
};

const signed: SignatureVerdict = { signers: [], platforms: [] };
const nobodyAsked = (): never => assert.fail("somebody was asked");
const answering =
  (answer: Awaited<ReturnType<PolicyContext["signed"]>>): PolicyContext["signed"] =>
  () =>
    Promise.resolve(answer);
const refusing = (code: SignatureErrorCode, problem: string): PolicyContext["signed"] =>
  answering({ ok: true, value: new SignatureError({ code, problem }) });

const unread = "why: an image whose signatures cannot be read may have none";
const untrusted =
  "why: whoever may push to the registry may have put it there, and nobody who is trusted vouches for it";

interface Case {
  readonly title: string;
  readonly text: string;
  readonly signed?: PolicyContext["signed"];
  readonly settings?: SettingsInput;
  /** The lines that people read; nothing to say when left out. */
  readonly says?: readonly string[];
}

const cases: readonly Case[] = [
  {
    title: "lets pass what somebody trusted signed",
    text: pinned,
    signed: answering({ ok: true, value: signed }),
  },
  { title: "asks nobody where nobody has to sign", text: `nginx:1.27@sha256:${hex}` },
  { title: "asks nobody where nobody has to sign, pinned or not", text: "nginx:1.27" },
  {
    title: "refuses what nobody signed",
    text: pinned,
    signed: refusing("unsigned", "is signed by nobody"),
    says: [
      `${path}: "${pinned}" is signed by nobody`,
      untrusted,
      `fix: sign it where it is built: cosign sign ${image}`,
    ],
  },
  {
    title: "refuses an image that no rule fits",
    text: `quay.io/x/y:1@sha256:${hex}`,
    says: [
      `${path}: "quay.io/x/y:1@sha256:${hex}" comes from quay.io/x/y, for which no rule says who has to have signed`,
      untrusted,
      `fix: use an image whose signers are known, or let the platform team add a rule: "signatures": { "rules": [{ "images": ["quay.io/x/y"], … }] }`,
    ],
  },
  {
    title: "refuses a tag, which nobody signs",
    text: "ghcr.io/acme/api:2",
    says: [
      `${path}: "ghcr.io/acme/api:2" has no digest, so that nobody can have signed it`,
      "why: what is signed is a digest; a tag may name another image by the time it is pulled",
      `fix: pin it to the digest that was signed; "pinned-images digest ghcr.io/acme/api:2" prints the one that the tag has now`,
    ],
  },
  {
    title: "refuses a name alone",
    text: "ghcr.io/acme/api",
    says: [
      `${path}: "ghcr.io/acme/api" has no digest, so that nobody can have signed it`,
      "why: what is signed is a digest; a tag may name another image by the time it is pulled",
      `fix: pin it to the digest that was signed; "pinned-images digest ghcr.io/acme/api" prints the one that the tag has now`,
    ],
  },
  ...[`sha256:${hex}`, "scratch", "ghcr.io/acme/api@sha256:12"].map((text) => ({
    title: `refuses ${text.slice(0, 30)}, which is in no registry`,
    text,
    says: [
      `${path}: "${text}" is no image of a registry, so that nobody can have signed it`,
      untrusted,
      "fix: deploy an image by its repository and a digest that somebody trusted signed",
    ],
  })),
  {
    title: "refuses what it could not ask about",
    text: pinned,
    signed: answering({
      ok: false,
      error: new RegistryError({
        code: "timeout",
        registry: "ghcr.io",
        repository: "acme/api",
        outcome: "ghcr.io gave no answer within 10 s",
        fix: "try again",
      }),
    }),
    says: [
      `${path}: "${pinned}" cannot be looked up: ghcr.io gave no answer within 10 s`,
      unread,
      "fix: try again",
    ],
  },
  {
    title: "says once that nobody is trusted",
    text: pinned,
    settings: {},
    says: [
      "settings.signatures: says of no image who has to have signed it, and image-signed is turned on",
      "why: as long as nobody is trusted, no image is verified",
      `fix: add a rule: "signatures": { "rules": [{ "images": ["ghcr.io/acme/**"], "keys": ["-----BEGIN PUBLIC KEY-----…"] }] }`,
    ],
  },
];

/** What each failure says, in short: a new one has to be put down here. */
const failures: Readonly<Record<SignatureErrorCode, string>> = {
  unsigned: "is signed by nobody",
  unreadable: "has a signature that is no Sigstore bundle",
  "too-large": "has a signature of 50000000 bytes; 65536 are the most",
  "too-many": "has at least 10000 signatures; 100 were looked at, and they are not enough",
  "untrusted-key": "is signed by a key that is not trusted (1 trusted)",
  "no-key-fits": "has a signature that none of the trusted keys made (1 trusted)",
  "bad-signature": "has a signature in the name of a trusted key that this key did not make",
  "other-digest": "has a good signature of another image (sha256:12)",
  "other-repository": `has a good signature that was made for "ghcr.io/x/y", not for ghcr.io/acme/api`,
  "untrusted-identity": "is signed with a certificate, and no identity is trusted",
  "wrong-issuer": `is signed by "ann@acme.com", whom "https://a" vouches for, and not https://b`,
  "certificate-untrusted": "is signed with a certificate that no trusted authority issued",
  "certificate-expired": "is signed with a certificate that was not valid at that time",
  "certificate-unlogged": "is signed with a certificate that no trusted certificate log knows",
  "log-missing": "is signed with a certificate, without an entry in a log",
  "log-untrusted": "has a log entry that no trusted log vouches for",
  "log-mismatch": "has a log entry that is of another signature",
  "timestamp-untrusted": "is signed at a time that nobody who is trusted vouches for",
  "too-few-signers": "is signed by 1 of the trusted (key SHA256:x); 2 are demanded",
  "provenance-missing": "is signed, and nobody who is trusted says where it was built",
  "provenance-builder": `was built by "https://b"; trusted: https://a`,
  "provenance-source": `was built from "https://b"; trusted: https://a`,
  "provenance-ref": `was built from the ref "refs/heads/x"; trusted: refs/heads/main`,
  "platform-unsigned": "is no signed index, and its image for linux/arm64 is signed by nobody",
  "root-unavailable": "cannot be verified: the trusted root /etc/trusted_root.json cannot be read",
  "root-expired": "cannot be verified: what the trusted root's repository serves has expired",
  unanswered: "cannot be verified: ghcr.io gave no answer",
};

describe("image-signed", () => {
  for (const { title, text, says, ...given } of cases) {
    it(title, async () => {
      const context = contextOf(given.settings ?? settings, { signed: given.signed ?? nobodyAsked });
      assert.deepEqual(await linesOf(imageSigned.check(imageOf(text), context)), says);
    });
  }

  for (const [code, problem] of Object.entries(failures)) {
    it(`says of ${code} what is wrong and what to do about this very image`, async () => {
      const error = new SignatureError({ code: code as SignatureErrorCode, problem });
      const context = contextOf(settings, { signed: answering({ ok: true, value: error }) });
      const [first, why, fix = ""] = (await linesOf(imageSigned.check(imageOf(pinned), context))) ?? [];
      // Without its root nobody has looked at a signature yet.
      const because = code.startsWith("root-") ? unread : untrusted;
      assert.deepEqual([first, why], [`${path}: "${pinned}" ${problem}`, because]);
      assert.match(fix, /^fix: \S.{10,}/);
      assert.doesNotMatch(fix, /<image>|<digest>/);
      assert.equal(fix.includes(image), error.fix.includes("<image>@<digest>"));
    });
  }

  it("asks by the first rule that fits", async () => {
    const other = generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" }).toString();
    const rules = [
      { images: ["ghcr.io/acme/web"], keys: [pem] },
      { images: ["ghcr.io/acme/*"], keys: [other] },
      { images: ["ghcr.io/acme/api"], keys: [pem] },
    ];
    const asked: unknown[] = [];
    const context = contextOf(
      { signatures: { rules } },
      {
        signed: (reference, rule) => {
          asked.push([reference.toString(), rule]);
          return Promise.resolve({ ok: true, value: signed });
        },
      },
    );
    await imageSigned.check(imageOf(pinned), context);
    assert.deepEqual(asked, [[pinned, context.settings.signatures.rules[1]?.trust]]);
  });

  it("has nothing more to say once it has said that nobody is trusted", () => {
    const context = contextOf({}, { signed: nobodyAsked, once: () => false });
    assert.equal(imageSigned.check(imageOf(pinned), context), undefined);
  });

  it("says of a property that cannot be read that nobody can have signed it", async () => {
    const state = { kind: "unreadable" as const, problem: "is a number" };
    const lines = await linesOf(imageSigned.check(imageOf(state), contextOf(settings)));
    assert.equal(lines?.[0], `${path}: is no image of a registry, so that nobody can have signed it`);
  });
});
