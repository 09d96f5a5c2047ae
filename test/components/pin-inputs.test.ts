import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { pinInputs } from "../../components";
import { fakeRegistryClient, testDigest } from "../support/fake-registry-client";

const a = testDigest("a");
const b = testDigest("b");

function client() {
  return fakeRegistryClient({ "docker.io/library/nginx:1": a, "ghcr.io/acme/api:2": b });
}

interface Seen {
  readonly value: unknown;
  readonly secret: boolean;
}

/** What a program would hand to the engine: everything awaited. */
async function seen(inputs: unknown): Promise<Seen> {
  const output = pulumi.output([inputs]);
  const secret = await pulumi.isSecret(output);
  const value = await new Promise<unknown>((resolve) => {
    output.apply(([known]: readonly unknown[]) => {
      resolve(known);
    });
  });
  return { value, secret };
}

const pod = (...containers: unknown[]) => ({ spec: { containers } });

const app = (image: object) => ({ spec: { services: [{ name: "web", image }] } });

/** As a program may have what it uses more than once. */
function frozen<T extends object>(value: T): T {
  for (const inner of Object.values(value))
    if (typeof inner === "object" && inner !== null) frozen(inner as object);
  return Object.freeze(value);
}

/** As secrets travel between the SDK and the engine. */
function wireSecret(value: unknown): object {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value };
}

const cases: readonly (readonly [name: string, token: string, given: object, expected: unknown])[] = [
  ["a tag", "kubernetes:core/v1:Pod", pod({ image: "nginx:1" }), pod({ image: `nginx:1@${a}` })],
  [
    "what is pinned, untouched",
    "kubernetes:core/v1:Pod",
    pod({ image: `nginx:1@${b}` }, { name: "none" }),
    pod({ image: `nginx:1@${b}` }, { name: "none" }),
  ],
  [
    "what is frozen",
    "kubernetes:core/v1:Pod",
    frozen(pod({ name: "x", image: "nginx:1", tty: true })),
    pod({ name: "x", image: `nginx:1@${a}`, tty: true }),
  ],
  [
    "a frozen digest beside its tag",
    "kubernetes:helm.sh/v3:Release",
    frozen({ values: { image: { repository: "nginx", tag: "1", digest: "" }, web: { image: "nginx:1" } } }),
    { values: { image: { repository: "nginx", tag: "1", digest: a }, web: { image: `nginx:1@${a}` } } },
  ],
  [
    "a digest in place of its tag, where one refuses the other",
    "digitalocean:index/app:App",
    app({ registryType: "DOCKER_HUB", registry: "library", repository: "nginx", tag: "1" }),
    app({ registryType: "DOCKER_HUB", registry: "library", repository: "nginx", tag: "", digest: a }),
  ],
  [
    "a digest in place of a tag that is known later",
    "digitalocean:index/app:App",
    app({ registryType: "GHCR", registry: "acme", repository: "api", tag: pulumi.output("2"), digest: "" }),
    app({ registryType: "GHCR", registry: "acme", repository: "api", tag: "", digest: b }),
  ],
  [
    "a tag beside a digest that its author wrote, untouched",
    "digitalocean:index/app:App",
    app({ registryType: "GHCR", registry: "acme", repository: "api", tag: "2", digest: pulumi.output(a) }),
    app({ registryType: "GHCR", registry: "acme", repository: "api", tag: "2", digest: a }),
  ],
  [
    "what is computed",
    "kubernetes:core/v1:Pod",
    pod({
      name: "x",
      get image() {
        return "nginx:1";
      },
    }),
    pod({ name: "x", image: `nginx:1@${a}` }),
  ],
  [
    "outputs and promises at every level",
    "kubernetes:core/v1:Pod",
    {
      spec: Promise.resolve({
        containers: pulumi.output([pulumi.output({ name: "x", image: Promise.resolve("nginx:1") })]),
      }),
    },
    pod({ name: "x", image: `nginx:1@${a}` }),
  ],
  [
    "JSON in a string",
    "aws:ecs/taskDefinition:TaskDefinition",
    { family: "f", containerDefinitions: `[{"name":"x","image":"ghcr.io/acme/api:2"}]` },
    { family: "f", containerDefinitions: `[{"name":"x","image":"ghcr.io/acme/api:2@${b}"}]` },
  ],
  [
    "the form that Lambda takes",
    "aws:lambda/function:Function",
    { imageUri: "nginx:1" },
    { imageUri: `nginx@${a}` },
  ],
  [
    "broken JSON, left to the pack",
    "aws:ecs/taskDefinition:TaskDefinition",
    { containerDefinitions: "[" },
    { containerDefinitions: "[" },
  ],
  [
    "another type, untouched",
    "kubernetes:core/v1:ConfigMap",
    { data: { image: "nginx:1" } },
    { data: { image: "nginx:1" } },
  ],
  [
    "what another transform passed on as secret, and leaves the mark",
    "kubernetes:core/v1:Pod",
    { spec: wireSecret({ containers: [{ image: "nginx:1", env: [{ value: "x" }] }] }) },
    { spec: wireSecret({ containers: [{ image: `nginx:1@${a}`, env: [{ value: "x" }] }] }) },
  ],
  [
    "values of another shape, untouched",
    "kubernetes:core/v1:Pod",
    { spec: { containers: "no" } },
    { spec: { containers: "no" } },
  ],
];

describe("pinInputs", () => {
  for (const [name, token, given, expected] of cases) {
    it(`pins ${name}`, async () => {
      const { value } = await seen(pinInputs(token, "it", given, { registry: client() }));
      assert.deepEqual(value, expected);
    });
  }

  it("leaves the given inputs as they were", async () => {
    const given = pod({ image: "nginx:1" });
    await seen(pinInputs("kubernetes:core/v1:Pod", "it", given, { registry: client() }));
    assert.deepEqual(given, pod({ image: "nginx:1" }));
  });

  it("keeps an image secret that was", async () => {
    const given = pod({ image: pulumi.secret("nginx:1") });
    const { value, secret } = await seen(
      pinInputs("kubernetes:core/v1:Pod", "it", given, { registry: client() }),
    );
    assert.deepEqual(value, pod({ image: `nginx:1@${a}` }));
    assert.equal(secret, true);
  });

  const pinned = (options: Parameters<typeof pinInputs>[3], inputs: object) =>
    seen(pinInputs("kubernetes:core/v1:Pod", "it", inputs, { registry: client(), ...options }));

  /** Where an image stands, and whether that is a secret. */
  const places: readonly (readonly [name: string, secret: boolean, given: (image: string) => object])[] = [
    ["plain text", false, (image) => pod({ image })],
    ["an output", false, (image) => pod({ image: pulumi.output(image) })],
    ["a secret", true, (image) => pod({ image: pulumi.secret(image) })],
    ["a secret around it", true, (image) => pod(pulumi.secret({ image }))],
    ["an output within a secret", true, (image) => ({ spec: pulumi.secret({ containers: [{ image }] }) })],
    ["beside a secret", false, (image) => pod({ image, env: [{ name: "a", value: pulumi.secret("b") }] })],
    ["a secret that travels", true, (image) => ({ spec: wireSecret({ containers: [{ image }] }) })],
  ];
  for (const [name, secret, given] of places) {
    it(`tells ${secret ? "nobody " : ""}of an image in ${name}`, async () => {
      const told: string[] = [];
      await pinned({ onPinned: ({ reference }) => told.push(reference.original) }, given("nginx:1"));
      await pinned({ onFailed: (message) => told.push(message) }, given("ghcr.io/acme/gone:1"));
      const where = "it: spec.containers[0].image: ";
      assert.deepEqual(
        told,
        secret
          ? [`${where}there is no digest for it; the image stands in a secret, and why would tell it`]
          : ["nginx:1", `${where}cannot resolve "ghcr.io/acme/gone:1": answered 404 MANIFEST_UNKNOWN`],
      );
    });
  }

  it("hears of an option that is none, which no compiler has refused", async () => {
    const options: readonly (readonly [options: object, says: string])[] = [
      [{ strategy: "lokced" }, `the option strategy is "lokced"; it can be locked, lock-first or registry`],
      [
        { platform: "arm64" },
        `the option platform: "arm64" is no platform; write it like linux/amd64 or linux/arm/v7`,
      ],
    ];
    for (const [given, says] of options) {
      const told: string[] = [];
      await pinned({ ...given, onFailed: (message) => told.push(message) }, pod({ image: "nginx:1" }));
      assert.deepEqual(told, [`it: spec.containers[0].image: cannot resolve "nginx:1": ${says}`]);
    }
  });
});
