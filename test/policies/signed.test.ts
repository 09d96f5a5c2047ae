import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDigest, parseImageReference } from "../../images";
import { createRegistryClient } from "../../registry";
import { signedEntry, timestamp, type LockEntry } from "../../lock";
import type { Answer } from "../../policies/ask";
import { policyContext } from "../../policies/context";
import type { LockAnswer } from "../../policies/lock-book";
import { hasDigest, signedBy, type SignatureVerdict } from "../../policies/signed";
import type { SettingsInput } from "../../policies/settings";
import { rootSource } from "../../policies/trusted-root";
import type { RegistryClient } from "../../registry/types";
import { SignatureError, type DigestReference, type TrustRule } from "../../signatures";
import { fakeRegistryClient } from "../support/fake-registry-client";
import { startRegistry, type Registry } from "../support/registry";
import { signImage, signingKey } from "../support/signing";
import {
  createTrustDomain,
  openScene,
  signImage as signKeyless,
  startTufRepository,
  type Scene,
  type TrustDomain,
} from "../support/sigstore";
import { settingsOf } from "./support";

const [mine, other] = [signingKey(), signingKey()];

function ruleOf(changes: object = {}): TrustRule {
  const rules = [{ images: ["localhost:1/**"], keys: [mine.pem], ...changes }];
  const { trust } = settingsOf({ signatures: { rules } }).signatures.rules[0] ?? {};
  assert.ok(typeof trust === "object");
  return trust;
}
const rule = ruleOf();

/** What came of it: who signed, or the code of what is wrong. */
function outcome(answer: Answer<SignatureVerdict>): string {
  if (!answer.ok) return `not answered: ${answer.error instanceof Error ? answer.error.message : ""}`;
  if (answer.value instanceof SignatureError) return answer.value.code;
  return answer.value.signers.map((signer) => (signer.how === "key" ? signer.fingerprint : "?")).join();
}

describe("signedBy", () => {
  let registry: Registry;
  let client: ReturnType<typeof createRegistryClient>;
  beforeEach(async () => {
    registry = await startRegistry();
    client = createRegistryClient();
  });
  afterEach(async () => {
    await client.close();
    await registry.close();
  });

  /** Pushes an image, signs it, and gives its reference. */
  function pushed(repository: string, ...keys: readonly (typeof mine)[]): DigestReference {
    const digest = registry.push(repository, "1", { platforms: ["linux/amd64"] });
    if (keys.length > 0) signImage(registry, { repository, digest }, keys);
    const reference = parseImageReference(`${registry.host}/${repository}:1@${digest}`);
    assert.ok(hasDigest(reference));
    return reference;
  }

  function asking({
    entry,
    asked = client,
  }: { readonly entry?: LockEntry; readonly asked?: RegistryClient } = {}) {
    const locked = async (): Promise<LockAnswer> =>
      Promise.resolve(
        entry === undefined
          ? { kind: "no-lock", lookedIn: [] }
          : { kind: "lock", path: "images.lock.json", match: { key: "x", entry }, others: [] },
      );
    return signedBy({ settings: () => settingsOf({}), registry: asked, locked });
  }

  /** A lock's entry with what proves that an image is signed. */
  async function entryFor(
    image: DigestReference,
    changes: Partial<LockEntry["signatures"]> = {},
  ): Promise<LockEntry> {
    const answer = await asking()(image, rule);
    assert.ok(answer.ok && !(answer.value instanceof SignatureError));
    const { evidence } = answer.value;
    assert.ok(evidence !== undefined);
    const now = timestamp(Date.now());
    const times = { lockedAt: now, verifiedAt: now };
    const mediaType = "application/vnd.oci.image.manifest.v1+json";
    const entry = { digest: image.digest, mediaType, platforms: ["linux/amd64"], ...times };
    registry.clearLog();
    return signedEntry(entry, { by: [{ who: "Ann", how: "key" }], evidence, ...changes }, now);
  }

  it("finds out who signed, or what is wrong", async () => {
    const asked = asking();
    const outcomes = [
      await asked(pushed("team/mine", mine), rule),
      await asked(pushed("team/both", other, mine), rule),
      await asked(pushed("team/other", other), rule),
      await asked(pushed("team/none"), rule),
    ].map(outcome);
    assert.deepEqual(outcomes, [mine.fingerprint, mine.fingerprint, "no-key-fits", "unsigned"]);
  });

  it("asks once for a digest, whatever tag stands beside it, and anew by another rule", async () => {
    const image = pushed("team/api", mine);
    const asked = asking();
    const again = parseImageReference(`${registry.host}/team/api:stable@${image.digest}`);
    assert.ok(hasDigest(again));
    const first = await Promise.all([asked(image, rule), asked(image, rule), asked(again, rule)]);
    assert.deepEqual(first.map(outcome), Array(3).fill(mine.fingerprint));
    const requests = registry.log.length;
    assert.ok(requests <= 4, `${requests} requests`);
    assert.equal(new Set(registry.log.map(({ path }) => path)).size, requests, "something was asked twice");
    assert.equal(outcome(await asked(image, ruleOf({ keys: [other.pem] }))), "no-key-fits");
  });

  it("asks nobody where the lock keeps what proves it", async () => {
    const image = pushed("team/api", mine);
    const entry = await entryFor(image);
    assert.equal(outcome(await asking({ entry })(image, rule)), mine.fingerprint);
    assert.deepEqual(registry.log, []);
  });

  it("asks nobody where the lock keeps what proves it, even by a client that reads no signatures, or none that answers", async () => {
    const image = pushed("team/api", mine);
    const entry = await entryFor(image);
    assert.equal(
      outcome(await asking({ entry, asked: fakeRegistryClient({}) })(image, rule)),
      mine.fingerprint,
    );
    await registry.close();
    const asked = asking({ entry });
    const silent = parseImageReference(`${registry.host}/team/gone@sha256:${"0".repeat(64)}`);
    assert.ok(hasDigest(silent));
    // The registry is known to be silent from here on; what proves itself needs none.
    assert.match(outcome(await asked(silent, ruleOf())), /^not answered: /);
    assert.equal(outcome(await asked(image, rule)), mine.fingerprint);
  });

  const forged: readonly (readonly [title: string, forge: (own: string, others: string) => string])[] = [
    ["that is nothing", () => "AAAA"],
    ["of another image", (_, others) => others],
    ["that was cut", (own) => `${own.slice(0, 40)}=`],
    ["that was changed", (own) => `${own.slice(0, 60)}${own[60] === "A" ? "B" : "A"}${own.slice(61)}`],
  ];
  for (const [title, forge] of forged) {
    it(`believes no lock that says who signed, with evidence ${title}`, async () => {
      const [image, another] = [pushed("team/unsigned"), pushed("team/api", mine)];
      const evidence = (await entryFor(another)).signatures?.evidence ?? "";
      const theirs = (await entryFor(pushed("team/web", mine))).signatures?.evidence ?? "";
      const lie = {
        by: [{ who: `key ${mine.fingerprint}`, how: "key" as const }],
        evidence: forge(evidence, theirs),
      };
      const entry = { ...(await entryFor(another, lie)), digest: image.digest };
      assert.equal(outcome(await asking({ entry })(image, rule)), "unsigned");
      assert.ok(registry.log.length > 0, "nobody was asked");
    });
  }

  it("believes no evidence of somebody who is not trusted any more, and asks who else signed", async () => {
    const [alone, image] = [pushed("team/alone", mine), pushed("team/api", mine, other)];
    const rotated = ruleOf({ keys: [other.pem] });
    const said = [];
    for (const one of [alone, image]) {
      const entry = await entryFor(one);
      said.push(outcome(await asking({ entry })(one, rotated)));
    }
    assert.deepEqual(said, ["no-key-fits", other.fingerprint]);
  });

  it("takes no client for an answer that reads no signatures", async () => {
    const answer = await asking({ asked: fakeRegistryClient({}) })(pushed("team/api", mine), rule);
    assert.equal(
      outcome(answer),
      "not answered: the registry client that the policies were given reads no signatures",
    );
    assert.ok(!answer.ok && answer.error instanceof Error && "fix" in answer.error);
  });

  it("takes no fault of a client for an answer", async () => {
    const fault = new TypeError("a fault");
    const faulty = async (): Promise<never> => Promise.reject(fault);
    const artifacts = { referrers: faulty, artifact: faulty, blob: faulty, index: faulty };
    const broken = { ...fakeRegistryClient({}), ...artifacts };
    const answer = await asking({ asked: broken })(pushed("team/api", mine), rule);
    assert.deepEqual(answer, { ok: false, error: fault });
  });

  const troubles = [
    ["denies", 403, /answered 403/],
    ["breaks down", 500, /answered 500/],
  ] as const;
  for (const [title, status, expected] of troubles) {
    it(`takes no registry for an answer that ${title}`, async () => {
      const image = pushed("team/api", mine);
      registry.fail({ kind: "answer", status });
      assert.match(outcome(await asking()(image, rule)), expected);
    });
  }

  it("gives up on a registry that is silent, once for all its images", async () => {
    const [image, another] = [pushed("team/api", mine), pushed("team/web", mine)];
    await registry.close();
    const asked = asking();
    const said = [outcome(await asked(image, rule)), outcome(await asked(another, rule))];
    assert.match(said[0] ?? "", /^not answered: .* could not be sent: /);
    assert.equal(said[1], said[0], "it was asked again");
  });
});

describe("policyContext", () => {
  it("asks for signatures where the lock cannot be read", async () => {
    const registry = await startRegistry();
    const client = createRegistryClient();
    try {
      const repository = "team/api";
      const digest = parseDigest(registry.push(repository, "1", { platforms: ["linux/amd64"] }));
      signImage(registry, { repository, digest }, [mine]);
      const image = parseImageReference(`${registry.host}/${repository}:1@${digest}`);
      assert.ok(hasDigest(image));
      const pinner = (): never => {
        throw new Error("the lock cannot be read");
      };
      const sources = { settings: () => settingsOf({}), pinner, registry: client, now: () => new Date() };
      assert.equal(outcome(await policyContext(sources).signed(image, rule)), mine.fingerprint);
    } finally {
      await client.close();
      await registry.close();
    }
  });
});

describe("rootSource", () => {
  const environment = { PINNED_IMAGES_CACHE: "/cache" };
  const cases = [
    [{ file: "/etc/trusted_root.json" }, { file: "/etc/trusted_root.json" }],
    [{ tuf: {} }, { tuf: { cache: "/cache/tuf" } }],
    [
      { tuf: { url: "https://tuf.acme.com", root: "/etc/root.json" } },
      { tuf: { url: "https://tuf.acme.com", root: "/etc/root.json", cache: "/cache/tuf" } },
    ],
  ] as const;
  for (const [setting, expected] of cases) {
    it(`of ${JSON.stringify(setting)}`, () => {
      assert.deepEqual(rootSource(setting, environment), expected);
    });
  }
});

describe("signedBy with certificates", () => {
  const subject = "https://github.com/acme/api/.github/workflows/release.yml@refs/heads/x@refs/heads/main";
  const issuer = "https://token.actions.githubusercontent.com";
  let domain: TrustDomain;
  let scene: Scene;
  let folder: string;
  before(async () => {
    domain = await createTrustDomain();
  });
  beforeEach(async () => {
    scene = await openScene();
    folder = await mkdtemp(join(tmpdir(), "pinned-images-signed-"));
    const identity = { subject, issuer };
    const { digest } = scene;
    const keyless = { identity, authority: domain };
    scene.place([await signKeyless({ layout: "bundle", digest, keyless, log: { domain } })]);
  });
  afterEach(async () => {
    await scene.close();
    await rm(folder, { recursive: true, force: true });
  });

  type Root = NonNullable<NonNullable<SettingsInput["signatures"]>["root"]>;

  /** What comes of the image by a trusted root and one identity, and the proof. */
  async function verdict(root: Root, trusted: string, entry?: LockEntry) {
    const images = [`${scene.registry.host}/**`];
    const settings = settingsOf({
      signatures: { root, rules: [{ images, identities: [{ issuer, subject: trusted }] }] },
    });
    const { trust } = settings.signatures.rules[0] ?? {};
    assert.ok(typeof trust === "object");
    const image = parseImageReference(`${scene.repository}@${scene.digest}`);
    assert.ok(hasDigest(image));
    const registry = createRegistryClient();
    const answer: LockAnswer =
      entry === undefined
        ? { kind: "no-lock", lookedIn: [] }
        : { kind: "lock", path: "images.lock.json", match: { key: "x", entry }, others: [] };
    try {
      const environment = { PINNED_IMAGES_CACHE: folder };
      const locked = async (): Promise<LockAnswer> => Promise.resolve(answer);
      const asked = signedBy({ settings: () => settings, registry, locked, environment });
      const said = await asked(image, trust);
      assert.ok(said.ok);
      if (said.value instanceof SignatureError) return { said: said.value.code };
      const [signer] = said.value.signers;
      return { said: signer?.how === "identity" ? signer.subject : "?", evidence: said.value.evidence };
    } finally {
      await registry.close();
    }
  }

  async function written(name: string, text: string): Promise<string> {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  }

  it("verifies by the root in a file, and by the evidence of that without a request", async () => {
    const root = { file: await written("trusted_root.json", JSON.stringify(domain.trustedRoot)) };
    const first = await verdict(root, subject);
    assert.equal(first.said, subject);
    assert.ok(first.evidence !== undefined);
    const now = timestamp(Date.now());
    const digest = parseDigest(scene.digest);
    const entry = { digest, mediaType: "application/x", platforms: [], lockedAt: now, verifiedAt: now };
    const kept = { by: [{ who: subject, how: "identity" as const }], evidence: first.evidence };
    scene.registry.clearLog();
    assert.equal((await verdict(root, subject, signedEntry(entry, kept, now))).said, subject);
    assert.deepEqual(scene.registry.log, []);
    // By whom it was verified then is nothing to go by now.
    const stricter = "https://github.com/acme/*@refs/heads/main";
    assert.equal((await verdict(root, stricter, signedEntry(entry, kept, now))).said, "untrusted-identity");
    assert.ok(scene.registry.log.length > 0);
  });

  it("verifies nothing without the root", async () => {
    const missing = { file: join(folder, "trusted_root.json") };
    assert.equal((await verdict(missing, subject)).said, "root-unavailable");
  });

  const repositories = [
    ["verifies by the root of a repository", 1, subject],
    ["verifies nothing by the root of a repository that has expired", -1, "root-expired"],
  ] as const;
  for (const [title, days, expected] of repositories) {
    it(title, async () => {
      const expires = new Date(Date.now() + days * 86_400_000);
      const repository = await startTufRepository({ trustedRoot: domain.trustedRoot, expires });
      try {
        const root = await written("root.json", repository.root);
        assert.equal((await verdict({ tuf: { url: repository.url, root } }, subject)).said, expected);
      } finally {
        await repository.close();
      }
    });
  }
});
