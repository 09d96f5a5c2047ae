import assert from "node:assert/strict";
import { allLocations, findImages, treeOf } from "../../resources";
import { behindPolicyProxy } from "../support/policy-proxy";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const unknownObject = "dd056dcd-154b-4c76-9bd3-c8f88648b5ff";
const image = (text: unknown) => ({ image: text });
const pod = (...containers: unknown[]) => ({ containers });

/** What was found, as `path kind text`. */
function found(token: string, properties: object): string[] {
  return findImages(token, properties).map(({ path, state }) => {
    const detail = state.kind === "unreadable" ? state.problem : state.kind === "unknown" ? "" : state.text;
    return `${path} ${state.kind} ${detail}`.trim();
  });
}

const cases: readonly (readonly [
  name: string,
  token: string,
  properties: object,
  expected: readonly string[],
])[] = [
  [
    "a pod",
    "kubernetes:core/v1:Pod",
    { spec: pod(image("nginx:1")) },
    ["spec.containers[0].image tag nginx:1"],
  ],
  [
    "init and ephemeral containers and image volumes",
    "kubernetes:core/v1:Pod",
    {
      spec: {
        ...pod(image("a:1")),
        initContainers: [image("b:1")],
        ephemeralContainers: [image("c:1")],
        volumes: [
          { name: "cache", emptyDir: {} },
          { name: "model", image: { reference: "d:1" } },
        ],
      },
    },
    [
      "spec.containers[0].image tag a:1",
      "spec.initContainers[0].image tag b:1",
      "spec.ephemeralContainers[0].image tag c:1",
      "spec.volumes[1].image.reference tag d:1",
    ],
  ],
  ...[
    "apps/v1:Deployment",
    "apps/v1:StatefulSet",
    "apps/v1:DaemonSet",
    "apps/v1:ReplicaSet",
    "apps/v1beta1:Deployment",
    "apps/v1beta2:StatefulSet",
    "extensions/v1beta1:DaemonSet",
    "core/v1:ReplicationController",
    "batch/v1:Job",
    "apps/v1:DeploymentPatch",
    "batch/v1:JobPatch",
  ].map(
    (kind) =>
      [
        kind,
        `kubernetes:${kind}`,
        { spec: { template: { spec: pod(image("nginx")) } } },
        ["spec.template.spec.containers[0].image untagged nginx"],
      ] as const,
  ),
  ...["v1", "v1beta1", "v2alpha1"].flatMap((version) =>
    ["CronJob", "CronJobPatch"].map(
      (kind) =>
        [
          `batch/${version}:${kind}`,
          `kubernetes:batch/${version}:${kind}`,
          { spec: { jobTemplate: { spec: { template: { spec: pod(image("job:1")) } } } } },
          ["spec.jobTemplate.spec.template.spec.containers[0].image tag job:1"],
        ] as const,
    ),
  ),
  [
    "a pod template",
    "kubernetes:core/v1:PodTemplate",
    { template: { spec: pod(image("t:1")) } },
    ["template.spec.containers[0].image tag t:1"],
  ],
  [
    "a list of deployments",
    "kubernetes:apps/v1:DeploymentList",
    { items: [{ spec: { template: { spec: pod(image("l:1")) } } }] },
    ["items[0].spec.template.spec.containers[0].image tag l:1"],
  ],
  ["a patch without an image", "kubernetes:core/v1:PodPatch", { spec: { containers: [{ name: "x" }] } }, []],
  [
    "a patch without containers",
    "kubernetes:apps/v1:DeploymentPatch",
    { metadata: { annotations: { a: "nginx:1" } }, spec: { replicas: 2 } },
    [],
  ],
  ["a docker container", "docker:index/container:Container", image("redis:7"), ["image tag redis:7"]],
  [
    "a docker container of a local image",
    "docker:index/container:Container",
    image(`sha256:${"a".repeat(64)}`),
    [`image local sha256:${"a".repeat(64)}`],
  ],
  [
    "a docker service",
    "docker:index/service:Service",
    { taskSpec: { containerSpec: image("redis") } },
    ["taskSpec.containerSpec.image untagged redis"],
  ],
  ["a remote image", "docker:index/remoteImage:RemoteImage", { name: "redis:7" }, ["name tag redis:7"]],
  [
    "a docker tag",
    "docker:index/tag:Tag",
    { sourceImage: "a:1", targetImage: "b:2" },
    ["sourceImage tag a:1"],
  ],
  [
    "an ECS task definition",
    "aws:ecs/taskDefinition:TaskDefinition",
    { containerDefinitions: JSON.stringify([image("a:1"), { name: "no image" }, image("b@sha256:12")]) },
    ["containerDefinitions[0].image tag a:1", "containerDefinitions[2].image malformed b@sha256:12"],
  ],
  [
    "broken JSON, whose text stays unsaid",
    "aws:ecs/taskDefinition:TaskDefinition",
    { containerDefinitions: `[{"password": "hunter2"` },
    ["containerDefinitions unreadable is not readable as JSON"],
  ],
  [
    "JSON of another shape",
    "aws:ecs/taskDefinition:TaskDefinition",
    { containerDefinitions: `{"image": "a:1"}` },
    ["containerDefinitions unreadable is an object where an array was expected"],
  ],
  [
    "a Lambda of an image, and one of a zip file",
    "aws:lambda/function:Function",
    { imageUri: "1.dkr.ecr.eu-west-1.amazonaws.com/f:1", handler: "x" },
    ["imageUri tag 1.dkr.ecr.eu-west-1.amazonaws.com/f:1"],
  ],
  ["a zip file's Lambda", "aws:lambda/function:Function", { handler: "index.main" }, []],
  [
    "an unknown image beside a known one",
    "kubernetes:core/v1:Pod",
    { spec: pod(image(unknown), image("nginx:1")) },
    ["spec.containers[0].image unknown", "spec.containers[1].image tag nginx:1"],
  ],
  [
    "an unknown container beside a known one",
    "kubernetes:core/v1:Pod",
    { spec: pod(unknownObject, image("nginx:1")) },
    ["spec.containers[0] unknown", "spec.containers[1].image tag nginx:1"],
  ],
  [
    "an unknown ancestor of several places, said once",
    "kubernetes:apps/v1:Deployment",
    { spec: { template: unknownObject } },
    ["spec.template unknown"],
  ],
  [
    "unknown JSON",
    "aws:ecs/taskDefinition:TaskDefinition",
    { containerDefinitions: unknown },
    ["containerDefinitions unknown"],
  ],
  [
    "values of another type",
    "kubernetes:core/v1:Pod",
    { spec: { containers: [image(7), image(null), "text"], initContainers: {} } },
    [
      "spec.containers[0].image unreadable is a number where text was expected",
      "spec.containers[2] unreadable is a string where an object was expected",
      "spec.initContainers unreadable is an object where an array was expected",
    ],
  ],
  ["a type that holds no image", "kubernetes:core/v1:ConfigMap", { data: { image: "nginx:1" } }, []],
  ["the name of a property of Object", "constructor", { image: "nginx:1" }, []],
];

describe("findImages", () => {
  for (const [name, token, properties, expected] of cases) {
    it(`finds ${name}`, () => {
      assert.deepEqual(found(token, properties), expected);
    });
    it(`finds ${name} behind the proxy of the policy SDK`, () => {
      assert.deepEqual(found(token, behindPolicyProxy(properties)), expected);
    });
  }

  it("says in which form Lambda wants the reference", () => {
    const [image] = findImages("aws:lambda/function:Function", { imageUri: "a:1" });
    assert.equal(image?.form, "digest");
  });

  it("is linear: 10,000 containers take no more than a moment", () => {
    const containers = Array.from({ length: 10_000 }, (_, i) => image(`app-${i}:1`));
    assert.equal(findImages("kubernetes:core/v1:Pod", { spec: { containers } }).length, 10_000);
  });
});

describe("the tables of locations", () => {
  it("have paths that can be read, and no token twice", () => {
    const tokens = allLocations.flatMap((row) => row.tokens);
    assert.equal(new Set(tokens).size, tokens.length);
    for (const token of tokens) assert.notEqual(treeOf(token), undefined, token);
  });
});
