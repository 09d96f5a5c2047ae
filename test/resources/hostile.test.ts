import assert from "node:assert/strict";
import { parseDigest } from "../../images";
import { findContainers, findImages, pinImagesIn, type FoundImage } from "../../resources";
import { behindPolicyProxy } from "../support/policy-proxy";
import { foundLine } from "./corpus-case";

const digest = parseDigest(`sha256:${"0".repeat(64)}`);
const pod = "kubernetes:core/v1:Pod";
const custom = "kubernetes:example.com/v1:Thing";
const release = "kubernetes:helm.sh/v3:Release";
const task = "aws:ecs/taskDefinition:TaskDefinition";
const instance = "gcp:compute/instance:Instance";
const build = "docker-build:index:Image";
const nomad = "nomad:index/job:Job";
const webApp = "azure-native:web:WebApp";

/** An object within an object, `depth` times. */
function nested(depth: number, innermost: object): object {
  let value = innermost;
  for (let i = 0; i < depth; i++) value = { inner: value };
  return value;
}

/** An object that leads back to itself by many names. */
function circle(names: number): object {
  const object: Record<string, unknown> = { containers: [] };
  for (let i = 0; i < names; i++) object[`part${i}`] = object;
  object["list"] = [object, object];
  return object;
}

function yamlBomb(levels: number): string {
  const lines = ["l0: &l0 [x, x, x, x, x, x, x, x, x]"];
  for (let i = 1; i < levels; i++) {
    lines.push(`l${i}: &l${i} [${Array.from({ length: 9 }, () => `*l${i - 1}`).join(", ")}]`);
  }
  return `${lines.join("\n")}\n`;
}

const declaration = (yaml: string) => ({ metadata: { "gce-container-declaration": yaml } });
const inline = (text: string) => ({ dockerfile: { inline: text } });

/** What must be said of a resource, in this order and nothing else; the start of each line is enough. */
const cases: readonly (readonly [
  name: string,
  token: string,
  properties: object,
  lines: readonly string[],
])[] = [
  [
    "a pod template too deep to be looked for",
    custom,
    nested(10_000, { containers: [{ name: "a", image: "a:1" }] }),
    ["inner.inner."],
  ],
  ["a resource that leads back to itself", custom, { spec: circle(1) }, ["spec.part0", "spec.part0"]],
  ["one that does so by many names", custom, { spec: circle(50) }, ["spec.part0", "spec.part0"]],
  [
    "Helm values that lead back to themselves",
    release,
    { values: circle(3) },
    ["values.part0", "values.part0"],
  ],
  ["Helm values too deep", release, { values: nested(5_000, { image: "a:1" }) }, ["values.inner.inner"]],
  [
    "an array that holds itself",
    custom,
    (() => {
      const list: unknown[] = [];
      list.push(list, list);
      return { spec: { list } };
    })(),
    ["spec.list[0][0]", "spec.list[0][0]"],
  ],
  [
    "JSON nested a million times",
    task,
    { containerDefinitions: "[".repeat(1_000_000) },
    ["containerDefinitions unreadable is nested"],
  ],
  [
    "well-formed JSON nested too deep",
    task,
    { containerDefinitions: `[{"image":"a:1","x":${"[".repeat(600)}${"]".repeat(600)}}]` },
    ["containerDefinitions unreadable is nested deeper than 500 levels"],
  ],
  [
    "YAML whose aliases explode",
    instance,
    declaration(yamlBomb(9)),
    ["metadata.gce-container-declaration unreadable"],
  ],
  [
    "YAML nested ten thousand times",
    instance,
    declaration("[".repeat(10_000)),
    ["metadata.gce-container-declaration unreadable"],
  ],
  [
    "YAML of more than a megabyte",
    instance,
    declaration(`a: ${"x".repeat(1_100_000)}`),
    ["metadata.gce-container-declaration unreadable is longer"],
  ],
  [
    "YAML of nothing but complex keys",
    instance,
    declaration("? ".repeat(5_000)),
    ["metadata.gce-container-declaration unreadable has more"],
  ],
  [
    "YAML of several documents",
    instance,
    declaration("a: 1\n---\nspec: {containers: [{image: nginx}]}\n"),
    ["metadata.gce-container-declaration unreadable"],
  ],
  [
    "YAML that is no map",
    instance,
    declaration("just text"),
    ["metadata.gce-container-declaration unreadable is a string"],
  ],
  [
    "an alias to nothing",
    instance,
    declaration("spec: *none"),
    ["metadata.gce-container-declaration unreadable"],
  ],
  [
    "a Dockerfile of a megabyte",
    build,
    inline("FROM a:1\n".repeat(120_000)),
    ["dockerfile.inline unreadable is longer"],
  ],
  [
    "a Dockerfile of nothing but variables",
    build,
    inline(`FROM ${"${a:-".repeat(10_000)}`),
    ['dockerfile.inline["line 1"] unreadable'],
  ],
  ["a Dockerfile that is none", build, inline("\u0000\u0001 {}\n"), []],
  ["HCL that opens comments", nomad, { jobspec: "/*".repeat(400_000) }, ["jobspec unreadable"]],
  ["HCL that opens heredocs", nomad, { jobspec: "<<A\n".repeat(200_000) }, ["jobspec unreadable"]],
  ["HCL that opens strings", nomad, { jobspec: `"${'\\"'.repeat(400_000)}` }, ["jobspec unreadable"]],
  [
    "base64 of nothing but padding",
    webApp,
    { siteConfig: { linuxFxVersion: `COMPOSE|${"=".repeat(500_000)}x` } },
    ["siteConfig.linuxFxVersion unreadable"],
  ],
  [
    "a flag without an end",
    pod,
    { spec: { containers: [{ image: "a", args: [`--${"a".repeat(1_000_000)}`] }] } },
    ["spec.containers[0].image untagged"],
  ],
  [
    "a registry of nothing but slashes",
    release,
    { values: { image: { registry: `${"/".repeat(500_000)}x`, repository: "a", tag: "1" } } },
    ["values.image malformed"],
  ],
  [
    "names of Object's own",
    custom,
    { spec: { constructor: 1, toString: { containers: "x" }, hasOwnProperty: null } },
    [],
  ],
  [
    "a name that no path shows whole",
    custom,
    { spec: { ["x".repeat(5_000)]: { containers: [{ name: "a", image: "a:1" }] } } },
    [`spec.${"x".repeat(10)}`],
  ],
];

describe("hostile properties", function () {
  // The machine may be busy; what must not happen takes minutes or forever.
  this.timeout(30_000);

  for (const [name, token, properties, lines] of cases) {
    it(`are survived and reported: ${name}`, () => {
      const found = findImages(token, properties).map(foundLine);
      const starts = found.map((line, index) => line.slice(0, lines[index]?.length ?? 200));
      assert.deepEqual(starts, lines);
      assert.doesNotThrow(() => findContainers(token, properties));
      if (!hasCycle(properties))
        assert.doesNotThrow(() => pinImagesIn(token, behindPolicyProxy(properties), () => digest));
    });
  }

  it("10,000 containers are found, pinned, and found pinned", () => {
    const containers = Array.from({ length: 10_000 }, (_, i) => ({ name: `c${i}`, image: `app-${i}:1` }));
    for (const [token, properties] of [
      [pod, { spec: { containers } }],
      [custom, { spec: { deep: { containers } } }],
    ] as const) {
      const given = structuredClone(properties);
      assert.equal(pinImagesIn(token, given, () => digest).length, 10_000);
      const kinds = new Set(findImages(token, given).map(({ state }: FoundImage) => state.kind));
      assert.deepEqual([...kinds], ["digest"]);
      assert.equal(findContainers(token, given).length, 10_000);
    }
  });

  it("a JSON string of a megabyte is read and rewritten at its images alone", () => {
    const filler = "x".repeat(1_000);
    const definitions = Array.from({ length: 1_000 }, (_, i) => ({
      name: `c${i}`,
      image: `app:${i}`,
      filler,
    }));
    const text = JSON.stringify(definitions, null, 1);
    const properties = { containerDefinitions: text };
    assert.equal(pinImagesIn(task, properties, () => digest).length, 1_000);
    assert.equal(properties.containerDefinitions.replaceAll(`@${digest}`, ""), text);
  });

  it("a search that finds too much says where it stopped", () => {
    const spec = Array.from({ length: 250_000 }, () => ({ a: 1 }));
    const found = findImages(custom, { spec });
    assert.deepEqual(
      found.map(({ state }) => state.kind),
      ["unreadable"],
    );
  });
});

function hasCycle(value: unknown): boolean {
  try {
    JSON.stringify(value);
    return false;
  } catch {
    return true;
  }
}
