import assert from "node:assert/strict";
import { parseImageReference } from "../../images";
import { allPolicies } from "../../policies/all";
import type { ImagePolicy, Policy, RemediationPolicy } from "../../policies/policy";
import { remediator, runner } from "../../policies/run";
import { Session, type Resource } from "../../policies/session";
import type { SettingsInput } from "../../policies/settings";
import { fakeRegistryClient } from "../support/fake-registry-client";
import { behindPolicyProxy } from "../support/policy-proxy";
import { signingKey } from "../support/signing";
import { hex, now } from "./support";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Finds something wrong with every image. */
const everyImage: ImagePolicy = {
  name: "every-image",
  description: "There must be no image.",
  level: "mandatory",
  severity: "low",
  over: "images",
  check: ({ path }) => ({ path, problem: "is there", why: "it is a test", fix: "none" }),
};
const another: ImagePolicy = { ...everyImage, name: "another" };
const later: ImagePolicy = {
  ...everyImage,
  name: "later",
  check: (image, context) => Promise.resolve(everyImage.check(image, context)),
};
const softly: ImagePolicy = {
  ...everyImage,
  name: "softly",
  check: ({ path }) => ({ path, problem: "is there", why: "it is a test", fix: "none", level: "advisory" }),
};
const remediation: RemediationPolicy = {
  ...everyImage,
  name: "remediation",
  level: "disabled",
  over: "resources",
  remediate: ({ properties, excepted }) =>
    excepted(parseImageReference("busybox:1")) ? undefined : properties,
};
const policies: readonly Policy[] = [...allPolicies, everyImage, another, later, softly, remediation];

function sessionOf(settings: SettingsInput = {}): Session {
  const organization = () => "acme";
  return new Session({ policies, settings, registry: fakeRegistryClient({}), organization, now: () => now });
}

function resource(image: unknown, name = "web", stack = "prod"): Resource {
  const properties: Record<string, unknown> = {
    ...behindPolicyProxy({ spec: { containers: [{ image }] } }),
  };
  const urn = `urn:pulumi:${stack}::shop::kubernetes:core/v1:Pod::${name}`;
  return { type: "kubernetes:core/v1:Pod", urn, properties, stackTags: new Map() };
}

/** `level: problem` of each finding; "engine" where the engine's own level holds. */
async function run(policy: Policy, session: Session, on: Resource): Promise<string[]> {
  const said: string[] = [];
  await runner(policy, session)(on, ({ problem }, level) => {
    said.push(`${level ?? "engine"}: ${problem.slice(0, 30)}`);
  });
  return said;
}

describe("a policy in an environment", () => {
  const environments = (level: "enforce" | "advise" | "off") => [
    { name: "development", stacks: ["dev"], levels: { "every-image": level, softly: level, later: level } },
  ];
  const cases: readonly (readonly [
    policy: Policy,
    stack: string,
    level: "enforce" | "advise" | "off",
    said: string[],
  ])[] = [
    [everyImage, "prod", "off", ["engine: is there"]],
    [everyImage, "dev", "enforce", ["mandatory: is there"]],
    [everyImage, "dev", "advise", ["advisory: is there"]],
    [everyImage, "dev", "off", []],
    [later, "dev", "advise", ["advisory: is there"]],
    [another, "dev", "off", ["engine: is there"]],
    // What only advises never becomes stricter.
    [softly, "dev", "enforce", ["advisory: is there"]],
    [softly, "prod", "off", ["advisory: is there"]],
  ];
  for (const [policy, stack, level, said] of cases) {
    it(`says ${said.join() || "nothing"}: ${policy.name} in ${stack}, where development has "${level}"`, async () => {
      const session = sessionOf({ environments: environments(level) });
      assert.deepEqual(await run(policy, session, resource("nginx:1", "web", stack)), said);
    });
  }

  it("takes the level of the whole environment where the policy is not named", async () => {
    const session = sessionOf({ environments: [{ name: "production", level: "advise" }] });
    assert.deepEqual(await run(everyImage, session, resource("nginx:1")), ["advisory: is there"]);
  });

  for (const [level, acts] of [
    [undefined, true],
    ["enforce", true],
    ["advise", false],
    ["off", false],
  ] as const) {
    it(`${acts ? "remediates" : "does not remediate"} with "${level ?? "nothing said"}"`, async () => {
      const levels = level === undefined ? {} : { remediation: level };
      const session = sessionOf({ environments: [{ name: "production", levels }] });
      assert.equal((await remediator(remediation, session)(resource("a"))) !== undefined, acts);
    });
  }
});

describe("an exception", () => {
  const exception = { image: "nginx", owner: "web", reason: "a test", expires: "2026-12-31" };
  const there = ["engine: is there"];
  const cases: readonly (readonly [exception: object, image: unknown, said: string[]])[] = [
    [{}, "nginx:1", []],
    [{}, `docker.io/library/nginx@sha256:${hex}`, []],
    [{}, "nginx.example.com/x", there],
    [{}, "redis:7", there],
    [{ policy: "every-image" }, "nginx:1", []],
    [{ policy: "image-tag-stated" }, "nginx:1", there],
    [{ resource: "*::web" }, "nginx:1", []],
    [{ resource: "*::api" }, "nginx:1", there],
    [{ expires: "2026-08-21" }, "nginx:1", there],
    [{ owner: "" }, "nginx:1", there],
    // There is no name to match.
    [{ image: "**" }, "Nginx", there],
    [{ image: "**" }, unknown, ["engine: not known until the update, so"]],
  ];
  for (const [changes, image, said] of cases) {
    it(`${said.length === 0 ? "covers" : "does not cover"} ${String(image).slice(0, 40)} with ${JSON.stringify(changes)}`, async () => {
      const session = sessionOf({ exceptions: [{ ...exception, ...changes }] });
      assert.deepEqual(await run(everyImage, session, resource(image)), said);
    });
  }

  it("keeps a remediation away", async () => {
    const session = sessionOf({ exceptions: [{ ...exception, image: "busybox" }] });
    assert.equal(await remediator(remediation, session)(resource("busybox:1")), undefined);
  });

  it("covers containers by their image", async () => {
    const policy = allPolicies.find(({ name }) => name === "container-runtime-restricted");
    assert.ok(policy);
    assert.deepEqual(await run(policy, sessionOf({ exceptions: [exception] }), resource("nginx:1")), []);
    assert.equal((await run(policy, sessionOf(), resource("nginx:1"))).length, 1);
  });
});

describe("image-signed", () => {
  const policy = allPolicies.find(({ name }) => name === "image-signed");
  assert.ok(policy);
  const signatures = { rules: [{ images: ["redis"], unsigned: true }] };
  const exceptions = [
    { image: "nginx", policy: policy.name, owner: "web", reason: "a test", expires: "2026-12-31" },
  ];
  const environments = (level: "advise" | "off") => [
    { name: "production", levels: { "image-signed": level } },
  ];
  const refused = "comes from docker.io/library/n";
  const cases: readonly (readonly [title: string, settings: SettingsInput, image: string, said: string[]])[] =
    [
      ["refuses what no rule fits", { signatures }, "nginx:1", [`engine: ${refused}`]],
      [
        "advises where the environment does",
        { signatures, environments: environments("advise") },
        "nginx:1",
        [`advisory: ${refused}`],
      ],
      ["says nothing where it is off", { signatures, environments: environments("off") }, "nginx:1", []],
      ["says nothing of what is excepted", { signatures, exceptions }, "nginx:1", []],
      ["says nothing of what nobody has to sign", { signatures }, "redis:7", []],
      [
        "says that nobody is trusted, of whatever image",
        {},
        "redis:7",
        ["engine: says of no image who has to ha"],
      ],
    ];
  for (const [title, settings, image, said] of cases) {
    it(title, async () => {
      assert.deepEqual(await run(policy, sessionOf(settings), resource(image)), said);
    });
  }

  it("takes no client that reads no signatures for an answer", async () => {
    const settings = { signatures: { rules: [{ images: ["nginx"], keys: [signingKey().pem] }] } };
    const said = await run(policy, sessionOf(settings), resource(`nginx:1@sha256:${hex}`));
    assert.deepEqual(said, ["engine: cannot be looked up: the regis"]);
  });

  it("says once that nobody is trusted", async () => {
    const session = sessionOf();
    assert.equal((await run(policy, session, resource("redis:7"))).length, 1);
    assert.equal((await run(policy, session, resource("nginx:1", "api"))).length, 0);
  });
});

describe("what only looks like an image", () => {
  const pod = (value: unknown): Resource => {
    const env = [{ name: "WORKER_IMAGE", value }];
    const properties = behindPolicyProxy({ spec: { containers: [{ image: `nginx@sha256:${hex}`, env }] } });
    return { ...resource("a"), properties: { ...properties } };
  };
  const both = ["engine: is there", "advisory: is there"];
  for (const [value, policy, said] of [
    ["nginx:1", everyImage, both],
    ["nginx:1", later, both],
    [unknown, everyImage, ["engine: is there"]],
  ] as const) {
    it(`is advice at most: ${value} for ${policy.name}`, async () => {
      const environments = [{ name: "production", levels: {} }];
      assert.deepEqual(await run(policy, sessionOf({ environments }), pod(value)), said);
    });
  }
});

describe("what is said of a resource", () => {
  it("stands in the order of its images, whoever answers first", async () => {
    const slow: ImagePolicy = {
      ...everyImage,
      name: "slow",
      check: async ({ path }) => {
        const first = path.includes("[0]");
        await new Promise((resolve) => setTimeout(resolve, first ? 20 : 0));
        return { path, problem: path, why: "it is a test", fix: "none" };
      },
    };
    const properties = { ...behindPolicyProxy({ spec: { containers: [{ image: "a" }, { image: "b" }] } }) };
    assert.deepEqual(await run(slow, sessionOf(), { ...resource("a"), properties }), [
      "engine: spec.containers[0].image",
      "engine: spec.containers[1].image",
    ]);
  });
});

describe("a session", () => {
  it("says once what is not known, however many policies look", async () => {
    const session = sessionOf();
    const said = [everyImage, another, later].map(async (policy) => run(policy, session, resource(unknown)));
    assert.deepEqual(await Promise.all(said), [["engine: not known until the update, so"], [], []]);
  });

  it("reports invalid settings once, and is strict until they are mended", async () => {
    const session = sessionOf({ onUnknown: "advise" });
    const first = session.begin({ onUnknwon: "advise" }, resource("a"));
    assert.deepEqual(
      first.map(({ path }) => path),
      ["settings.onUnknwon"],
    );
    assert.deepEqual(session.begin({ onUnknwon: "advise" }, resource("a")), []);
    assert.deepEqual(await run(everyImage, session, resource(unknown)), [
      "engine: not known until the update, so",
    ]);
  });

  it("takes the engine's settings over those of a pack, name by name", () => {
    const session = sessionOf({ onUnknown: "advise", tag: "digest" });
    assert.deepEqual(session.begin({ tag: "either" }, resource("a")), []);
    const { onUnknown, tag } = session.context.settings;
    assert.deepEqual([onUnknown, tag], ["advise", "either"]);
  });

  const counted: readonly (readonly [
    settings: SettingsInput,
    awake: readonly string[],
    says: readonly string[],
  ])[] = [
    [{}, [], []],
    [
      { registries: ["ghcr.io"] },
      [],
      ["lists what is allowed, and the policy image-registry-allowed is disabled: nothing checks it"],
    ],
    [{ registries: ["ghcr.io"] }, ["image-registry-allowed"], []],
    [
      { platforms: ["linux/amd64"] },
      [],
      ["says what images must be for, and the policy image-pullable is disabled: nothing checks it"],
    ],
    [
      { signatures: { rules: [{ images: ["nginx"], unsigned: true }] } },
      [],
      ["says who must have signed images, and the policy image-signed is disabled: nothing checks it"],
    ],
    [{ signatures: { rules: [{ images: ["nginx"], unsigned: true }] } }, ["image-signed"], []],
    [
      { environments: [{ name: "production", levels: { "every-image": "enforce", another: "off" } }] },
      [],
      [`production says "enforce" of every-image, and the policy every-image is disabled: nothing checks it`],
    ],
    [{ environments: [{ name: "production", levels: { "every-image": "advise" } }] }, ["every-image"], []],
    // It is another environment's business.
    [{ environments: [{ name: "development", levels: { "every-image": "enforce" } }] }, [], []],
  ];
  for (const [settings, awake, says] of counted) {
    it(`says of ${JSON.stringify(settings)} with ${awake.join() || "nothing"} on: ${says.join() || "nothing"}`, async () => {
      const session = sessionOf(settings);
      const stack = resource("a", "stack");
      assert.deepEqual(session.begin({}, stack), []);
      for (const policy of policies.filter(({ name }) => awake.includes(name)))
        await run(policy, session, stack);
      const second = session.begin({}, resource("b"));
      assert.deepEqual(
        second.map(({ problem }) => problem),
        says,
      );
      assert.deepEqual(session.begin({}, resource("c")), []);
    });
  }
});
