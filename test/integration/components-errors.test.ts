// What a program's author reads when an image cannot be pinned, in the real engine (provider plugins are stand-ins).
// One after the other: programs that throw are heard by every run of their process.
import assert from "node:assert/strict";
import * as docker from "@pulumi/docker";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { describe, it } from "mocha";
import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import { pinImages, PinnedImage, pinnedImage } from "../../components";
import { Container, PinnedContainer } from "../../components/docker";
import { Deployment, PinnedRelease } from "../../components/kubernetes";
import type { RegistryClient } from "../../registry";
import {
  createTestStack,
  previewProgram,
  type Program,
  type TestStack,
  type TestStackOptions,
} from "../support/engine";
import { fakeRegistryClient, testDigest } from "../support/fake-registry-client";

const registry = fakeRegistryClient({ "docker.io/library/nginx:1": testDigest("a") });
const missing = `cannot resolve "nginx:404": answered 404 MANIFEST_UNKNOWN`;

function deployment(image: pulumi.Input<string>): kubernetes.types.input.apps.v1.Deployment {
  const template = { spec: { containers: [{ name: "web", image }] } };
  return { spec: { selector: {}, template } };
}

/** Each way to pin, as it is given an image. */
const ways: readonly (readonly [name: string, where: string, pin: (image: pulumi.Input<string>) => void])[] =
  [
    [
      "the function",
      "pinnedImage",
      (image) => {
        new kubernetes.core.v1.ConfigMap("it", { data: { image: pinnedImage(image, { registry }) } });
      },
    ],
    [
      "PinnedImage",
      `PinnedImage "it"`,
      (image) => {
        new PinnedImage("it", { image, pinning: { registry } });
      },
    ],
    [
      "PinnedContainer",
      `PinnedContainer "it"`,
      (image) => {
        new PinnedContainer("it", { image, pinning: { registry } });
      },
    ],
    [
      "a drop-in",
      "it: spec.template.spec.containers[0].image",
      (image) => {
        new Deployment("it", deployment(image), {}, { registry });
      },
    ],
    [
      "pinImages",
      "it: spec.template.spec.containers[0].image",
      (image) => {
        pinImages({ registry });
        new kubernetes.apps.v1.Deployment("it", deployment(image));
      },
    ],
    [
      "PinnedRelease",
      "it: values.image",
      (image) => {
        new PinnedRelease("it", { chart: "web", values: { image }, pinning: { registry } });
      },
    ],
  ];

async function saidBy(program: Program, options: Partial<TestStackOptions> = {}): Promise<string> {
  const { exitCode, stdout, stderr } = await previewProgram({ stackName: "dev", ...options, program });
  assert.notEqual(exitCode, 0, stdout + stderr);
  return stdout + stderr;
}

const trace = /\n\s+at |Unhandled/;

describe("a preview with an image that nobody has", function () {
  this.timeout(120_000);

  for (const [name, where, pin] of ways) {
    it(`ends with a sentence, and shows the others' errors, too: ${name}`, async () => {
      const said = await saidBy(() => {
        pin("nginx:404");
        new Container("other", { image: "Nginx" }, {}, { registry });
      });
      assert.ok(said.includes(`${where}: ${missing}`), said);
      assert.match(said, /other: image: "Nginx" has upper case in its repository/);
      assert.doesNotMatch(said, trace);
    });

    it(`does not tell of a secret one: ${name}`, async () => {
      const said = await saidBy(() => {
        pin(pulumi.secret("ghcr.io/hidden/thing:404"));
      });
      assert.ok(said.includes(`${where}: there is no digest for it; the image stands in a secret`), said);
      assert.doesNotMatch(said, /hidden/);
      assert.doesNotMatch(said, trace);
    });
  }
});

const noReferences: readonly (readonly [given: unknown, says: string])[] = [
  [undefined, "the image is undefined, where text is needed"],
  [null, "the image is null, where text is needed"],
  [12, "the image is a number, where text is needed"],
  [["nginx:1"], "the image is an array, where text is needed"],
  [
    testDigest("a"),
    `"${testDigest("a")}" is the ID of an image in one engine, where a reference to a registry is needed`,
  ],
];

describe("a preview with an image that is none, in a program that no compiler has seen", function () {
  this.timeout(120_000);
  for (const [given, says] of noReferences) {
    it(`ends with a sentence, and asks nobody: ${says}`, async () => {
      const client = fakeRegistryClient({});
      const said = await saidBy(() => {
        Reflect.construct(PinnedImage, ["it", { image: given, pinning: { registry: client } }]);
      });
      assert.ok(said.includes(`PinnedImage "it": ${says}`), said);
      assert.doesNotMatch(said, trace);
      assert.deepEqual(client.asked, []);
    });
  }
});

const wrong: readonly (readonly [name: string, config: Record<string, string>, says: string])[] = [
  [
    "a strategy",
    { "pinned-images:strategy": "lokced" },
    `pinned-images:strategy in the stack's configuration is "lokced"; it can be locked, lock-first or registry`,
  ],
  [
    "a platform",
    { "pinned-images:platform": "arm64" },
    `pinned-images:platform in the stack's configuration: "arm64" is no platform; write it like linux/amd64 or linux/arm/v7`,
  ],
  [
    "a lock",
    { "pinned-images:lock": "no.lock.json" },
    `pinned-images:lock in the stack's configuration names the lock "no.lock.json", which is not there`,
  ],
];

describe("a stack's configuration that is wrong", function () {
  this.timeout(120_000);
  for (const [name, config, says] of wrong) {
    it(`ends the preview with a sentence that names the key: ${name}`, async () => {
      const said = await saidBy(
        () => {
          new Container("it", { image: "nginx:1" }, {}, { registry });
        },
        { config },
      );
      assert.ok(said.includes(says), said);
      assert.doesNotMatch(said, trace);
    });
  }
});

const stateSchema = v.object({
  deployment: v.object({
    resources: v.optional(v.array(v.object({ type: v.string(), inputs: v.optional(v.unknown()) })), []),
  }),
});

/** What a provider has made, by the engine's own state. */
async function deployedBy(stack: TestStack): Promise<string[]> {
  const { code, stdout, stderr } = await stack.command("stack", "export");
  assert.equal(code, 0, stderr);
  return v
    .parse(stateSchema, JSON.parse(stdout))
    .deployment.resources.filter(({ type }) => !/^(?:pulumi|pinned-images):/.test(type))
    .map(({ type, inputs }) => `${type} ${JSON.stringify(inputs)}`);
}

describe("an update with an image that nobody has", function () {
  this.timeout(120_000);
  for (const [name, where, pin] of ways) {
    it(`deploys no tag, and ends with a sentence: ${name}`, async () => {
      const stack = await createTestStack({
        stackName: "dev",
        program: () => {
          pin("nginx:404");
        },
      });
      try {
        const { exitCode, stdout, stderr } = await stack.up();
        assert.notEqual(exitCode, 0);
        assert.ok((stdout + stderr).includes(`${where}: ${missing}`), stdout + stderr);
        assert.doesNotMatch(stdout + stderr, trace);
        assert.deepEqual(await deployedBy(stack), []);
      } finally {
        await stack.dispose();
      }
    });
  }

  it("leaves what runs as it is, where the provider would delete first, too: pinImages", async () => {
    const slow: RegistryClient = {
      ...registry,
      resolve: async (reference) => sleep(300).then(async () => registry.resolve(reference)),
    };
    const program = (image: string) => () => {
      pinImages({ registry: slow });
      new kubernetes.apps.v1.Deployment("web", deployment(image));
      new docker.Container("cache", { name: "cache", image }, { deleteBeforeReplace: true });
    };
    const stack = await createTestStack({ stackName: "dev", program: program("nginx:1") });
    try {
      assert.equal((await stack.up()).exitCode, 0);
      const before = await deployedBy(stack);
      assert.equal(before.length, 2);
      const { exitCode, stdout, stderr } = await stack.up({ program: program("nginx:404") });
      assert.notEqual(exitCode, 0);
      assert.ok((stdout + stderr).includes(`cache: image: ${missing}`), stdout + stderr);
      assert.doesNotMatch(stdout + stderr, trace);
      assert.deepEqual(await deployedBy(stack), before);
    } finally {
      await stack.dispose();
    }
  });
});
