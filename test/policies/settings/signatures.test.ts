import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { parseImageReference } from "../../../images";
import { allPolicies } from "../../../policies/all";
import { parseSettings, signatureRuleFor, type SettingsInput } from "../../../policies/settings";
import { fingerprintOf } from "../../../signatures/key";
import { now, settingsOf } from "../support";

const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
const secret = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const other = generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" }).toString();

type Input = NonNullable<SettingsInput["signatures"]>;
const images = ["ghcr.io/acme/**"];
const identity = {
  issuer: "https://token.actions.githubusercontent.com",
  subject: "https://github.com/acme/*",
};
const workable = { images, keys: [pem] };

function problems(signatures: unknown): string[] {
  const context = { policies: allPolicies.map(({ name }) => name), now };
  const result = parseSettings({ signatures }, context);
  return result.ok ? [] : result.problems.map(({ path, problem }) => `${path} ${problem}`);
}

function read(signatures: Input) {
  return settingsOf({ signatures }).signatures;
}

const rule = (changes: object): unknown => ({ rules: [{ ...workable, ...changes }] });
const at = "settings.signatures.rules[0]";
const key = `${at}.keys[0] the text`;
const noSuch = "there is no setting of this name";

const refused: readonly (readonly [title: string, given: unknown, problem: string])[] = [
  ["no object", "ghcr.io", `settings.signatures is "ghcr.io" where Object was expected`],
  ["a name that there is not", { rule: [] }, `settings.signatures.rule ${noSuch}`],
  [
    "a rule for no image",
    rule({ images: [] }),
    `${at}.images 0 patterns are too few; name one image at least`,
  ],
  [
    "a rule for a tag",
    rule({ images: ["ghcr.io/acme/api:dev-*"] }),
    `${at}.images[0] "ghcr.io/acme/api:dev-*" has a tag; beside a digest anybody may write any tag, so it decides nothing here`,
  ],
  [
    "a rule for all registries",
    rule({ images: ["*.io/acme"] }),
    `${at}.images[0] "*.io/acme" has a "*" in its registry; a pattern names one registry, "*" stands in paths alone`,
  ],
  [
    "a rule that names nobody",
    { rules: [{ images }] },
    `${at} the rule names nobody who may sign; give it "keys" or "identities", or write "unsigned": true`,
  ],
  [
    "a rule that asks for provenance of nobody",
    { rules: [{ images, provenance: {} }] },
    `${at} the rule names nobody who may sign; give it "keys" or "identities", or write "unsigned": true`,
  ],
  ...[
    { keys: [pem] },
    { identities: [identity] },
    { atLeast: 2 },
    { provenance: {} },
    { sameRepository: true },
    { logged: true },
  ].map(
    (asks) =>
      [
        `unsigned images, and ${Object.keys(asks).join()}`,
        { rules: [{ images, unsigned: true, ...asks }] },
        `${at} the rule says "unsigned" and who has to sign; keep the one that counts`,
      ] as const,
  ),
  ["more signers than keys", rule({ atLeast: 2 }), `${at} the rule demands 2 signers and has 1 key`],
  [
    "more signers than keys, one of which is there twice",
    rule({ atLeast: 3, keys: [pem, other, ` ${pem}`] }),
    `${at} the rule demands 3 signers and has 2 keys`,
  ],
  [
    "more keys than are tried",
    rule({ keys: Array.from({ length: 101 }, () => pem) }),
    `${at}.keys 101 keys are too many; 100 are the most`,
  ],
  ["no signer", rule({ atLeast: 0 }), `${at}.atLeast 0 is less than one signer`],
  ["half a signer", rule({ atLeast: 1.5 }), `${at}.atLeast 1.5 is no whole number`],
  [
    "a private key",
    rule({ keys: [secret] }),
    `${key} is a private key; give the public one, and replace the private one: it has been shown`,
  ],
  [
    "a private key in the wrong place",
    rule({ keys: secret }),
    `${at}.keys is a key where Array was expected`,
  ],
  ["a private key instead of everything", secret, "settings.signatures is a key where Object was expected"],
  [
    "a file's name as a key",
    rule({ keys: ["cosign.pub"] }),
    `${key} is no public key in PEM; it begins with -----BEGIN PUBLIC KEY-----`,
  ],
  [
    "an issuer that is a pattern",
    rule({ identities: [{ ...identity, issuer: "https://*" }] }),
    `${at}.identities[0].issuer "https://*" has a "*"; an issuer is written in full`,
  ],
  [
    "an issuer that is a name",
    rule({ identities: [{ ...identity, issuer: "github" }] }),
    `${at}.identities[0].issuer "github" is no issuer; write its address: https://…`,
  ],
  [
    "an identity without its issuer",
    rule({ identities: [{ subject: "x" }] }),
    `${at}.identities[0].issuer is missing`,
  ],
  [
    "anybody at all",
    rule({ identities: [{ ...identity, subject: "*" }] }),
    `${at}.identities[0].subject "*" stands for everything; write what it has to be`,
  ],
  [
    "provenance of every kind",
    rule({ provenance: { refs: ["*"] } }),
    `${at}.provenance.refs[0] "*" stands for everything; write what it has to be`,
  ],
  [
    "a trusted root by a relative path",
    { root: { file: "trusted_root.json" } },
    `settings.signatures.root.file "trusted_root.json" is no whole path; write it from the root on`,
  ],
  [
    "the root of a repository by a relative path",
    { root: { tuf: { root: "./root.json" } } },
    `settings.signatures.root.tuf.root "./root.json" is no whole path; write it from the root on`,
  ],
  [
    "two trusted roots",
    { root: { file: "/etc/trusted_root.json", tuf: {} } },
    `settings.signatures.root the root has "file" and "tuf"; keep the one that counts`,
  ],
  [
    "a repository without TLS",
    { root: { tuf: { url: "http://tuf.example.com" } } },
    `settings.signatures.root.tuf.url "http://tuf.example.com" is no https address`,
  ],
  [
    "a repository that is no address",
    { root: { tuf: { url: "tuf.example.com" } } },
    `settings.signatures.root.tuf.url "tuf.example.com" is no address; write it like https://tuf.example.com`,
  ],
];

describe("the settings of signatures", () => {
  for (const [title, given, problem] of refused) {
    it(`refuse ${title}`, () => {
      const found = problems(given);
      assert.deepEqual(found, [problem]);
      assert.ok(!found.join().includes(secret.split("\n")[1]?.slice(0, 20) ?? ""), "the key is repeated");
    });
  }

  it("trust nobody, by Sigstore's root, where they are left out", () => {
    assert.deepEqual(settingsOf({}).signatures, { root: { tuf: {} }, rules: [] });
  });

  const roots: readonly (readonly [given: NonNullable<Input["root"]>, expected: object])[] = [
    [{}, { tuf: {} }],
    [{ file: "/etc/trusted_root.json" }, { file: "/etc/trusted_root.json" }],
    [{ tuf: { url: "https://tuf.acme.com" } }, { tuf: { url: "https://tuf.acme.com" } }],
    [{ tuf: { url: "http://localhost:8080" } }, { tuf: { url: "http://localhost:8080" } }],
    [{ tuf: { root: "/etc/root.json" } }, { tuf: { root: "/etc/root.json" } }],
  ];
  for (const [given, expected] of roots) {
    it(`take the root ${JSON.stringify(given)}`, () => {
      assert.deepEqual(read({ root: given }).root, expected);
    });
  }

  it("take a rule with the least that it needs, and the mildest of the rest", () => {
    const { trust } = read({ rules: [workable] }).rules[0] ?? {};
    assert.ok(typeof trust === "object");
    const { keys, ...rest } = trust;
    assert.deepEqual(
      keys.map(({ fingerprint }) => fingerprint),
      [fingerprintOf(publicKey)],
    );
    assert.deepEqual(rest, { identities: [], atLeast: 1, sameRepository: false, logged: false });
  });

  it("take a rule with all that it can have", () => {
    const provenance = {
      builders: ["https://b"],
      sources: ["https://github.com/acme/*"],
      refs: ["refs/tags/*"],
    };
    // Several identities may fit one pattern.
    const given = {
      images,
      identities: [identity],
      atLeast: 2,
      sameRepository: true,
      logged: true,
      provenance,
    };
    const { trust } = read({ rules: [given] }).rules[0] ?? {};
    assert.ok(typeof trust === "object");
    assert.equal(trust.identities[0]?.issuer, identity.issuer);
    assert.equal(trust.identities[0].subject.matches("https://github.com/acme/api"), true);
    assert.equal(trust.provenance?.refs[0]?.matches("refs/tags/v1"), true);
    assert.deepEqual([trust.atLeast, trust.sameRepository, trust.logged], [2, true, true]);
  });

  const { rules, root } = read({
    rules: [
      { images: ["ghcr.io/acme/vendor/**", "nginx"], unsigned: true },
      { images: ["ghcr.io/acme/**"], keys: [pem] },
      { images: ["**"], keys: [other] },
    ],
  });
  const found: readonly (readonly [image: string, rule: number | undefined])[] = [
    ["ghcr.io/acme/vendor/agent:1", 0],
    ["nginx:1.27", 0],
    ["ghcr.io/acme/api", 1],
    ["redis", 2],
    ["quay.io/acme/api", undefined],
  ];
  for (const [image, expected] of found) {
    it(`find ${expected === undefined ? "no rule" : `the rule ${expected}`} for ${image}`, () => {
      const fits = signatureRuleFor({ rules, root }, parseImageReference(image));
      assert.equal(fits, expected === undefined ? undefined : rules[expected]);
    });
  }
});
