import assert from "node:assert/strict";
import { findContainers } from "../../resources";
import { behindPolicyProxy } from "../support/policy-proxy";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const restricted = { runAsNonRoot: true, capabilities: { drop: ["ALL"] } };

/** The containers as `path name own-user pod-user`, a reading that is not a value as its kind. */
function seen(token: string, properties: object): string[] {
  return findContainers(token, properties).map(({ path, name, isEphemeral, read, readPod }) => {
    const readings = [read("securityContext", "runAsNonRoot"), readPod("securityContext", "runAsNonRoot")];
    const texts = readings.map((reading) =>
      reading.kind === "value" ? String(reading.value) : reading.kind,
    );
    return [path, name ?? "-", ...texts, ...(isEphemeral ? ["ephemeral"] : [])].join(" ");
  });
}

const cases: readonly (readonly [name: string, token: string, properties: object, expected: string[]])[] = [
  [
    "every container of a pod, with its own and the pod's context",
    "kubernetes:core/v1:Pod",
    {
      spec: {
        securityContext: { runAsNonRoot: true },
        containers: [{ name: "a", securityContext: restricted }, { name: "b" }],
        initContainers: [{ name: "i", securityContext: { runAsNonRoot: false } }],
        ephemeralContainers: [{ name: "e" }],
      },
    },
    [
      "spec.containers[0] a true true",
      "spec.containers[1] b absent true",
      "spec.initContainers[0] i false true",
      "spec.ephemeralContainers[0] e absent true ephemeral",
    ],
  ],
  [
    "those of a workload",
    "kubernetes:apps/v1:Deployment",
    { spec: { template: { spec: { containers: [{ name: "a" }] } } } },
    ["spec.template.spec.containers[0] a absent absent"],
  ],
  [
    "those of a list",
    "kubernetes:apps/v1:DeploymentList",
    { items: [{ spec: { template: { spec: { containers: [{ name: "a" }] } } } }] },
    ["items[0].spec.template.spec.containers[0] a absent absent"],
  ],
  [
    "those of a custom resource that a table names, once",
    "kubernetes:argoproj.io/v1alpha1:Rollout",
    { spec: { template: { spec: { containers: [{ name: "a", image: "a:1" }] } } } },
    ["spec.template.spec.containers[0] a absent absent"],
  ],
  [
    "those of a custom resource by the shape of its pod template",
    "kubernetes:apps.kruise.io/v1alpha1:CloneSet",
    {
      spec: {
        template: { spec: { containers: [{ name: "a", image: "a:1", securityContext: restricted }] } },
      },
    },
    ["spec.template.spec.containers[0] a true absent"],
  ],
  [
    "what is not known, at every level",
    "kubernetes:core/v1:Pod",
    {
      spec: {
        securityContext: unknown,
        containers: [unknown, { name: unknown, securityContext: { runAsNonRoot: unknown } }],
        initContainers: unknown,
      },
    },
    [
      "spec.containers[0] - unknown unknown",
      "spec.containers[1] - unknown unknown",
      "spec.initContainers - unknown unknown",
    ],
  ],
  [
    "a template that is not known",
    "kubernetes:apps/v1:Deployment",
    { spec: { template: unknown } },
    ["spec.template - unknown absent"],
  ],
  [
    "a custom resource's template that is not known",
    "kubernetes:apps.kruise.io/v1alpha1:CloneSet",
    { spec: { template: unknown } },
    ["spec.template - unknown absent"],
  ],
  ["a patch without containers", "kubernetes:apps/v1:DeploymentPatch", { spec: { replicas: 2 } }, []],
  [
    "values of another kind",
    "kubernetes:core/v1:Pod",
    { spec: { containers: "no", initContainers: [7] } },
    ["spec.initContainers[0] - absent absent"],
  ],
  ["a type that runs nothing", "kubernetes:core/v1:ConfigMap", { spec: { containers: [{ name: "a" }] } }, []],
  ["a type whose containers are not looked at", "aws:lambda/function:Function", { imageUri: "a:1" }, []],
];

describe("findContainers", () => {
  for (const [name, token, properties, expected] of cases) {
    it(`finds ${name}`, () => {
      assert.deepEqual(seen(token, properties), expected);
      assert.deepEqual(seen(token, behindPolicyProxy(properties)), expected);
    });
  }

  it("finds a Docker container: the resource itself", () => {
    const properties = {
      image: "a:1",
      name: "web",
      user: "1000",
      capabilities: { drops: ["ALL"] },
      readOnly: true,
    };
    const [container, ...others] = findContainers("docker:index/container:Container", properties);
    assert.deepEqual(others, []);
    assert.equal(container?.runtime, "docker-container");
    assert.equal(container.path, "");
    assert.equal(container.name, "web");
    assert.deepEqual(container.read("capabilities", "drops"), {
      kind: "value",
      path: "capabilities.drops",
      value: ["ALL"],
    });
    assert.deepEqual(container.read("privileged"), { kind: "absent", path: "privileged" });
    assert.equal(container.readPod("securityContext").kind, "absent");
  });

  it("finds a Docker service's container", () => {
    const properties = { taskSpec: { containerSpec: { image: "a:1", readOnly: true } } };
    const [container] = findContainers("docker:index/service:Service", properties);
    assert.equal(container?.runtime, "docker-service");
    assert.deepEqual(container.read("readOnly"), {
      kind: "value",
      path: "taskSpec.containerSpec.readOnly",
      value: true,
    });
  });
});
