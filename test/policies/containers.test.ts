import assert from "node:assert/strict";
import { containerRuntimeRestricted } from "../../policies/container-runtime-restricted";
import { findContainers, unknownProperty, type FoundContainer } from "../../policies/containers";
import { behindPolicyProxy } from "../support/policy-proxy";

const unknownString = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const unknownBoolean = "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7";
const unknownArray = "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2";
const unknownObject = "dd056dcd-154b-4c76-9bd3-c8f88648b5ff";
const unknownNumber = "3eeb2bf0-c639-47a8-9e75-3b44932eb421";

function find(token: string, properties: object): readonly FoundContainer[] {
  return findContainers(token, behindPolicyProxy(properties));
}

describe("findContainers", () => {
  const pod = {
    containers: [{ name: "a" }, { name: "b" }],
    initContainers: [{ name: "c" }],
    ephemeralContainers: [{ name: "d" }],
    volumes: [{ image: { reference: "x" } }],
  };
  const paths = ["containers[0]", "containers[1]", "initContainers[0]", "ephemeralContainers[0]"];
  const cases: readonly (readonly [token: string, properties: object, paths: readonly string[]])[] = [
    ["kubernetes:core/v1:Pod", { spec: pod }, paths.map((path) => `spec.${path}`)],
    [
      "kubernetes:apps/v1:Deployment",
      { spec: { template: { spec: pod } } },
      paths.map((path) => `spec.template.spec.${path}`),
    ],
    [
      "kubernetes:batch/v1:CronJob",
      { spec: { jobTemplate: { spec: { template: { spec: pod } } } } },
      paths.map((path) => `spec.jobTemplate.spec.template.spec.${path}`),
    ],
    [
      "kubernetes:core/v1:PodList",
      { items: [{ spec: { containers: [{}] } }, { spec: { containers: [{}] } }] },
      ["items[0].spec.containers[0]", "items[1].spec.containers[0]"],
    ],
    ["docker:index/container:Container", {}, ["image"]],
    // A patch states only what it changes; Windows has no such restrictions; the rest is no container.
    ["kubernetes:core/v1:PodPatch", { spec: pod }, []],
    ["kubernetes:core/v1:Pod", { spec: { ...pod, os: { name: "windows" } } }, []],
    ["kubernetes:core/v1:Pod", { spec: { containers: "none" } }, []],
    ["kubernetes:core/v1:Pod", { spec: { containers: [null, "x", unknownObject] } }, []],
    ["kubernetes:core/v1:Pod", { spec: unknownObject }, []],
    ["kubernetes:core/v1:Pod", {}, []],
    ["kubernetes:core/v1:ConfigMap", { spec: pod }, []],
    ["aws:ecs/taskDefinition:TaskDefinition", { containerDefinitions: "[]" }, []],
  ];
  for (const [token, properties, expected] of cases) {
    it(`finds ${expected.length} in ${token} ${JSON.stringify(properties).slice(0, 50)}`, () => {
      assert.deepEqual(
        find(token, properties).map(({ path }) => path),
        expected,
      );
    });
  }
});

describe("findContainers in what nobody writes by hand", () => {
  it("goes through 10,000 containers", () => {
    const containers = Array.from({ length: 10_000 }, (_, index) => ({ image: `nginx:${index}` }));
    assert.equal(find("kubernetes:core/v1:Pod", { spec: { containers } }).length, 10_000);
  });

  it("does not follow what holds itself", () => {
    const pod: Record<string, unknown> = { containers: [{ image: "nginx:1" }] };
    pod["spec"] = pod;
    pod["template"] = pod;
    assert.equal(find("kubernetes:apps/v1:Deployment", pod).length, 1);
  });
});

const held = {
  runAsNonRoot: true,
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

/** `problem; fix`, or where it is not known. */
function verdict(container: FoundContainer | undefined): string | undefined {
  assert.ok(container !== undefined);
  const finding = containerRuntimeRestricted.check(container);
  return finding === undefined ? unknownProperty(container) : `${finding.problem}; ${finding.fix}`;
}

describe("container-runtime-restricted for Kubernetes", () => {
  const unknown = "spec.containers[0].securityContext";
  const fix = (line: string) => `securityContext: { ${line} }`;
  const cases: readonly (readonly [container: object, pod: object, verdict: string | undefined])[] = [
    [held, {}, undefined],
    [{ ...held, runAsNonRoot: undefined, runAsUser: 1000 }, {}, undefined],
    [{ ...held, runAsNonRoot: undefined }, { runAsNonRoot: true }, undefined],
    [{ ...held, runAsNonRoot: undefined }, { runAsUser: 101 }, undefined],
    [{ ...held, runAsNonRoot: null }, {}, `may run as root; ${fix("runAsNonRoot: true")}`],
    [
      { ...held, runAsNonRoot: false },
      { runAsNonRoot: true },
      `may run as root; ${fix("runAsNonRoot: true")}`,
    ],
    [{ ...held, runAsUser: 0 }, { runAsUser: 1000 }, `runs as root; ${fix("runAsNonRoot: true")}`],
    [{ ...held, capabilities: { drop: ["all"], add: ["NET_BIND_SERVICE"] } }, {}, undefined],
    [
      { ...held, capabilities: { drop: ["NET_RAW"] } },
      {},
      `keeps capabilities; ${fix('capabilities: { drop: ["ALL"] }')}`,
    ],
    [
      { ...held, capabilities: { drop: ["ALL"], add: ["SYS_ADMIN", "NET_ADMIN"] } },
      {},
      `adds the capabilities SYS_ADMIN, NET_ADMIN; ${fix('capabilities: { drop: ["ALL"] }')}`,
    ],
    [
      { ...held, readOnlyRootFilesystem: false },
      {},
      `may write to its root file system; ${fix("readOnlyRootFilesystem: true")}`,
    ],
    [
      { ...held, allowPrivilegeEscalation: undefined },
      {},
      `may gain privileges; ${fix("allowPrivilegeEscalation: false")}`,
    ],
    [{ ...held, privileged: true }, {}, `is privileged; ${fix("allowPrivilegeEscalation: false")}`],
    // Not known yet, unless what is known decides.
    [{ ...held, runAsNonRoot: unknownBoolean }, {}, unknown],
    [{ ...held, runAsNonRoot: undefined }, { runAsUser: unknownNumber }, unknown],
    [{ ...held, runAsUser: unknownNumber }, {}, undefined],
    [{ ...held, capabilities: unknownObject }, {}, unknown],
    [{ ...held, capabilities: { drop: unknownArray } }, {}, unknown],
    [{ ...held, capabilities: { drop: [unknownString] } }, {}, unknown],
    [{ ...held, capabilities: { drop: ["ALL", unknownString] } }, {}, undefined],
    [{ ...held, capabilities: { drop: ["ALL"], add: [unknownString] } }, {}, unknown],
    [{ ...held, capabilities: { drop: ["ALL"], add: unknownArray } }, {}, unknown],
    [{ ...held, privileged: unknownBoolean }, {}, unknown],
  ];
  for (const [securityContext, pod, expected] of cases) {
    it(`says ${expected ?? "nothing"} of ${JSON.stringify(securityContext)} in ${JSON.stringify(pod)}`, () => {
      const spec = { containers: [{ securityContext }], securityContext: pod };
      assert.equal(verdict(find("kubernetes:core/v1:Pod", { spec })[0]), expected);
    });
  }

  it("does not know what a whole security context that is not known holds", () => {
    const spec = { containers: [{ securityContext: unknownObject }] };
    assert.equal(verdict(find("kubernetes:core/v1:Pod", { spec })[0]), unknown);
  });

  it("names the image, and all that is open in one sentence", () => {
    const [container] = find("kubernetes:core/v1:Pod", { spec: { containers: [{ image: "nginx:1" }] } });
    const finding = container && containerRuntimeRestricted.check(container);
    assert.equal(finding?.found, "nginx:1");
    assert.equal(
      finding.problem,
      "may run as root, keeps capabilities, may write to its root file system and may gain privileges",
    );
  });
});

describe("container-runtime-restricted for Docker", () => {
  const docker = {
    image: "nginx:1",
    user: "1000:1000",
    capabilities: { drops: ["ALL"] },
    readOnly: true,
    securityOpts: ["no-new-privileges"],
  };
  const user = `user: "1000:1000"`;
  const options = `securityOpts: ["no-new-privileges"]`;
  const cases: readonly (readonly [changes: object, verdict: string | undefined])[] = [
    [{}, undefined],
    [{ user: "postgres", securityOpts: ["label=x", "no-new-privileges:true"] }, undefined],
    [{ user: undefined }, `may run as root; ${user}`],
    [{ user: "" }, `may run as root; ${user}`],
    [{ user: "root" }, `runs as root; ${user}`],
    [{ user: "0:1000" }, `runs as root; ${user}`],
    [{ user: unknownString }, "user"],
    [{ capabilities: {} }, `keeps capabilities; capabilities: { drops: ["ALL"] }`],
    [{ capabilities: unknownObject }, "capabilities"],
    [{ readOnly: false }, "may write to its root file system; readOnly: true"],
    [{ readOnly: unknownBoolean }, "readOnly"],
    [{ securityOpts: ["no-new-privileges:false"] }, `may gain privileges; ${options}`],
    [{ securityOpts: unknownArray }, "securityOpts"],
    [{ privileged: true }, `is privileged; ${options}`],
  ];
  for (const [changes, expected] of cases) {
    it(`says ${expected ?? "nothing"} with ${JSON.stringify(changes)}`, () => {
      const [container] = find("docker:index/container:Container", { ...docker, ...changes });
      assert.equal(verdict(container), expected);
    });
  }
});
