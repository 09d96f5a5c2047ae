// Drop-ins over a stack that the provider's own classes made, and updates that are none, in the real engine. The providers are
// stand-ins, which replace where the real ones do.
import assert from "node:assert/strict";
import * as docker from "@pulumi/docker";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { describe, it } from "mocha";
import { pinImages, pinnedImage } from "../../components";
import * as pinnedDocker from "../../components/docker";
import * as pinnedKubernetes from "../../components/kubernetes";
import { createTestStack, type EngineResult, type Program } from "../support/engine";
import { fakeRegistryClient, testDigest } from "../support/fake-registry-client";

const [digest, moved] = [testDigest("a"), testDigest("b")];
const registry = fakeRegistryClient({
  "docker.io/library/nginx:1.27": digest,
  "docker.io/library/nginx:1.27.0": digest,
  "docker.io/library/nginx:1.28": moved,
});

const template = (image: string) => ({
  metadata: { labels: { app: "web" } },
  spec: { containers: [{ name: "web", image }] },
});
const selector = { matchLabels: { app: "web" } };

/** Each drop-in with the class that it takes the place of, as both are given the same image. */
interface DropIn {
  readonly type: string;
  readonly own: (name: string, image: string) => pulumi.CustomResource;
  readonly pinned: (name: string, image: string) => pulumi.CustomResource;
  /** What the image comes to. */
  readonly reference?: string;
}

const tagged = `nginx:1.27@${digest}`;
const bare = `nginx@${digest}`;

const dropIns: readonly DropIn[] = [
  {
    type: "kubernetes:core/v1:Pod",
    own: (name, image) => new kubernetes.core.v1.Pod(name, template(image)),
    pinned: (name, image) => new pinnedKubernetes.Pod(name, template(image), {}, { registry }),
  },
  ...(["Deployment", "DaemonSet", "ReplicaSet"] as const).map((kind) => ({
    type: `kubernetes:apps/v1:${kind}`,
    own: (name: string, image: string) =>
      new kubernetes.apps.v1[kind](name, { spec: { selector, template: template(image) } }),
    pinned: (name: string, image: string) =>
      new pinnedKubernetes[kind](name, { spec: { selector, template: template(image) } }, {}, { registry }),
  })),
  {
    type: "kubernetes:apps/v1:StatefulSet",
    own: (name, image) =>
      new kubernetes.apps.v1.StatefulSet(name, {
        spec: { selector, serviceName: "web", template: template(image) },
      }),
    pinned: (name, image) =>
      new pinnedKubernetes.StatefulSet(
        name,
        { spec: { selector, serviceName: "web", template: template(image) } },
        {},
        { registry },
      ),
  },
  {
    type: "kubernetes:batch/v1:Job",
    own: (name, image) => new kubernetes.batch.v1.Job(name, { spec: { template: template(image) } }),
    pinned: (name, image) =>
      new pinnedKubernetes.Job(name, { spec: { template: template(image) } }, {}, { registry }),
  },
  {
    type: "kubernetes:batch/v1:CronJob",
    own: (name, image) => new kubernetes.batch.v1.CronJob(name, nightly(image)),
    pinned: (name, image) => new pinnedKubernetes.CronJob(name, nightly(image), {}, { registry }),
  },
  {
    type: "kubernetes:helm.sh/v3:Release",
    own: (name, image) => new kubernetes.helm.v3.Release(name, { chart: "web", values: { image } }),
    pinned: (name, image) =>
      new pinnedKubernetes.Release(name, { chart: "web", values: { image } }, {}, { registry }),
  },
  {
    type: "docker:index/service:Service",
    own: (name, image) => new docker.Service(name, { taskSpec: { containerSpec: { image } } }),
    pinned: (name, image) =>
      new pinnedDocker.Service(name, { taskSpec: { containerSpec: { image } } }, {}, { registry }),
    reference: bare,
  },
  // A container and a pulled image are replaced by the provider when their text changes, and so by whoever pins them first.
  // What is adopted pinned is left alone.
  {
    type: "docker:index/container:Container",
    own: (name) => new docker.Container(name, { image: bare }),
    pinned: (name, image) => new pinnedDocker.Container(name, { image }, {}, { registry }),
    reference: bare,
  },
  {
    type: "docker:index/remoteImage:RemoteImage",
    own: (name) => new docker.RemoteImage(name, { name: bare }),
    pinned: (name, image) => new pinnedDocker.RemoteImage(name, { name: image }, {}, { registry }),
    reference: bare,
  },
];

function nightly(image: string): kubernetes.types.input.batch.v1.CronJob {
  return { spec: { schedule: "@daily", jobTemplate: { spec: { template: template(image) } } } };
}

/** `op type` for what is not the stack's own, providers left out. */
function opsOf({ resources, exitCode, stdout, stderr }: EngineResult): string[] {
  assert.equal(exitCode, 0, stdout + stderr);
  return resources
    .filter(({ type }) => !type.startsWith("pulumi:"))
    .map(({ type, op }) => `${op} ${type}`)
    .sort();
}

async function afterwards(before: Program, program: Program): Promise<EngineResult> {
  const stack = await createTestStack({ stackName: "dev", program: before });
  try {
    assert.equal((await stack.up()).exitCode, 0);
    return await stack.preview({ program });
  } finally {
    await stack.dispose();
  }
}

const declare = (how: "own" | "pinned", image: string) => () => {
  for (const dropIn of dropIns) dropIn[how](dropIn.type.split(":").at(-1) ?? "", image);
};

describe("every drop-in", function () {
  this.timeout(120_000);

  it("takes over what the provider's own class made: the same URN, an update, and no replacement", async () => {
    const result = await afterwards(declare("own", "nginx:1.27"), declare("pinned", "nginx:1.27"));
    const unchanged = ["docker:index/container:Container", "docker:index/remoteImage:RemoteImage"];
    assert.deepEqual(
      opsOf(result),
      dropIns.map(({ type }) => `${unchanged.includes(type) ? "same" : "update"} ${type}`).sort(),
    );
    for (const { type, reference = tagged } of dropIns) {
      const inputs = JSON.stringify(result.resources.find((resource) => resource.type === type)?.inputs);
      assert.ok(inputs.includes(`"${reference}"`), `${type}: ${inputs}`);
    }
  });

  it("shows no change when it is asked again", async () => {
    const result = await afterwards(declare("pinned", "nginx:1.27"), declare("pinned", "nginx:1.27"));
    assert.deepEqual(opsOf(result), dropIns.map(({ type }) => `same ${type}`).sort());
  });

  it("pins each image once where the one line is there, too", async () => {
    const result = await afterwards(declare("pinned", "nginx:1.27"), () => {
      pinImages({ registry });
      declare("pinned", "nginx:1.27")();
    });
    assert.deepEqual(opsOf(result), dropIns.map(({ type }) => `same ${type}`).sort());
    assert.doesNotMatch(result.stdout, /pinned nginx/, "there was nothing left to pin");
  });
});

describe("Docker images by digest alone", function () {
  this.timeout(120_000);

  const stack = (image: string) => () => {
    new pinnedDocker.Container("container", { image }, {}, { registry });
    new pinnedDocker.RemoteImage("image", { name: image }, {}, { registry });
    new pinnedDocker.Service("service", { taskSpec: { containerSpec: { image } } }, {}, { registry });
    new pinnedDocker.PinnedContainer("both", { image, pinning: { registry } });
  };

  it("change nothing when only the tag's spelling changes", async () => {
    const result = await afterwards(stack("nginx:1.27"), stack("nginx:1.27.0"));
    assert.deepEqual(
      opsOf(result).filter((op) => !op.startsWith("same ")),
      [],
    );
  });

  it("replace the container when the digest changes", async () => {
    const result = await afterwards(stack("nginx:1.27"), stack("nginx:1.28"));
    const types = ["container:Container", "remoteImage:RemoteImage"].flatMap((type) => [type, type]);
    assert.deepEqual(
      opsOf(result).filter((op) => op.includes("replace") || op.startsWith("update")),
      [...types.map((type) => `replace docker:index/${type}`), "update docker:index/service:Service"].sort(),
    );
  });

  it("leave it to the provider whether it deletes before it replaces, under the one line, too", async () => {
    const cache = (image: string) => () => {
      pinImages({ registry });
      new docker.Container("cache", { name: "cache", image });
    };
    const stackOfCache = await createTestStack({ stackName: "dev", program: cache("nginx:1.27") });
    try {
      assert.equal((await stackOfCache.up()).exitCode, 0);
      const { events } = await stackOfCache.up({ program: cache("nginx:1.28") });
      assert.deepEqual(
        events.flatMap(({ resOutputsEvent }) => {
          const { op, urn } = resOutputsEvent?.metadata ?? {};
          return op !== undefined && urn?.endsWith("::cache") === true ? [op] : [];
        }),
        ["delete-replaced", "replace", "create-replacement"],
      );
    } finally {
      await stackOfCache.dispose();
    }
  });

  it("are those of a build, which only the update knows", async () => {
    const asking = fakeRegistryClient({});
    const stackOfBuilt = await createTestStack({
      stackName: "dev",
      program: () => {
        const image = new BuiltImage("app", { tags: ["registry.example/built:1"] }).ref;
        pinImages({ registry: asking });
        new pinnedDocker.Container("container", { image }, {}, { registry: asking });
        new pinnedDocker.PinnedContainer("both", { image, pinning: { registry: asking } });
        new docker.Container("one-line", { image });
        new kubernetes.core.v1.ConfigMap("function", {
          data: { image: pinnedImage(image, { registry: asking }) },
        });
      },
    });
    try {
      const preview = await stackOfBuilt.preview();
      assert.doesNotMatch(preview.stdout, /registry\.example\/built:1@/);
      const updated = await stackOfBuilt.up();
      assert.equal(updated.exitCode, 0, updated.stdout + updated.stderr);
      const images = updated.resources.flatMap(({ name, inputs }) =>
        [...JSON.stringify(inputs).matchAll(/"(?:image|name)":"([^"]*)@sha256:[0-9a-f]{64}"/g)].map(
          ([, image]) => `${name} ${image}`,
        ),
      );
      assert.deepEqual(images.sort(), [
        "both registry.example/built",
        "both registry.example/built",
        "container registry.example/built:1",
        "function registry.example/built:1",
        "one-line registry.example/built:1",
      ]);
      assert.deepEqual(asking.asked, [], "it has its digest from the build");
      assert.deepEqual(
        opsOf(await stackOfBuilt.preview()).filter((op) => !op.startsWith("same ")),
        [],
      );
    } finally {
      await stackOfBuilt.dispose();
    }
  });
});

/** As @pulumi/docker-build has it. */
class BuiltImage extends pulumi.CustomResource {
  declare readonly ref: pulumi.Output<string>;

  constructor(name: string, args: pulumi.Inputs) {
    super("docker-build:index:Image", name, { ref: undefined, ...args });
  }
}
