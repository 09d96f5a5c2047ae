// The options, which are the same in every component, and their defaults from the stack's configuration, in the real engine
// (provider plugins are stand-ins).
import assert from "node:assert/strict";
import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { after, before, describe, it } from "mocha";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  pinImages,
  PinnedImage,
  pinnedImage,
  pinnedImages,
  pinningTransform,
  type PinningOptions,
} from "../../components";
import { Container, PinnedContainer } from "../../components/docker";
import { Pod, PinnedRelease, pinnedValues, Release } from "../../components/kubernetes";
import { parseImageReference, parsePlatform } from "../../images";
import { lockKey } from "../../lock";
import type { RegistryClient } from "../../registry";
import { createTestStack, previewProgram, type TestStackOptions } from "../support/engine";
import { fakeRegistryClient, testDigest } from "../support/fake-registry-client";
import { lockText } from "../support/lock";
import { startRegistry } from "../support/registry";

const [served, locked, ofPlatform, lockedOfPlatform] = ["a", "b", "c", "d"].map(testDigest);
assert.ok(served && locked && ofPlatform && lockedOfPlatform);

const fake = fakeRegistryClient({ "docker.io/library/nginx:1": served });
const registry: RegistryClient = {
  ...fake,
  resolvePlatform: async (reference) => ({ ...(await fake.resolve(reference)), digest: ofPlatform }),
};

const pod = { spec: { containers: [{ name: "web", image: "nginx:1" }] } };
const configMap = (name: string, image: pulumi.Input<string>) =>
  new kubernetes.core.v1.ConfigMap(name, { data: { image } });

/** Everything that takes the options. Each registers a resource of this name whose inputs hold the image. */
const ways: Readonly<Record<string, (name: string, options: PinningOptions) => unknown>> = {
  pinnedImage: (name, options) => configMap(name, pinnedImage("nginx:1", options)),
  pinnedImages: (name, options) => configMap(name, pinnedImages({ web: "nginx:1" }, options).web),
  PinnedImage: (name, pinning) =>
    configMap(name, new PinnedImage(`${name}-image`, { image: "nginx:1", pinning }).reference),
  Pod: (name, options) => new Pod(name, pod, {}, options),
  Container: (name, options) => new Container(name, { image: "nginx:1" }, {}, options),
  PinnedContainer: (name, pinning) => new PinnedContainer(name, { image: "nginx:1", pinning }),
  Release: (name, options) => new Release(name, { chart: "web", values: { image: "nginx:1" } }, {}, options),
  PinnedRelease: (name, pinning) =>
    new PinnedRelease(name, { chart: "web", values: { image: "nginx:1" }, pinning }),
  pinnedValues: (name, options) =>
    new kubernetes.helm.v3.Release(name, {
      chart: "web",
      values: pinnedValues({ image: "nginx:1" }, options),
    }),
  pinningTransform: (name, options) =>
    new kubernetes.core.v1.Pod(name, pod, { transforms: [pinningTransform(options)] }),
};

describe("the options of every component", function () {
  this.timeout(120_000);
  let folder: string;
  let lock: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "pinned-images-options-"));
    lock = join(folder, "images.lock.json");
    const platformKey = lockKey(parseImageReference("nginx:1"), parsePlatform("linux/arm64"));
    await writeFile(lock, lockText({ "docker.io/library/nginx:1": locked, [platformKey]: lockedOfPlatform }));
  });
  after(async () => rm(folder, { recursive: true, force: true }));

  /** The digest that each way came to, with options by the name of the variant. */
  async function digestsOf(
    variants: Readonly<Record<string, PinningOptions>>,
    stack: Partial<TestStackOptions> = {},
  ): Promise<Record<string, string[]>> {
    const result = await previewProgram({
      stackName: "dev",
      ...stack,
      program: () => {
        for (const [variant, options] of Object.entries(variants)) {
          for (const [way, pin] of Object.entries(ways)) pin(`${way}.${variant}`, { registry, ...options });
        }
      },
    });
    assert.equal(result.exitCode, 0, result.stdout + result.stderr);
    return Object.fromEntries(
      Object.keys(variants).map((variant) => [
        variant,
        Object.keys(ways).map((way) => {
          const inputs = result.resources
            .filter(({ name, type }) => name === `${way}.${variant}` && !type.startsWith("pinned-images:"))
            .map((resource) => JSON.stringify(resource.inputs));
          const digests = new Set(inputs.flatMap((text) => text.match(/sha256:[0-9a-f]{64}/g) ?? []));
          return `${way} ${[...digests].join(" and ")}`;
        }),
      ]),
    );
  }
  const all = (digest: string) => Object.keys(ways).map((way) => `${way} ${digest}`);

  it("say where digests come from: lock, strategy, platform", async () => {
    const arm: PinningOptions = { platform: "linux/arm64" };
    assert.deepEqual(
      await digestsOf({
        none: {},
        lock: { lock },
        locked: { lock, strategy: "locked" },
        registry: { lock, strategy: "registry" },
        platform: arm,
        both: { ...arm, lock },
      }),
      {
        none: all(served),
        lock: all(locked),
        locked: all(locked),
        registry: all(served),
        platform: all(ofPlatform),
        both: all(lockedOfPlatform),
      },
    );
  });

  it("have the stack's configuration for their defaults, and go before it", async () => {
    assert.deepEqual(
      await digestsOf(
        { none: {}, strategy: { strategy: "registry" }, platform: { platform: "linux/arm64" } },
        { config: { "pinned-images:lock": lock, "pinned-images:strategy": "locked" } },
      ),
      { none: all(locked), strategy: all(served), platform: all(lockedOfPlatform) },
    );
    assert.deepEqual(
      await digestsOf(
        { none: {}, lock: { lock } },
        { config: { "pinned-images:platform": "linux/arm64", "pinned-images:strategy": "lock-first" } },
      ),
      { none: all(ofPlatform), lock: all(lockedOfPlatform) },
    );
  });
});

describe("programs that share a process, one after the other", function () {
  this.timeout(120_000);

  it("ask the registry anew, each once: a tag may have moved in the meantime", async () => {
    const server = await startRegistry();
    const stack = await createTestStack({
      stackName: "dev",
      program: () => {
        pinImages();
        const image = `${server.host}/acme/web:1`;
        new kubernetes.core.v1.Pod("line", { spec: { containers: [{ name: "web", image }] } });
        new Container("drop-in", { image });
      },
    });
    try {
      for (const seed of ["one", "two"]) {
        server.clearLog();
        const digest = server.push("acme/web", "1", { seed });
        const { resources, stdout } = await stack.preview();
        const inputs = ["line", "drop-in"].map((wanted) =>
          JSON.stringify(resources.find(({ name }) => name === wanted)?.inputs),
        );
        for (const text of inputs) assert.ok(text.includes(digest), stdout);
        assert.equal(server.log.filter(({ method }) => method === "HEAD").length, 1);
      }
    } finally {
      await stack.dispose();
      await server.close();
    }
  });
});
