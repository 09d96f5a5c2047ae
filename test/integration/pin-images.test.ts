// One line that pins a whole program, in the real engine (provider plugins are stand-ins).
import assert from "node:assert/strict";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { pinImages, pinningTransform } from "../../components";
import { Container } from "../../components/docker";
import { CronJob } from "../../components/kubernetes";
import * as settings from "@pulumi/pulumi/runtime/settings";
import type { RegistryClient } from "../../registry";
import { previewProgram, type EngineResult } from "../support/engine";
import { fakeRegistryClient, testDigest } from "../support/fake-registry-client";

const [a, b, c] = [testDigest("a"), testDigest("b"), testDigest("c")];

function client(): ReturnType<typeof fakeRegistryClient> {
  return fakeRegistryClient({
    "docker.io/library/nginx:1": a,
    "docker.io/library/redis:7": b,
    "ghcr.io/acme/f:2": c,
  });
}

/** A resource of any type, for providers whose SDK is not installed. */
class AnyResource extends pulumi.CustomResource {}

/** Somebody else's component. */
class Shop extends pulumi.ComponentResource {
  constructor(name: string) {
    super("acme:index:Shop", name);
    new kubernetes.core.v1.Pod(`${name}-pod`, pod("nginx:1", "redis:7"), { parent: this });
  }
}

function pod(...images: pulumi.Input<string>[]): kubernetes.types.input.core.v1.Pod {
  return { spec: { containers: images.map((image, n) => ({ name: `c${n}`, image })) } };
}

function inputsOf({ resources, stdout, stderr }: EngineResult, name: string): string {
  const found = resources.find((resource) => resource.name === name);
  assert.ok(found !== undefined, stdout + stderr);
  return JSON.stringify(found.inputs);
}

/** Whether a property arrives as a secret: the SDK moves the mark up to it from wherever it is. */
function isSecret(property: unknown): boolean {
  return JSON.stringify(property ?? null).startsWith(
    `{"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270"`,
  );
}

/** The SDK registers transforms one after the other, but says to nobody when it has done so. */
async function behindOurs(): Promise<void> {
  const waits: { awaitStackRegistrations(): Promise<void> } = settings;
  await waits.awaitStackRegistrations();
}

const run = async (registry: RegistryClient, program: () => void | Promise<void>): Promise<EngineResult> =>
  previewProgram({
    stackName: "dev",
    program: async () => {
      pinImages({ registry, except: ["left-alone"] });
      await program();
    },
  });

describe("pinImages", function () {
  this.timeout(120_000);

  it("stops the preview at an image that is missing, with a sentence, and shows the others' errors, too", async () => {
    const result = await run(client(), () => {
      new kubernetes.core.v1.Pod("one", pod("nginx:404"));
      new kubernetes.core.v1.Pod("two", pod("Redis"));
      new kubernetes.core.v1.Pod("three", pod("nginx:1"));
    });
    assert.notEqual(result.exitCode, 0);
    const said = result.stdout + result.stderr;
    assert.match(
      said,
      /one: spec\.containers\[0\]\.image: cannot resolve "nginx:404": answered 404 MANIFEST_UNKNOWN/,
    );
    assert.match(said, /two: spec\.containers\[0\]\.image: "Redis" has upper case in its repository/);
    assert.doesNotMatch(said, /\n\s+at /, "no stack trace");
  });

  it("says each thing once, however many lines and transforms see an image", async () => {
    const registry = client();
    const result = await run(registry, () => {
      pinImages({ registry });
      const transforms = [pinningTransform({ registry })];
      new kubernetes.core.v1.Pod("pinned", pod("nginx:1"), { transforms });
      new kubernetes.core.v1.Pod("missing", pod("nginx:404"), { transforms });
    });
    const diagnostics = result.events.flatMap(({ diagnosticEvent }) => diagnosticEvent?.message ?? []);
    assert.equal(diagnostics.filter((message) => message.includes("pinned nginx:1 to")).length, 1);
    assert.equal(diagnostics.filter((message) => message.includes('cannot resolve "nginx:404"')).length, 1);
  });

  it("pins every provider's resources, children of other people's components, and nothing else", async () => {
    const registry = client();
    const secrets: Record<string, boolean> = {};
    const result = await run(registry, async () => {
      // Runs behind ours, and so sees what the engine got. (The stand-in for the provider tells nobody of secrets.)
      await behindOurs();
      pulumi.runtime.registerResourceTransform(({ name, props }) => {
        secrets[name] = isSecret(props["spec"]);
        return undefined;
      });
      new Shop("shop");
      const later = new kubernetes.core.v1.Namespace("later").id;
      new kubernetes.core.v1.Pod("mixed", {
        spec: {
          containers: [
            { name: "unknown", image: pulumi.interpolate`ghcr.io/acme/${later}:1` },
            {
              name: "secret",
              image: pulumi.secret("redis:7"),
              env: [{ name: "A", value: pulumi.secret("b") }],
            },
            { name: "pinned", image: `nginx:1@${c}` },
            { name: "tag", image: "nginx:1" },
          ],
        },
      });
      new kubernetes.core.v1.Pod("left-alone", pod("nginx:1"));
      new AnyResource("aws:lambda/function:Function", "function", { imageUri: "ghcr.io/acme/f:2" });
      new AnyResource("aws:ecs/taskDefinition:TaskDefinition", "task", {
        containerDefinitions: pulumi.jsonStringify([
          { name: "web", image: "nginx:1", secret: pulumi.output("x") },
        ]),
      });
      new CronJob(
        "drop-in",
        { spec: { schedule: "@daily", jobTemplate: { spec: { template: pod("redis:7") } } } },
        {},
        { registry },
      );
      new Container("container", { image: "redis:7" }, {}, { registry });
    });
    assert.equal(result.exitCode, 0, result.stdout + result.stderr);

    assert.match(inputsOf(result, "shop-pod"), new RegExp(`nginx:1@${a}.*redis:7@${b}`));
    const mixed = inputsOf(result, "mixed");
    assert.match(mixed, /04da6b54-80e4-46f7-96ec-b56ff0331ba9/, "what is unknown stays unknown");
    assert.match(mixed, new RegExp(`"image":"nginx:1@${c}"`), "what is pinned stays as it is");
    assert.match(mixed, new RegExp(`"image":"nginx:1@${a}"`), "beside an unknown image, too");
    assert.deepEqual([secrets["mixed"], secrets["shop-pod"]], [true, false], "what is secret stays secret");
    assert.match(inputsOf(result, "left-alone"), /"image":"nginx:1"/);
    assert.match(
      inputsOf(result, "function"),
      new RegExp(`"imageUri":"ghcr\\.io/acme/f@${c}"`),
      "as Lambda takes it",
    );
    assert.match(inputsOf(result, "task"), new RegExp(`nginx:1@${a}`));
    assert.match(inputsOf(result, "drop-in"), new RegExp(`redis:7@${b}`));
    assert.match(inputsOf(result, "container"), new RegExp(`"image":"redis@${b}"`));

    assert.match(result.stdout, new RegExp(`pinned nginx:1 to ${a}, from the registry`));
    assert.equal(
      result.stdout.split(`pinned nginx:1 to ${a}`).length,
      result.stdout.split(`pinned redis:7 to ${b}`).length,
    );
  });
});
