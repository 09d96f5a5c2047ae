// The real engine (provider plugins are stand-ins) against a real registry, with the pack as the engine loads it.
import assert from "node:assert/strict";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { PinnedImage } from "../../components";
import { PinnedContainer } from "../../components/docker";
import { Deployment } from "../../components/kubernetes";
import { createRegistryClient, type RegistryClient } from "../../registry";
import { startDistribution, type DistributionRegistry, type PushedIndex } from "../support/distribution";
import { createTestStack, previewProgram, type EngineResult } from "../support/engine";
import { projectRoot } from "../support/paths";

const platforms = ["linux/amd64", "linux/arm64"];
const description = "Container images must be pinned by digest.";

/** The same arguments for the provider's class and for the drop-in: two tags, one of them twice, and a pinned image. */
function deploymentArgs(host: string, pinned: string): kubernetes.types.input.apps.v1.Deployment {
  const labels = { app: "shop" };
  return {
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          initContainers: [{ name: "migrate", image: `${host}/team/api:2.3` }],
          containers: [
            { name: "api", image: pulumi.output(`${host}/team/api:2.3`) },
            { name: "web", image: `${host}/team/web:1.0` },
            { name: "side", image: pinned },
          ],
        },
      },
    },
  };
}

/** A resource of any type, for providers whose SDK is not installed. */
class AnyResource extends pulumi.CustomResource {}

/** What gates: the other policies only advise here, and have a test of their own. */
function gating({ policyEvents }: EngineResult): EngineResult["policyEvents"] {
  return policyEvents.filter(({ policyName }) => ["settings", "image-pinned-by-digest"].includes(policyName));
}

function messages(result: EngineResult): string[] {
  return gating(result).map(({ message }) => stripAnsi(message).trim());
}

function stripAnsi(text: string): string {
  // eslint-disable-next-line no-control-regex -- the engine's colour codes
  return text.replace(/\u001b\[[0-9;]*m|<\{%[^%]*%\}>/g, "");
}

function imagesOf({ resources }: EngineResult, type: string): string[] {
  return resources
    .filter((resource) => resource.type === type)
    .flatMap(({ inputs }) => [...JSON.stringify(inputs).matchAll(/"(?:image|name)":"([^"]*[/:][^"]*)"/g)])
    .map(([, image]) => image ?? "");
}

describe("a preview, gated", function () {
  this.timeout(180_000);
  let registry: DistributionRegistry;
  let api: PushedIndex;
  let web: PushedIndex;
  let client: RegistryClient;

  before(async () => {
    registry = await startDistribution({ auth: { kind: "token", credentials: "required" } });
    api = await registry.push.multiPlatform("team/api", "2.3", platforms);
    web = await registry.push.multiPlatform("team/web", "1.0", platforms);
  });
  after(async () => {
    await registry.close();
  });
  beforeEach(() => {
    client = createRegistryClient({ environment: { DOCKER_CONFIG: registry.dockerConfig } });
  });
  afterEach(async () => {
    await client.close();
  });

  const side = () => `${registry.host}/team/web@${web.digest}`;

  it("stops a stack with tags, and gives the lines that mend it", async () => {
    const result = await previewProgram({
      program: () => {
        new kubernetes.apps.v1.Deployment("shop", deploymentArgs(registry.host, side()));
      },
      packs: [projectRoot],
      env: { DOCKER_CONFIG: registry.dockerConfig },
    });
    assert.equal(result.exitCode, 1, result.stdout + result.stderr);
    const at = "spec.template.spec";
    const why = "why: a tag can be moved after review; a digest cannot";
    const expected = [
      [`${at}.containers[0].image`, `${registry.host}/team/api:2.3`, api.digest],
      [`${at}.containers[1].image`, `${registry.host}/team/web:1.0`, web.digest],
      [`${at}.initContainers[0].image`, `${registry.host}/team/api:2.3`, api.digest],
    ].map(
      ([path, image, digest]) =>
        `${description}\n${path}: "${image}" is pinned by tag only\n${why}\nfix: image: ${image}@${digest}`,
    );
    assert.deepEqual(messages(result).sort(), expected.sort());
    assert.ok(gating(result).every(({ enforcementLevel }) => enforcementLevel === "mandatory"));
  });

  it("lets the same stack pass through the drop-in, with one HEAD for each tag and crane's digests", async () => {
    const before = (await registry.requests()).length;
    const tokensBefore = registry.tokenRequests.length;
    const result = await previewProgram({
      program: () => {
        const args = deploymentArgs(registry.host, side());
        new Deployment("shop", args, {}, { registry: client });
        new Deployment("shop-again", args, {}, { registry: client });
      },
      packs: [projectRoot],
      diff: true,
    });
    assert.equal(result.exitCode, 0, result.stdout + result.stderr);
    const craneApi = await registry.crane("digest", `${registry.host}/team/api:2.3`);
    const craneWeb = await registry.crane("digest", `${registry.host}/team/web:1.0`);
    const pinnedApi = `${registry.host}/team/api:2.3@${craneApi}`;
    const pinnedWeb = `${registry.host}/team/web:1.0@${craneWeb}`;
    assert.deepEqual(imagesOf(result, "kubernetes:apps/v1:Deployment").sort(), [
      ...[pinnedApi, pinnedApi, pinnedApi, pinnedApi],
      ...[pinnedWeb, pinnedWeb],
      ...[side(), side()],
    ]);
    // The engine's own words for people, too.
    assert.ok(result.stdout.includes(pinnedApi), result.stdout);
    assert.ok(result.stdout.includes(pinnedWeb), result.stdout);

    const ours = (await registry.requests())
      .slice(before)
      .filter(({ userAgent }) => !userAgent.includes("crane"));
    const answered = ours
      .filter(({ status }) => status === 200)
      .map(({ method, path }) => `${method} ${path}`);
    assert.deepEqual(answered.sort(), ["HEAD /v2/team/api/manifests/2.3", "HEAD /v2/team/web/manifests/1.0"]);
    // The first HEAD is the probe that learns of the token service; nobody pings /v2/.
    assert.deepEqual(
      ours.filter(({ status }) => status !== 200).map(({ method, status }) => `${method} ${status}`),
      ["HEAD 401"],
    );
    const tokens = registry.tokenRequests.slice(tokensBefore);
    assert.equal(new Set(tokens.flatMap(({ scopes }) => scopes)).size, 2);
  });

  it("changes no URN and replaces nothing when a running stack adopts the drop-in", async () => {
    const stack = await createTestStack({
      program: () => {
        const args = deploymentArgs(registry.host, side());
        new kubernetes.apps.v1.Deployment("shop", args);
      },
    });
    try {
      assert.equal((await stack.up()).exitCode, 0);
      const adopted = await stack.preview({
        program: () => {
          new Deployment("shop", deploymentArgs(registry.host, side()), {}, { registry: client });
        },
      });
      assert.deepEqual(
        adopted.resources.filter(({ name }) => name === "shop").map(({ op, type }) => `${op} ${type}`),
        ["update kubernetes:apps/v1:Deployment"],
      );
    } finally {
      await stack.dispose();
    }
  });

  it("gives PinnedImage its parts, and pulls PinnedContainer's image by digest", async () => {
    const outputs: Record<string, unknown> = {};
    const result = await previewProgram({
      program: () => {
        const image = new PinnedImage("web", {
          image: `${registry.host}/team/web:1.0`,
          pinning: { registry: client },
        });
        for (const key of ["reference", "repository", "tag", "digest", "platforms"] as const) {
          pulumi.output<unknown[]>([image[key]]).apply(([part]) => (outputs[key] = part));
        }
        new PinnedContainer("api", {
          image: `${registry.host}/team/api:2.3`,
          pinning: { registry: client },
        });
      },
      packs: [projectRoot],
    });
    assert.equal(result.exitCode, 0, result.stdout + result.stderr);
    assert.deepEqual(outputs, {
      reference: `${registry.host}/team/web:1.0@${web.digest}`,
      repository: `${registry.host}/team/web`,
      tag: "1.0",
      digest: web.digest,
      platforms,
    });
    const pinned = `${registry.host}/team/api@${api.digest}`;
    assert.deepEqual(imagesOf(result, "docker:index/remoteImage:RemoteImage"), [pinned]);
    assert.deepEqual(imagesOf(result, "docker:index/container:Container"), [pinned]);
  });

  it("stops the preview with a sentence when a tag does not exist", async () => {
    const result = await previewProgram({
      program: () => {
        const args = { image: `${registry.host}/team/web:9.9`, pinning: { registry: client } };
        new PinnedContainer("web", args);
      },
    });
    assert.notEqual(result.exitCode, 0);
    const text = stripAnsi(result.stdout + result.stderr);
    assert.match(
      text,
      /cannot resolve "localhost:\d+\/team\/web:9\.9": .*\/v2\/team\/web\/manifests\/9\.9 on localhost:\d+ answered 404/,
    );
  });

  it("reports a malformed digest beside an unknown image and a tag, and hides none of them", async () => {
    const short = `${registry.host}/team/web@${web.digest.slice(0, -1)}`;
    const program = () => {
      const namespace = new kubernetes.core.v1.Namespace("later");
      new kubernetes.core.v1.Pod("mixed", {
        spec: {
          containers: [
            { name: "unknown", image: pulumi.interpolate`${registry.host}/team/web@${namespace.id}` },
            { name: "short", image: short },
            { name: "tag", image: `${registry.host}/team/api:2.3` },
          ],
        },
      });
    };
    const heads = [
      `spec.containers[0].image: not known until the update, so this preview could not check it; it is checked again in "pulumi up"`,
      `spec.containers[1].image: "${short}": the digest has 63 hex characters, sha256 needs 64`,
      `spec.containers[2].image: "${registry.host}/team/api:2.3" is pinned by tag only`,
    ];
    for (const [packConfig, unknownLevel] of [
      [{}, "mandatory"],
      [{ settings: { onUnknown: "advise" } }, "advisory"],
    ] as const) {
      const result = await previewProgram({ program, packs: [projectRoot], packConfig });
      assert.equal(result.exitCode, 1);
      const found = gating(result).map(
        ({ message, enforcementLevel }) => `${stripAnsi(message).split("\n")[1] ?? ""} ${enforcementLevel}`,
      );
      assert.deepEqual(found.sort(), [
        `${heads[0]} ${unknownLevel}`,
        `${heads[1]} mandatory`,
        `${heads[2]} mandatory`,
      ]);
    }
  });

  const misconfigured: readonly (readonly [
    name: string,
    config: Record<string, unknown>,
    message: RegExp,
  ])[] = [
    [
      "an unknown setting",
      { settings: { onUnknwon: "advise" } },
      /settings\.onUnknwon: there is no setting of this name\nwhy: .*\nfix: did you mean "onUnknown"\?/,
    ],
    [
      "a setting in the wrong place",
      { "image-pinned-by-digest": { onUnknown: "advise" } },
      /image-pinned-by-digest\.onUnknown: there is no such setting here\nwhy: .*\nfix: move it to the policy "settings"/,
    ],
  ];
  for (const [name, packConfig, message] of misconfigured) {
    it(`stops at ${name}`, async () => {
      const result = await previewProgram({
        program: () => {
          new kubernetes.core.v1.Namespace("nothing");
        },
        packs: [projectRoot],
        packConfig,
      });
      assert.equal(result.exitCode, 1, result.stdout + result.stderr);
      assert.match(messages(result).join("\n"), message);
      assert.equal(result.policyEvents.length, 1, messages(result).join("\n---\n"));
    });
  }

  const others: readonly (readonly [
    name: string,
    type: string,
    props: Record<string, unknown>,
    line: string,
  ])[] = [
    [
      "an ECS task definition",
      "aws:ecs/taskDefinition:TaskDefinition",
      { containerDefinitions: JSON.stringify([{ image: "nginx@sha256:12" }]) },
      `containerDefinitions[0].image: "nginx@sha256:12": the digest has 2 hex characters, sha256 needs 64`,
    ],
    [
      "a Lambda function",
      "aws:lambda/function:Function",
      { imageUri: "f@md5:1" },
      `imageUri: "f@md5:1": unknown algorithm "md5"`,
    ],
    [
      "a Docker service",
      "docker:index/service:Service",
      { taskSpec: { containerSpec: { image: "nginx@" } } },
      `taskSpec.containerSpec.image: "nginx@": nothing stands behind "@"; a digest was expected`,
    ],
  ];
  for (const [name, type, props, line] of others) {
    it(`finds the image of ${name}`, async () => {
      const result = await previewProgram({
        program: () => {
          new AnyResource(type, "it", props);
        },
        packs: [projectRoot],
      });
      assert.equal(result.exitCode, 1, result.stdout + result.stderr);
      assert.deepEqual(
        messages(result).map((message) => message.split("\n")[1]),
        [line],
      );
    });
  }
});
