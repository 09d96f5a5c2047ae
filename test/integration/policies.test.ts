// Every policy through the real engine and the pack in its own process: each case is one resource of one of three previews.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { parseDigest, parseImageReference } from "../../images";
import { formatLock, timestamp, type LockEntry } from "../../lock";
import { allPolicies } from "../../policies/all";
import type { SettingsInput } from "../../policies/settings";
import { previewProgram, type EngineResult } from "../support/engine";
import { projectRoot } from "../support/paths";
import { createRegistryClient } from "../../registry";
import { verifyImage } from "../../signatures";
import { parsePublicKey } from "../../signatures/key";
import { hasDigest } from "../../policies/signed";
import { startRegistry, type Registry } from "../support/registry";
import { signImage, signingKey } from "../support/signing";

type Container = Partial<kubernetes.types.input.core.v1.Container>;

/** A resource of any type, for providers whose SDK is not installed. */
class AnyResource extends pulumi.CustomResource {}

const hex = "0123456789abcdef".repeat(4);
const pinned = (name: string): string => `${name}@sha256:${hex}`;

const restricted = {
  runAsNonRoot: true,
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};
const asRoot = { ...restricted, runAsNonRoot: false, runAsUser: 0 };

function pod(name: string, ...containers: readonly Container[]): void {
  new kubernetes.core.v1.Pod(name, {
    spec: {
      containers: containers.map((container, index) => ({
        name: `container-${index}`,
        securityContext: restricted,
        ...container,
      })),
    },
  });
}

interface Case {
  readonly name: string;
  readonly declare: (name: string) => void;
  /** `level policy: the first line`, in any order; what the rest says is compared with the policies' pages. */
  readonly says: readonly string[];
}

const image = "spec.containers[0].image";
const notKnown = `not known until the update, so this preview could not check it; it is checked again in "pulumi up"`;
const pinnedByDigest = "mandatory image-pinned-by-digest";
const registryAllowed = "mandatory image-registry-allowed";
const tagStated = "advisory image-tag-stated";
const runtimeRestricted = "advisory container-runtime-restricted";
const allowed = "allowed: docker.io/library, ghcr.io/acme";

let later: pulumi.Output<string>;

/** As the pack comes, with the registries that are allowed, and with exceptions. */
const strict: { readonly settings: SettingsInput; readonly [policy: string]: unknown } = {
  "image-registry-allowed": "mandatory",
  settings: {
    suggestDigests: false,
    registries: ["docker.io/library", "ghcr.io/acme"],
    exceptions: [
      {
        image: "quay.io/vendor/*",
        policy: "image-registry-allowed",
        owner: "payments",
        reason: "the vendor has no other registry",
        expires: "2999-12-31",
      },
      {
        image: "busybox",
        resource: "*::excepted-here",
        owner: "web",
        reason: "a demo",
        expires: "2999-12-31",
      },
      {
        image: "traefik",
        policy: "container-runtime-restricted",
        owner: "edge",
        reason: "binds ports 80 and 443",
        ticket: "EDGE-7",
        expires: "2999-12-31",
      },
      { image: "quay.io/late/api", owner: "shop", reason: "vendor mirror pending", expires: "2020-01-31" },
      { image: "redis", owner: "", reason: "nobody knows", expires: "2999-12-31" },
    ],
  },
};

const strictCases: readonly Case[] = [
  {
    name: "blocked",
    declare: (name) => {
      pod(name, { image: "nginx:1.27.0" }, { image: "nginx" }, { image: pinned("nginx").slice(0, -1) });
    },
    says: [
      `${pinnedByDigest}: ${image}: "nginx:1.27.0" is pinned by tag only`,
      `${pinnedByDigest}: spec.containers[1].image: "nginx" has no tag and no digest, so the runtime pulls "nginx:latest"`,
      `${pinnedByDigest}: spec.containers[2].image: "${pinned("nginx").slice(0, -1)}": the digest has 63 hex characters, sha256 needs 64`,
    ],
  },
  {
    name: "passing",
    declare: (name) => {
      pod(name, { image: pinned("nginx:1.27.0") }, { image: pinned("ghcr.io/acme/team/api:2.3") });
    },
    says: [],
  },
  {
    name: "unknown",
    declare: (name) => {
      pod(name, { image: later }, { image: "redis:7" });
    },
    says: [
      `${pinnedByDigest}: ${image}: ${notKnown}`,
      // What is known beside it is checked; the exception for it names no owner.
      `${pinnedByDigest}: spec.containers[1].image: "redis:7" is pinned by tag only`,
    ],
  },
  {
    name: "secret",
    declare: (name) => {
      pod(
        name,
        { image: pulumi.secret(pinned("nginx:1.27.0")) },
        { image: pulumi.secret("nginx@sha256:12") },
      );
    },
    says: [
      `${pinnedByDigest}: spec.containers[1].image: "nginx@sha256:12": the digest has 2 hex characters, sha256 needs 64`,
    ],
  },
  {
    name: "tags",
    declare: (name) => {
      pod(name, { image: pinned("nginx") }, { image: pinned("nginx:latest") });
    },
    says: [
      `${tagStated}: ${image}: "${pinned("nginx")}" has no tag beside its digest`,
      `${tagStated}: spec.containers[1].image: "${pinned("nginx:latest")}" states "latest" beside its digest`,
    ],
  },
  {
    name: "without-a-tag-where-none-is-taken",
    declare: (name) => {
      new AnyResource("aws:lambda/function:Function", name, { imageUri: pinned("ghcr.io/acme/f") });
    },
    says: [],
  },
  {
    name: "other-registries",
    declare: (name) => {
      pod(name, { image: pinned("quay.io/x/y:1") }, { image: pinned("ghcr.io/acmee/y:1") });
    },
    says: [
      `${registryAllowed}: ${image}: "${pinned("quay.io/x/y:1")}" comes from quay.io; ${allowed}`,
      `${registryAllowed}: spec.containers[1].image: "${pinned("ghcr.io/acmee/y:1")}" comes from ghcr.io; ${allowed}`,
    ],
  },
  {
    name: "excepted",
    declare: (name) => {
      // From the registry, and from nothing else.
      pod(name, { image: pinned("quay.io/vendor/agent:3") }, { image: "quay.io/vendor/agent:3" });
    },
    says: [`${pinnedByDigest}: spec.containers[1].image: "quay.io/vendor/agent:3" is pinned by tag only`],
  },
  {
    name: "excepted-here",
    declare: (name) => {
      pod(name, { image: "busybox:1" });
    },
    says: [],
  },
  {
    name: "excepted-elsewhere",
    declare: (name) => {
      pod(name, { image: "busybox:1" });
    },
    says: [`${pinnedByDigest}: ${image}: "busybox:1" is pinned by tag only`],
  },
  {
    name: "expired",
    declare: (name) => {
      pod(name, { image: pinned("quay.io/late/api:1") });
    },
    says: [`${registryAllowed}: ${image}: "${pinned("quay.io/late/api:1")}" comes from quay.io; ${allowed}`],
  },
  {
    name: "free",
    declare: (name) => {
      pod(
        name,
        { image: pinned("postgres:16"), securityContext: {} },
        { image: pinned("nginx:1"), securityContext: asRoot },
        { image: pinned("traefik:3"), securityContext: asRoot },
      );
    },
    says: [
      `${runtimeRestricted}: spec.containers[0]: "${pinned("postgres:16")}" may run as root, keeps capabilities, may write to its root file system and may gain privileges`,
      `${runtimeRestricted}: spec.containers[1]: "${pinned("nginx:1")}" runs as root`,
    ],
  },
  {
    name: "free-docker",
    declare: (name) => {
      new AnyResource("docker:index/container:Container", name, { image: pinned("nginx:1"), user: "0:0" });
    },
    says: [
      `${runtimeRestricted}: image: "${pinned("nginx:1")}" runs as root, keeps capabilities, may write to its root file system and may gain privileges`,
    ],
  },
  {
    name: "free-or-not",
    declare: (name) => {
      pod(name, {
        image: pinned("nginx:1"),
        securityContext: { ...restricted, readOnlyRootFilesystem: later.apply((id) => id !== "") },
      });
    },
    says: [`${runtimeRestricted}: spec.containers[0].securityContext: ${notKnown}`],
  },
  {
    name: "pinned-images-test-test",
    declare: () => undefined,
    says: [
      // How many days ago depends on when one reads this.
      'mandatory exceptions-current: settings.exceptions[3]: the exception for "quay.io/late/api" expired ',
      `mandatory exceptions-current: settings.exceptions[4].owner: "" is empty`,
    ],
  },
];

/** Those who sign images: one who is trusted, and one who is not. */
const [trusted, stranger] = [signingKey(), signingKey()];

/** The same policies, told to do otherwise. */
const configured = ({ host }: Registry): typeof strict => ({
  "image-pullable": "mandatory",
  "image-signed": "mandatory",
  "container-runtime-restricted": "disabled",
  settings: {
    signatures: {
      rules: [
        { images: [`${host}/signed/**`], keys: [trusted.pem], sameRepository: true },
        { images: [`${host}/team/**`, "localhost:1/**"], unsigned: true },
      ],
    },
    exceptions: [
      {
        image: `${host}/vendor/agent`,
        policy: "image-signed",
        owner: "payments",
        reason: "the vendor signs from March on",
        expires: "2999-12-31",
      },
    ],
    onUnknown: "advise",
    tag: "digest",
    suggestDigests: true,
    platforms: ["linux/amd64", "linux/arm64"],
    environments: [{ name: "production", levels: { "image-tag-stated": "enforce" } }],
  },
});

function configuredCases(registry: Registry): readonly Case[] {
  const both = registry.push("team/api", "2.3", { platforms: ["linux/amd64", "linux/arm64/v8"] });
  const one = registry.push("team/one", "1.0", { platforms: ["linux/amd64"] });
  const { host } = registry;
  const pullable = "mandatory image-pullable";
  const signed = "mandatory image-signed";
  const platforms = ["linux/amd64", "linux/arm64"];
  const signedBy = (repository: string, ...keys: readonly (typeof trusted)[]): string => {
    const digest = registry.push(repository, "1.0", { platforms });
    if (keys.length > 0) signImage(registry, { repository, digest }, keys);
    return `${host}/${repository}@${digest}`;
  };
  const [ours, theirs, nobodys] = [
    signedBy("signed/api", trusted),
    signedBy("signed/web", stranger),
    signedBy("signed/db"),
  ];
  const [unknown, excepted] = [signedBy("other/api", trusted), signedBy("vendor/agent")];
  const down = pinned("localhost:1/down/api");
  const refused = "GET /v2/down/api/manifests/sha256:";
  return [
    {
      name: "there",
      declare: (name) => {
        pod(name, { image: `${host}/team/api@${both}` });
      },
      says: [],
    },
    {
      name: "suggested",
      declare: (name) => {
        pod(name, { image: `${host}/team/api:2.3` });
      },
      says: [`${pinnedByDigest}: ${image}: "${host}/team/api:2.3" is pinned by tag only`],
    },
    {
      name: "not-there",
      declare: (name) => {
        pod(name, { image: pinned(`${host}/team/api`) }, { image: `${host}/team/one@${one}` });
      },
      says: [
        `${pullable}: ${image}: "${pinned(`${host}/team/api`)}" is not in ${host}`,
        `${pullable}: spec.containers[1].image: "${host}/team/one@${one}" is for linux/amd64 only, not for linux/arm64`,
      ],
    },
    {
      name: "down",
      declare: (name) => {
        pod(name, { image: down });
      },
      says: [
        `${pullable}: ${image}: "${down}" cannot be looked up: ${refused}${hex} on localhost:1 could not be sent: `,
      ],
    },
    {
      name: "unknown",
      declare: (name) => {
        pod(name, { image: later });
      },
      says: [`advisory image-pinned-by-digest: ${image}: ${notKnown}`],
    },
    {
      name: "signed",
      declare: (name) => {
        pod(name, { image: ours }, { image: ours }, { image: pulumi.secret(ours) }, { image: excepted });
      },
      says: [],
    },
    {
      name: "not-signed",
      declare: (name) => {
        pod(name, { image: nobodys }, { image: theirs }, { image: unknown });
      },
      says: [
        `${signed}: ${image}: "${nobodys}" is signed by nobody`,
        `${signed}: spec.containers[1].image: "${theirs}" has a signature that none of the trusted keys made (1 trusted): another key signed, or what it signed was changed`,
        `${signed}: spec.containers[2].image: "${unknown}" comes from ${host}/other/api, for which no rule says who has to have signed`,
      ],
    },
    {
      name: "not-pinned",
      declare: (name) => {
        pod(name, { image: `${host}/signed/api:1.0` });
      },
      says: [
        `${pinnedByDigest}: ${image}: "${host}/signed/api:1.0" is pinned by tag only`,
        `${signed}: ${image}: "${host}/signed/api:1.0" has no digest, so that nobody can have signed it`,
      ],
    },
    {
      name: "tagged",
      declare: (name) => {
        pod(name, { image: `${host}/team/api:2.3@${both}` });
      },
      says: [
        `mandatory image-tag-stated: ${image}: "${host}/team/api:2.3@${both}" has the tag "2.3" beside its digest`,
      ],
    },
  ];
}

/** Where the lock of the last preview lies, and what is in it. */
interface Locked {
  readonly file: string;
  readonly registry: Registry;
}

/** With a lock that the platform team names, and with tags pinned. */
const withLock = ({ file, registry: { host } }: Locked): typeof strict => ({
  "pin-images": "remediate",
  "image-in-lock": "mandatory",
  "image-tag-unmoved": "mandatory",
  "image-signed": "mandatory",
  "image-tag-stated": "disabled",
  "container-runtime-restricted": "disabled",
  settings: {
    lock: { file, maxAgeDays: 90 },
    signatures: {
      rules: [
        { images: [`${host}/proven/*`], keys: [trusted.pem] },
        { images: [`${host}/**`], unsigned: true },
      ],
    },
  },
});

/** Signs an image, keeps what proves it, and takes the signature out of the registry. */
async function proven(
  registry: Registry,
  repository: string,
): Promise<Pick<LockEntry, "digest" | "signatures">> {
  const digest = parseDigest(registry.push(repository, "1.0", { platforms: ["linux/amd64"] }));
  signImage(registry, { repository, digest }, [trusted]);
  const reference = parseImageReference(`${registry.host}/${repository}@${digest}`);
  assert.ok(hasDigest(reference));
  const rule = {
    keys: [parsePublicKey(trusted.pem)],
    identities: [],
    atLeast: 1,
    sameRepository: true,
    logged: false,
  };
  const artifacts = createRegistryClient();
  const root = async (): Promise<never> => Promise.reject(new Error("keys need no root"));
  try {
    const { evidence = "" } = await verifyImage(reference, rule, { artifacts, root });
    registry.setTag(repository, `${digest.replace(":", "-")}.sig`, undefined);
    registry.clearLog();
    const by = [{ who: `key ${trusted.fingerprint}`, how: "key" as const }];
    return { digest, signatures: { verifiedAt: timestamp(Date.now()), by, evidence } };
  } finally {
    await artifacts.close();
  }
}

async function lockedCases({ file, registry }: Locked): Promise<readonly Case[]> {
  const { host } = registry;
  const api = `${host}/shop/api`;
  const good = parseDigest(registry.push("shop/api", "2.3", { platforms: ["linux/amd64"] }));
  const old = parseDigest(registry.push("shop/old", "1.0", { platforms: ["linux/amd64"] }));
  const moved = parseDigest(registry.push("shop/moved", "1.0", { platforms: ["linux/amd64"] }));
  const now = parseDigest(registry.push("shop/moved", "1.0", { platforms: ["linux/arm64"] }));
  const api1 = await proven(registry, "proven/api");
  const forged = parseDigest(registry.push("proven/forged", "1.0", { platforms: ["linux/amd64"] }));
  const lockedAt = timestamp(Date.now() - 127 * 86_400_000);
  const heldAt = timestamp(Date.now() - 3 * 86_400_000);
  const bad = parseDigest(`sha256:${hex}`);
  const entry = {
    mediaType: "application/vnd.oci.image.index.v1+json",
    platforms: ["linux/amd64"],
    lockedAt: heldAt,
    verifiedAt: heldAt,
  };
  const images = new Map<string, LockEntry>([
    [`${api}:2.3`, { ...entry, digest: good, held: [{ digest: bad, heldAt, reason: "CVE-2026-1234" }] }],
    [`${host}/shop/old:1.0`, { ...entry, digest: old, lockedAt }],
    [`${host}/shop/moved:1.0`, { ...entry, digest: moved }],
    [`${host}/proven/api:1.0`, { ...entry, ...api1 }],
    // What somebody who may edit the lock can do: another image's signature, under a name that is trusted.
    [`${host}/proven/forged:1.0`, { ...entry, ...api1, digest: forged }],
  ]);
  writeFileSync(file, formatLock({ images }));
  const inLock = "mandatory image-in-lock";
  return [
    {
      name: "locked",
      declare: (name) => {
        pod(name, { image: `${api}:2.3@${good}` }, { image: `${api}@${good}` });
      },
      says: [],
    },
    {
      name: "pinned-from-the-lock",
      declare: (name) => {
        pod(name, { image: `${api}:2.3` }, { image: pulumi.secret(`${api}:2.3`) });
      },
      says: [],
    },
    {
      name: "not-to-be-pinned",
      declare: (name) => {
        pod(name, { image: `${host}/shop/gone:1` });
      },
      says: [
        `${pinnedByDigest}: ${image}: "${host}/shop/gone:1" is pinned by tag only`,
        `mandatory pin-images: ${image}: cannot resolve "${host}/shop/gone:1": GET /v2/shop/gone/manifests/1 on ${host} answered 404 MANIFEST_UNKNOWN`,
      ],
    },
    {
      name: "not-locked",
      declare: (name) => {
        pod(name, { image: pinned(`${host}/shop/other`) }, { image: pinned(`${api}:2.3`) });
      },
      says: [
        `${inLock}: ${image}: "${pinned(`${host}/shop/other`)}" this digest is not in locked.lock.json`,
        `${inLock}: spec.containers[1].image: "${pinned(`${api}:2.3`)}" this digest was rolled back on ${heldAt.slice(0, 10)} (CVE-2026-1234) and is held in locked.lock.json`,
        `mandatory image-tag-unmoved: spec.containers[1].image: "${pinned(`${api}:2.3`)}": ${api}:2.3 now points to ${good}; it is pinned to ${bad}`,
      ],
    },
    {
      name: "other-than-locked",
      declare: (name) => {
        pod(name, { image: `${host}/shop/moved:1.0@${now}` });
      },
      says: [
        `${inLock}: ${image}: "${host}/shop/moved:1.0@${now}" this digest is not the one in locked.lock.json, which holds ${moved}`,
      ],
    },
    {
      name: "verified-in-the-lock",
      declare: (name) => {
        pod(
          name,
          { image: `${host}/proven/api:1.0@${api1.digest}` },
          { image: `${host}/proven/api@${api1.digest}` },
        );
      },
      says: [],
    },
    {
      name: "forged-in-the-lock",
      declare: (name) => {
        pod(name, { image: `${host}/proven/forged@${forged}` });
      },
      says: [`mandatory image-signed: ${image}: "${host}/proven/forged@${forged}" is signed by nobody`],
    },
    {
      name: "stale",
      declare: (name) => {
        pod(name, { image: `${host}/shop/old:1.0@${old}` });
      },
      says: [
        `advisory image-lock-fresh: ${image}: "${host}/shop/old:1.0@${old}" locked 127 days ago (${lockedAt.slice(0, 10)}); the limit is 90 days`,
      ],
    },
    {
      name: "moved",
      declare: (name) => {
        pod(name, { image: `${host}/shop/moved:1.0@${moved}` });
      },
      says: [
        `mandatory image-tag-unmoved: ${image}: "${host}/shop/moved:1.0@${moved}": ${host}/shop/moved:1.0 now points to ${now}; the lock holds ${moved} (locked ${heldAt.slice(0, 10)})`,
      ],
    },
  ];
}

function declareAll(cases: readonly Case[]): () => void {
  return () => {
    later = new kubernetes.core.v1.Namespace("later").id;
    for (const { name, declare } of cases) declare(name);
  };
}

interface Said {
  readonly name: string;
  readonly level: string;
  readonly policy: string;
  readonly message: string;
}

function saidIn({ policyEvents }: EngineResult): readonly Said[] {
  return policyEvents.map(({ resourceUrn = "", enforcementLevel, policyName, message }) => ({
    name: resourceUrn.split("::").at(-1) ?? "",
    level: enforcementLevel,
    policy: policyName,
    message: message.trim(),
  }));
}

/** A line as the cases have it; where the cause behind it is the machine's, up to there. */
function lineOf({ level, policy, message }: Said, { says }: Case): string {
  const line = `${level} ${policy}: ${message.split("\n")[1] ?? ""}`;
  return says.find((start) => start.endsWith(" ") && line.startsWith(start)) ?? line;
}

describe("the policies in a preview", function () {
  this.timeout(120_000);
  let registry: Registry;
  let folder: string;
  const results = new Map<string, EngineResult>();
  const said = new Map<string, readonly Said[]>();
  const cases = new Map<string, readonly Case[]>();

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "pinned-images-policies-"));
    const file = join(folder, "locked.lock.json");
    registry = await startRegistry();
    cases.set("with a lock", await lockedCases({ file, registry }));
    cases.set("as the pack comes", strictCases);
    cases.set("told otherwise", configuredCases(registry));
    const preview = async (name: string, packConfig: typeof strict): Promise<void> => {
      const program = declareAll(cases.get(name) ?? []);
      const result = await previewProgram({ program, packs: [projectRoot], packConfig });
      results.set(name, result);
      said.set(name, saidIn(result));
    };
    await Promise.all([
      preview("as the pack comes", strict),
      preview("told otherwise", configured(registry)),
      preview("with a lock", withLock({ file, registry })),
    ]);
  });
  after(async () => {
    await registry.close();
    await rm(folder, { recursive: true, force: true });
  });

  for (const name of ["as the pack comes", "told otherwise", "with a lock"]) {
    it(`says what each case has to, ${name}, and nothing else`, () => {
      const table = cases.get(name) ?? [];
      const lines = (said.get(name) ?? []).map((one) => {
        const known = table.find((each) => each.name === one.name);
        return `${one.name}: ${known === undefined ? one.message : lineOf(one, known)}`;
      });
      const expected = table.flatMap((each) => each.says.map((line) => `${each.name}: ${line}`));
      assert.deepEqual(lines.toSorted(), expected.toSorted());
    });
  }

  it("gives the provider the digest of the lock, of a secret tag, too", () => {
    const { resources = [] } = results.get("with a lock") ?? {};
    const { inputs } = resources.find(({ name }) => name === "pinned-from-the-lock") ?? {};
    const images = [...JSON.stringify(inputs ?? {}).matchAll(/"image":("[^"]*"|\{[^}]*\})/g)];
    const [first = "", second = ""] = images.map(([, value]) => value ?? "");
    assert.match(first, /\/shop\/api:2\.3@sha256:[0-9a-f]{64}"$/);
    assert.match(second, /^\{"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270"/);
  });

  it("asks nobody for the signatures that the lock proves", () => {
    const asked = registry.log.map(({ path }) => path).filter((path) => path.includes("/proven/api/"));
    // Where its tag points is another policy's question.
    assert.deepEqual(asked, ["/v2/proven/api/manifests/1.0"]);
  });

  it("asks the registry once for each image", () => {
    const asked = registry.log.map(({ method, path }) => `${method} ${path}`);
    const twice = asked.filter((one, index) => asked.indexOf(one) !== index);
    // For which platforms it is, and what is in it that may be signed in its stead, are two policies' questions.
    const [again = "", ...others] = twice;
    assert.match(again, /^GET \/v2\/signed\/db\/manifests\/sha256:/);
    assert.deepEqual(others, [], asked.join("\n"));
  });

  for (const { name } of allPolicies) {
    it(`says what docs/policies/${name}.md shows`, () => {
      const page = readFileSync(join(projectRoot, "docs", "policies", `${name}.md`), "utf8");
      const shown = [...page.matchAll(/```text\n([^]*?)\n```/g)].map(([, text]) => text ?? "");
      const real = [...said.values()].flat().filter(({ policy }) => policy === name);
      const messages = real.map(({ message }) =>
        message
          .replaceAll(registry.host, "registry.acme.io")
          .replaceAll("locked.lock.json", "images.lock.json")
          // As long ago as the tests need it.
          .replace(/\d{4}-\d\d-\d\d(?=\)| \(CVE)/g, "2026-07-17"),
      );
      assert.ok(shown.length > 0, "the page shows no message");
      for (const text of shown)
        assert.ok(messages.includes(text), `${text}\n---\n${messages.join("\n---\n")}`);
    });
  }
});
